"""What the session remembers between the steps of an entry."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from consultation.accounts import queries
from consultation.accounts.models import User
from consultation.accounts.rules.sessions import LINK_LIFE, RESEND_AFTER
from consultation.accounts.views.desk import destination
from consultation.db import db
from consultation.web.frame import now


def remember_asking(email: str) -> None:
    """Note that this browser has just asked for a letter to ``email``."""
    session["asked"] = {"email": email, "at": int(now().timestamp())}


def asked_email() -> str | None:
    """Return the address this browser asked a letter for, while the letter is valid."""
    asked = session.get("asked")
    if not isinstance(asked, dict) or now() - _moment(asked) >= LINK_LIFE:
        return None
    email = asked.get("email")
    return email if isinstance(email, str) else None


def just_asked(email: str) -> bool:
    """Whether this browser asked a letter for ``email`` less than a minute ago."""
    asked = session.get("asked")
    return asked_email() == email and now() - _moment(asked) < RESEND_AFTER


def waiting_page() -> str:
    """Return the address of the page where the code can be typed."""
    return url_for("accounts.link_sent", suite=destination())


def ask_second_factor(user: User, by: str, path: str | None) -> ResponseReturnValue:
    """Remember who gave a first factor, and lead them to the page of the second."""
    session.clear()
    session["pending"] = {
        "who": user.get_id(),
        "by": by,
        "path": path,
        "at": int(now().timestamp()),
    }
    return redirect(url_for("accounts.give_second_factor"), 303)


def pending() -> tuple[User, str, str | None] | None:
    """Return who gave a first factor lately, how, and where they were going; or ``None``."""
    kept = session.get("pending")
    if not isinstance(kept, dict) or now() - _moment(kept) >= LINK_LIFE:
        return None
    number, _, version = str(kept.get("who")).partition(":")
    user = queries.for_session(db.session, int(number), int(version))
    return (user, kept["by"], kept["path"]) if user else None


def _moment(kept: object) -> datetime:
    at = kept.get("at", 0) if isinstance(kept, dict) else 0
    return datetime.fromtimestamp(at, UTC)
