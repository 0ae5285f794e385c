"""An author contests a decision."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.comments.models import Comment
from consultation.comments.views.following import own_comment
from consultation.db import db
from consultation.moderation import appeals, queries, rules
from consultation.moderation.forms import AppealForm
from consultation.moderation.models import Decision
from consultation.moderation.views.bench import LABELS, blueprint, desk
from consultation.web.access import public
from consultation.web.frame import render


@blueprint.get("/commentaires/<int:number>/contester")
@public
def contest(number: int) -> ResponseReturnValue:
    """Show the decision and the form."""
    comment = own_comment(number)
    return _page(comment, _decision(comment), AppealForm(None))


@blueprint.post("/commentaires/<int:number>/contester")
@public
def send_appeal(number: int) -> ResponseReturnValue:
    """Open an appeal."""
    comment, form = own_comment(number), AppealForm()
    decision = _decision(comment)
    if not form.validate():
        return _page(comment, decision, form), 422
    try:
        appeals.contest(desk(), comment, decision, form.text.data or "")
    except rules.Refused as refused:
        db.session.rollback()
        form.text.errors = [refused.sentence]
        return _page(comment, decision, form), 422
    db.session.commit()
    flash("Recours enregistré. Un autre modérateur vous répond par courriel.", "ok")
    jeton = request.args.get("jeton")
    return redirect(url_for("comments.follow", number=number, jeton=jeton), 303)


def _decision(comment: Comment) -> Decision:
    found = queries.contestable(db.session, comment.id)
    if found is None:
        raise NotFound
    return found[0]


def _page(comment: Comment, decision: Decision, form: AppealForm) -> str:
    return render(
        "moderation/contest.html",
        comment=comment,
        decision=decision,
        until=rules.appeal_until(decision),
        form=form,
        labels=LABELS,
        errors=form.summary(),
    )
