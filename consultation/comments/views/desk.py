"""What the pages of the room share: the blueprint, who finds what, how a form is offered."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.comments import queries, rules
from consultation.comments.forms import CommentForm, VisitorForm
from consultation.comments.models import Comment
from consultation.consultations.models import Consultation
from consultation.consultations.queries import by_slug
from consultation.consultations.rules import phase
from consultation.db import db
from consultation.settings import Settings
from consultation.web.frame import now

blueprint = Blueprint("comments", __name__)
Again = Callable[[Any], str]
LABELS = {"positions": rules.POSITIONS, "grounds": rules.GROUNDS}
WAITING = "Commentaire envoyé. Il est publié après relecture, sous 2 jours ouvrés."


def settings() -> Settings:
    """Return the settings of this application."""
    found: Settings = current_app.extensions["settings"]
    return found


def viewer() -> int | None:
    """Return who reads, ``None`` for a visitor."""
    return current_user.id if current_user.is_authenticated else None


def published(slug: str) -> Consultation:
    """Return the published consultation of the address, or a 404."""
    consultation = by_slug(db.session, slug)
    if consultation is None or consultation.state != "published":
        raise NotFound
    return consultation


def answerable(consultation: Consultation, number: int) -> Comment:
    """Return the published comment of the address, or a 404."""
    comment = queries.by_id(db.session, number)
    if comment is None or comment.consultation_id != consultation.id:
        raise NotFound
    if comment.state != "published":
        raise NotFound
    return comment


def check_open(consultation: Consultation) -> None:
    """Raise :class:`rules.Refused` unless whoever asks may comment now."""
    rules.check_open(
        consultation.comments_mode,
        phase(consultation, now()),
        signed_in=current_user.is_authenticated,
    )


def comment_form(*typed: None) -> CommentForm:
    """Return the form of whoever asks, as typed in this request, or blank with ``None``."""
    return CommentForm(*typed) if current_user.is_authenticated else VisitorForm(*typed)


def offer(consultation: Consultation, form: CommentForm | None = None) -> dict[str, Any]:
    """Return what the templates need to draw comments and, while they are open, the form."""
    closed = None
    try:
        check_open(consultation)
        form = form or comment_form(None)
        _give_ticket(form)
    except rules.Refused as refused:
        closed = refused.sentence
    return {
        "consultation": consultation,
        "form": form,
        "closed": closed,
        "look": rules.look,
        "labels": LABELS,
    }


def _give_ticket(form: CommentForm) -> None:
    """Let ``form`` be sent, with the ticket it came with or a new one for a worthless one."""
    secret_key = settings().secret_key
    if rules.shown_at(form.ticket.data or "", secret_key) is None:
        form.ticket.data = rules.ticket(secret_key, now(), secrets.token_hex(16))


def summary(form: Any, *, closed: bool = False) -> list[tuple[str, str]]:
    """Return the errors of ``form``; when it is not drawn, they lead to the discussion."""
    found = form.summary() if form is not None else []
    return [("debat", sentence) for _, sentence in found] if closed else found


def refused_again(refused: rules.Refused, form: Any, again: Again) -> ResponseReturnValue:
    """Undo, and show the form again with what ``refused`` says."""
    db.session.rollback()
    field = form[refused.field] if refused.field in form.data else form.text
    field.errors = [*field.errors, refused.sentence]
    if isinstance(refused, rules.TooFastError):
        return again(form), 429, {"Retry-After": str(refused.seconds)}
    return again(form), 422
