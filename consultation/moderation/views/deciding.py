"""Decide about a comment, answer an appeal."""

from __future__ import annotations

from flask import flash, g, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.comments import queries as comments
from consultation.comments.models import Comment
from consultation.db import db
from consultation.moderation import actions, appeals, claims, rules
from consultation.moderation.desk import MeanwhileError
from consultation.moderation.forms import DecisionForm, JudgementForm
from consultation.moderation.models import Appeal
from consultation.moderation.views.bench import blueprint, desk
from consultation.moderation.views.queue import MODERATOR, Typed, address, next_after, page
from consultation.tasks.queue import wake
from consultation.web.frame import now
from consultation.web.refusals import refuse


@blueprint.post("/espace/<slug>/moderation/<int:number>/decider")
@MODERATOR
def decide(slug: str, number: int) -> ResponseReturnValue:
    """Save a decision and open the next comment."""
    comment, form = _comment(number), DecisionForm()
    if not form.validate():
        return page(Typed(number, decision=form)), 422
    following = next_after(number)
    verdict = actions.Verdict(
        form.verdict.data,
        form.grounds.data or [],
        form.message.data or "",
        int(form.revision.data or 0),
    )
    try:
        decision = actions.decide(desk(), comment, verdict, moderator_id=current_user.id)
    except rules.ConflictError as conflict:
        refuse(403, f"{conflict.sentence}.")
    except rules.Refused as refused:
        db.session.rollback()
        form[refused.field].errors = [refused.sentence]
        return page(Typed(number, decision=form)), 422
    except MeanwhileError:
        db.session.rollback()
        return page(Typed(number, meanwhile=True)), 409
    return _go_on(rules.OUTCOMES[decision.outcome], following)


@blueprint.post("/espace/<slug>/moderation/recours/<int:number>")
@MODERATOR
def judge(slug: str, number: int) -> ResponseReturnValue:
    """Answer an appeal and open the next comment."""
    appeal = db.session.get(Appeal, number)
    if appeal is None or appeal.consultation_id != g.consultation.id:
        raise NotFound
    comment, form = _comment(appeal.comment_id), JudgementForm()
    if not form.validate():
        return page(Typed(comment.id, judgement=form)), 422
    following = next_after(comment.id)
    try:
        appeals.judge(
            desk(),
            comment,
            appeal,
            upheld=form.upheld.data == "yes",
            answer=form.answer.data or "",
            judge_id=current_user.id,
        )
    except rules.ConflictError as conflict:
        refuse(403, f"{conflict.sentence}.")
    except rules.Refused as refused:
        db.session.rollback()
        form[refused.field].errors = [refused.sentence]
        return page(Typed(comment.id, judgement=form)), 422
    except MeanwhileError:
        db.session.rollback()
        return page(Typed(comment.id, meanwhile=True)), 409
    return _go_on("Réponse au recours enregistrée", following)


def _go_on(notice: str, following: int | None) -> ResponseReturnValue:
    if following is not None:
        claims.claim(db.session, following, current_user.id, now())
    db.session.commit()
    wake("mail")
    flash(f"{notice}.", "ok")
    return redirect(address(following), 303)


def _comment(number: int) -> Comment:
    comment = comments.by_id(db.session, number)
    if comment is None or comment.consultation_id != g.consultation.id:
        raise NotFound
    return comment
