"""Write a comment, answer one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consultation.comments import actions, letters, rules
from consultation.comments.forms import CommentForm, VisitorForm
from consultation.comments.models import Comment
from consultation.comments.views.desk import (
    WAITING,
    Again,
    answerable,
    blueprint,
    check_open,
    comment_form,
    offer,
    published,
    refused_again,
    settings,
    summary,
)
from consultation.comments.views.reading import index_page
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.mail.actions import post
from consultation.tasks.queue import wake
from consultation.web.access import ask_to_sign_in, public
from consultation.web.frame import now, render
from consultation.web.limits import limiter
from consultation.web.preferences import translated

VISITORS_PACE = limiter.limit(
    "20 per hour", exempt_when=lambda: current_user.is_authenticated, methods=["POST"]
)


@blueprint.post("/consultations/<slug>/commentaires")
@public
@VISITORS_PACE
def add(slug: str) -> ResponseReturnValue:
    """Write a comment."""
    consultation = published(slug)
    return _add(consultation, None, lambda form: index_page(consultation, form))


@blueprint.get("/consultations/<slug>/commentaires/<int:number>/repondre")
@public
def reply(slug: str, number: int) -> ResponseReturnValue:
    """Show the comment to answer and the form."""
    consultation = published(slug)
    return _reply(consultation, answerable(consultation, number))


@blueprint.post("/consultations/<slug>/commentaires/<int:number>/repondre")
@public
@VISITORS_PACE
def add_reply(slug: str, number: int) -> ResponseReturnValue:
    """Answer a comment."""
    consultation = published(slug)
    parent = answerable(consultation, number)
    return _add(consultation, parent, lambda form: _reply(consultation, parent, form))


@blueprint.get("/consultations/<slug>/commentaires/a-confirmer")
@public
def to_confirm(slug: str) -> ResponseReturnValue:
    """Tell a visitor to open the letter."""
    return render("comments/to_confirm.html", consultation=published(slug))


def _add(consultation: Consultation, parent: Comment | None, again: Again) -> ResponseReturnValue:
    if consultation.comments_mode == "members" and not current_user.is_authenticated:
        return ask_to_sign_in()
    form = comment_form()
    form.answers(parent.id if parent is not None else None)
    try:
        check_open(consultation)
        if not form.validate():
            return again(form), 422
        _check_shown(form)
        comment = _write(consultation, parent, form)
    except rules.Refused as refused:
        return refused_again(refused, form, again)
    if comment is not None and comment.state == "unconfirmed":
        _ask_to_confirm(consultation, comment)
    db.session.commit()
    return _after(consultation, comment)


def _check_shown(form: CommentForm) -> None:
    """Keep programs out: a form that was never shown, or that a person cannot have filled."""
    shown = rules.shown_at(form.ticket.data or "", settings().secret_key)
    if shown is None:
        raise rules.Refused("text", "Cette page est ouverte depuis longtemps. Envoyez à nouveau")
    if isinstance(form, VisitorForm):
        if form.website.data:
            raise rules.Refused("text", "Relisez votre commentaire, puis envoyez à nouveau")
        if now() - shown < rules.FASTEST_VISITOR:
            raise rules.Refused("text", "Relisez votre commentaire, puis envoyez à nouveau")


def _write(consultation: Consultation, parent: Comment | None, form: CommentForm) -> Comment | None:
    return actions.add(
        db.session,
        consultation.id,
        _author(form),
        form.words(),
        parent=parent,
        ticket=form.ticket.data or "",
        now=now(),
    )


def _author(form: CommentForm) -> actions.Author:
    if isinstance(form, VisitorForm):
        return actions.Author(None, form.signature, form.address)
    organisation = current_user.organisation
    return actions.Author(
        current_user.id,
        current_user.display_name,
        None,
        organisation.name if organisation else None,
    )


def _ask_to_confirm(consultation: Consultation, comment: Comment) -> None:
    email = comment.author_email or ""
    token = rules.visitor_token(settings().secret_key, comment.id, email)
    path = url_for("comments.confirmation", number=comment.id, token=token)
    title = translated(consultation.title)
    subject, text = letters.confirm(title, comment.text, f"{settings().public_url}{path}")
    key = f"confirm-comment:{comment.id}"
    post(db.session, key=key, to=email, subject=subject, text=text, now=now())


def _after(consultation: Consultation, comment: Comment | None) -> ResponseReturnValue:
    if not current_user.is_authenticated:
        wake("mail")
        return redirect(url_for("comments.to_confirm", slug=consultation.slug), 303)
    flash(WAITING, "ok")
    anchor = f"commentaire-{comment.id}" if comment else "debat"
    return redirect(url_for("comments.index", slug=consultation.slug, _anchor=anchor), 303)


def _reply(consultation: Consultation, parent: Comment, form: CommentForm | None = None) -> str:
    offered = offer(consultation, form)
    return render(
        "comments/reply.html",
        discussion=offered,
        consultation=consultation,
        parent=parent,
        errors=summary(form, closed=bool(offered["closed"])),
    )
