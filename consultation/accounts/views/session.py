"""Flask-Login's wiring: who the session belongs to, and how a session opens and closes."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, current_app, session
from flask_login import LoginManager, login_user

from consultation.accounts import queries
from consultation.accounts.hashing import quick, strong
from consultation.accounts.keys import Keys
from consultation.accounts.models import User
from consultation.accounts.rules.sessions import is_over
from consultation.accounts.vault import Vault
from consultation.db import db
from consultation.web.frame import now
from consultation.web.refusals import refuse


def init_app(app: Flask) -> None:
    """Recognise people by their session, and keep what signing in needs."""
    settings = app.extensions["settings"]
    hashing = quick() if settings.environment == "test" else strong()
    app.extensions["vault"] = Vault(Keys(settings.secret_key), hashing)
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(person_of)


def person_of(identifier: str) -> User | None:
    """Return the person of the session cookie, or ``None`` when the session is over."""
    number, _, version = identifier.partition(":")
    if not (_is_number(number) and _is_number(version)):
        return None
    user = queries.for_session(db.session, int(number), int(version))
    if user is None or is_over(_since(), user.staff, now()):
        return None
    if second_factor_required(user) and not session.get("second_factor"):
        return None
    return user


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def second_factor_required(user: User) -> bool:
    """Whether the settings ask a second factor of ``user``."""
    required: bool = current_app.extensions["settings"].staff_second_factor
    return required and user.staff


def open_session(user: User, *, by: str, second_factor: bool = False) -> None:
    """Open a new session for ``user``; nothing of the session before is left in it.

    ``by`` says how the person came in: ``password``, ``letter`` or ``invitation``.
    """
    session.clear()
    login_user(user)
    session["since"] = int(now().timestamp())
    session["by"] = by
    if second_factor:
        session["second_factor"] = True


def refresh_session(user: User) -> None:
    """Keep this session when every other one of ``user`` has just been ended."""
    session["_user_id"] = user.get_id()


def came_in_by_letter_since() -> datetime | None:
    """Return when this session was opened by a letter, or ``None``."""
    return _since() if session.get("by") == "letter" else None


def check_address_proved() -> None:
    """Refuse to secure an account entered by an invitation: its letter may have been forwarded."""
    if session.get("by") == "invitation":
        refuse(
            403,
            "Déconnectez-vous, puis revenez avec un lien de connexion reçu par courriel\u00a0: "
            "il prouve que l’adresse est la vôtre.",
        )


def _since() -> datetime:
    since = session.get("since")
    return datetime.fromtimestamp(since if isinstance(since, int) else 0, UTC)
