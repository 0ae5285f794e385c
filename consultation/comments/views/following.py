"""The page of one comment, for its author: confirm it, see where it stands, send it again."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.comments import actions, queries, rules, standing
from consultation.comments.forms import ResendForm
from consultation.comments.models import Comment
from consultation.comments.views.desk import (
    LABELS,
    WAITING,
    blueprint,
    refused_again,
    settings,
    summary,
)
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.web.access import public
from consultation.web.frame import now, render
from consultation.web.refusals import refuse
from consultation.web.security import leave_out_of_search_engines

MEANWHILE = "Ce commentaire a changé entre-temps. Rechargez la page avant de l’envoyer."
TOO_LATE = "Ce lien n’est plus valable. Écrivez de nouveau votre commentaire."


@blueprint.get("/commentaires/<int:number>/confirmer/<token>")
@public
def confirmation(number: int, token: str) -> ResponseReturnValue:
    """Show what is to be confirmed; nothing changes until the button is pressed."""
    comment = _of_visitor(number, token)
    if comment.state != "unconfirmed":
        return redirect(_page_of(comment, token))
    leave_out_of_search_engines()
    return render("comments/confirm.html", comment=comment)


@blueprint.post("/commentaires/<int:number>/confirmer/<token>")
@public
def confirm(number: int, token: str) -> ResponseReturnValue:
    """Send a visitor's comment to moderation."""
    comment = _of_visitor(number, token)
    if actions.confirm(db.session, comment, now()):
        db.session.commit()
        flash(WAITING, "ok")
    elif comment.state == "unconfirmed":
        refuse(410, TOO_LATE)
    return redirect(_page_of(comment, token), 303)


@blueprint.get("/commentaires/<int:number>")
@public
def follow(number: int) -> ResponseReturnValue:
    """Show where a comment stands, why, and what its author can do."""
    return _follow(own_comment(number))


@blueprint.post("/commentaires/<int:number>")
@public
def send_again(number: int) -> ResponseReturnValue:
    """Send a changed comment back to moderation."""
    comment, form = own_comment(number), ResendForm()
    form.answers(comment.parent_id)
    revision = form.revision.data or ""
    if not form.validate() or not (revision.isascii() and revision.isdecimal()):
        return _follow(comment, form), 422
    try:
        sent = actions.send_again(
            db.session, comment, form.words(), revision=int(revision[:9]), now=now()
        )
    except rules.Refused as refused:
        return refused_again(refused, form, lambda form: _follow(comment, form))
    if not sent:
        db.session.rollback()
        refuse(409, MEANWHILE)
    db.session.commit()
    flash(WAITING, "ok")
    return redirect(_page_of(comment, request.args.get("jeton")), 303)


def own_comment(number: int) -> Comment:
    """Return the comment of the person who asks: by their account, or by the letter they got.

    Anybody else sees a 404: whether there is such a comment is not said.
    """
    comment = queries.by_id(db.session, number)
    if comment is None:
        raise NotFound
    signed_in = current_user.is_authenticated and comment.author_id == current_user.id
    if not signed_in and not _proves(request.args.get("jeton", ""), comment):
        raise NotFound
    leave_out_of_search_engines()
    return comment


def _of_visitor(number: int, token: str) -> Comment:
    comment = queries.by_id(db.session, number)
    if comment is None or not _proves(token, comment):
        raise NotFound
    return comment


def _proves(token: str, comment: Comment) -> bool:
    return comment.author_email is not None and rules.is_visitor_token(
        token, settings().secret_key, comment.id, comment.author_email
    )


def _page_of(comment: Comment, token: str | None) -> str:
    return url_for("comments.follow", number=comment.id, jeton=token)


def _follow(comment: Comment, form: ResendForm | None = None) -> str:
    consultation = db.session.get_one(Consultation, comment.consultation_id)
    typed = {"text": comment.text, "position": comment.position, "revision": comment.revision}
    editable = rules.may_edit(comment.state)
    return render(
        "comments/follow.html",
        comment=comment,
        consultation=consultation,
        form=(form or ResendForm(None, data=typed)) if editable else None,
        standing=standing.standing_of(db.session, comment, request.args.get("jeton", "")),
        labels=LABELS,
        errors=summary(form, closed=not editable),
    )
