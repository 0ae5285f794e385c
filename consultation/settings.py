"""Typed settings, read once from the environment; a wrong one stops the start with a sentence."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Environment = Literal["demonstration", "production", "test"]
DEMONSTRATION_SECRET = "demonstration-only-not-a-secret"  # noqa: S105
ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which one and what to set."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes and hosts the site, for the legal notice; an empty text is not known yet."""

    name: str = ""
    legal_form: str = ""
    registration: str = ""
    address: str = ""
    phone: str = ""
    director: str = ""
    data_protection_email: str = ""
    host_name: str = ""
    host_address: str = ""
    host_phone: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the platform. Durations are in the unit their name ends with."""

    environment: Environment
    secret_key: str
    database_url: str
    instance_path: Path
    files_path: Path
    public_url: str
    smtp_url: str | None
    mail_sender: str
    redis_url: str | None
    demo_password: str | None
    contact_email: str
    log_retention_days: int
    port: int
    workers: int
    trusted_proxies: int = 0
    host: str = "127.0.0.1"
    staff_second_factor: bool = False
    publisher: Publisher = Publisher()

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def cookies_secure(self) -> bool:
        return self.public_url.startswith("https://")


def load(environ: Mapping[str, str]) -> Settings:
    """Read every setting from ``environ``; raise :class:`SettingsError` on the first wrong one."""
    environment = _environment(environ)
    instance = Path(environ.get("INSTANCE_PATH") or ROOT / "instance").absolute()
    port = _whole(environ, "PORT", 5000, 0, 65535)
    return Settings(
        environment=environment,
        secret_key=_secret_key(environ, environment),
        database_url=_database_url(environ, instance),
        instance_path=instance,
        files_path=Path(environ.get("FILES_PATH") or instance / "files").absolute(),
        public_url=_public_url(environ, environment, port),
        smtp_url=_smtp_url(environ, environment),
        mail_sender=environ.get("MAIL_SENDER") or "ne-pas-repondre@example.org",
        redis_url=environ.get("REDIS_URL") or None,
        demo_password=environ.get("DEMO_PASSWORD") or None,
        contact_email=environ.get("CONTACT_EMAIL") or "contact@example.org",
        log_retention_days=_whole(environ, "LOG_RETENTION_DAYS", 180, 180, 365),
        port=port,
        workers=_whole(environ, "WORKERS", 2, 1, 64),
        host=environ.get("HOST") or "127.0.0.1",
        staff_second_factor=_staff_second_factor(environ, environment),
        trusted_proxies=_whole(environ, "TRUSTED_PROXIES", 0, 0, 5),
        publisher=_publisher(environ),
    )


def _staff_second_factor(environ: Mapping[str, str], environment: Environment) -> bool:
    """Whether people with a role must give a second factor: always in production."""
    value = environ.get("STAFF_SECOND_FACTOR") or ("yes" if environment == "production" else "no")
    if value not in ("yes", "no"):
        raise SettingsError("Set STAFF_SECOND_FACTOR to yes or no.")
    if environment == "production" and value == "no":
        raise SettingsError("Unset STAFF_SECOND_FACTOR: production always requires it of staff.")
    return value == "yes"


def _publisher(environ: Mapping[str, str]) -> Publisher:
    names = (field.name for field in fields(Publisher))
    return Publisher(**{name: environ.get(f"PUBLISHER_{name.upper()}", "") for name in names})


def _environment(environ: Mapping[str, str]) -> Environment:
    value = environ.get("ENVIRONMENT") or "demonstration"
    if value not in ("demonstration", "production", "test"):
        raise SettingsError("Set ENVIRONMENT to demonstration or production.")
    return value  # type: ignore[return-value]


def _secret_key(environ: Mapping[str, str], environment: Environment) -> str:
    key = environ.get("SECRET_KEY") or ""
    if environment != "production":
        return key or DEMONSTRATION_SECRET
    if len(key) < 32 or key == DEMONSTRATION_SECRET:
        raise SettingsError(
            "Set SECRET_KEY to at least 32 random characters of your own, for example "
            f"{secrets.token_urlsafe(32)}"
        )
    if environ.get("DEMO_PASSWORD"):
        raise SettingsError("Unset DEMO_PASSWORD: production has no demonstration accounts.")
    return key


_SQLITE = "sqlite:///"


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    url = environ.get("DATABASE_URL") or "sqlite:///consultation.sqlite3"
    file = url.removeprefix(_SQLITE)
    if url.startswith("postgresql+psycopg://"):
        return url
    # Without a file, each thread of each worker would have a database of its own.
    if file == url or not file or file.startswith((":memory:", "?")):
        raise SettingsError(
            "Set DATABASE_URL to sqlite:///path/to/file.sqlite3 "
            "or postgresql+psycopg://user:password@host/database."
        )
    return f"{_SQLITE}{instance / file}"


def _public_url(environ: Mapping[str, str], environment: Environment, port: int) -> str:
    url = (environ.get("PUBLIC_URL") or "").rstrip("/")
    if environment == "production" and not url.startswith("https://"):
        raise SettingsError("Set PUBLIC_URL to the https:// address that people will type.")
    return url or f"http://127.0.0.1:{port}"


def _smtp_url(environ: Mapping[str, str], environment: Environment) -> str | None:
    url = environ.get("SMTP_URL") or ""
    if environment == "production" and not url:
        raise SettingsError("Set SMTP_URL, for example smtp://user:password@mail.example.org:587.")
    if url and (urlsplit(url).scheme not in ("smtp", "smtps") or not urlsplit(url).hostname):
        raise SettingsError("Set SMTP_URL to smtp://host:port or smtps://user:password@host:port.")
    return url or None


def _whole(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not low <= int(text) <= high:
        raise SettingsError(f"Set {name} to a whole number from {low} to {high}.")
    return int(text)
