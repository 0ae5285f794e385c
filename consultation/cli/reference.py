"""What each setting is for: the documentation of the environment variables."""

from __future__ import annotations

from dataclasses import dataclass, fields

from consultation.settings import Publisher


@dataclass(frozen=True, slots=True)
class Entry:
    """One environment variable: the field it fills, what it says, whether it stays hidden."""

    name: str
    field: str
    text: str
    secret: bool = False


ENTRIES = (
    Entry("ENVIRONMENT", "environment", "demonstration (default) or production"),
    Entry(
        "SECRET_KEY",
        "secret_key",
        "what sessions, links and units are keyed with; 32 random characters in production",
        secret=True,
    ),
    Entry(
        "DATABASE_URL",
        "database_url",
        "sqlite:///file (default, in INSTANCE_PATH) or postgresql+psycopg://user:password@host/db",
        secret=True,
    ),
    Entry("INSTANCE_PATH", "instance_path", "the folder of everything written (default instance/)"),
    Entry("FILES_PATH", "files_path", "the folder of documents and attached files"),
    Entry("PUBLIC_URL", "public_url", "the address people type; https in production"),
    Entry("SMTP_URL", "smtp_url", "smtp:// or smtps:// server; else letters go to files", True),
    Entry("MAIL_SENDER", "mail_sender", "the address letters come from"),
    Entry("REDIS_URL", "redis_url", "where several nodes share limits and the queue", True),
    Entry("DEMO_PASSWORD", "demo_password", "password of the demonstration's accounts", True),
    Entry("CONTACT_EMAIL", "contact_email", "the address shown under « contact »"),
    Entry("LOG_RETENTION_DAYS", "log_retention_days", "days that logs are kept, 180 to 365"),
    Entry("PORT", "port", "the port the server listens on (default 5000)"),
    Entry("HOST", "host", "the address the server listens on (default 127.0.0.1)"),
    Entry("WORKERS", "workers", "processes that serve pages, 1 to 64 (default 2)"),
    Entry("TRUSTED_PROXIES", "trusted_proxies", "proxies in front, whose headers are believed"),
    Entry(
        "STAFF_SECOND_FACTOR",
        "staff_second_factor",
        "yes or no: whether people with a role need a second factor; always yes in production",
    ),
    *(
        Entry(
            f"PUBLISHER_{field.name.upper()}",
            f"publisher.{field.name}",
            f"legal notice: {field.name.replace('_', ' ')}",
        )
        for field in fields(Publisher)
    ),
)
"""Every variable that ``settings.load`` reads."""
