"""What the pages of the accounts share: the blueprint, the vault, who is at the door."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import Blueprint, current_app, request, session
from flask.typing import ResponseReturnValue

from consultation.accounts.entry import Visit
from consultation.accounts.rules.attempts import minutes_left
from consultation.accounts.rules.naming import neighbourhood
from consultation.accounts.vault import Vault
from consultation.web.asking import is_local, local_path
from consultation.web.frame import now
from consultation.web.typography import plural

blueprint = Blueprint("accounts", __name__)
SPACE = "/moi"


def vault() -> Vault:
    """Return the keys and the hashing of this application."""
    found: Vault = current_app.extensions["vault"]
    return found


def network() -> str:
    """Return where the visitor comes from, as the counts of tries know it."""
    return neighbourhood(request.remote_addr)


def destination() -> str | None:
    """Return the local address to open after the sign-in, if a good one was given."""
    path = request.args.get("suite")
    return path if is_local(path) and path is not None and len(path) <= 500 else None


def after(path: str | None) -> str:
    """Return where to go once signed in."""
    return local_path(path, SPACE)


def browser() -> str:
    """Return the random value this browser keeps in its session, given on the first call."""
    value: str = session.setdefault("browser", secrets.token_urlsafe(16))
    return value


def visit() -> Visit:
    """Describe this request to the actions of entry."""
    settings = current_app.extensions["settings"]
    return Visit(browser(), destination(), settings.public_url, now())


def patience(until: datetime) -> str:
    """Return the sentence that says how long to wait."""
    left = plural(minutes_left(until, now()), "minute", "minutes")
    return f"Trop de tentatives. Réessayez dans {left}, ou demandez un lien par courriel"


def too_many(page: str, until: datetime) -> ResponseReturnValue:
    """Answer ``page`` with the status of too many tries and the seconds to wait."""
    seconds = max(1, round((until - now()).total_seconds()))
    return page, 429, {"Retry-After": str(seconds)}
