"""Contest a decision, and judge the appeal. The caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultation.comments.actions import set_state
from consultation.comments.models import Comment
from consultation.comments.rules import may_become
from consultation.moderation import rules
from consultation.moderation.desk import Desk, MeanwhileError
from consultation.moderation.models import Appeal, Decision


def contest(desk: Desk, comment: Comment, decision: Decision, text: str) -> Appeal:
    """Open an appeal against ``decision``; raise :class:`rules.Refused` when it may not be."""
    known = desk.session.scalar(select(Appeal.id).where(Appeal.decision_id == decision.id))
    rules.check_appeal(decision, desk.now, already=known is not None)
    appeal = Appeal(
        decision_id=decision.id,
        comment_id=comment.id,
        consultation_id=comment.consultation_id,
        text=text,
        created_at=desk.now,
        state="open",
    )
    try:
        with desk.session.begin_nested():
            desk.session.add(appeal)
    except IntegrityError as error:
        raise rules.Refused("text", rules.ALREADY_CONTESTED) from error
    desk.journal(comment, "contest_decision", comment.author_id, {"decision": decision.id})
    return appeal


def judge(
    desk: Desk, comment: Comment, appeal: Appeal, *, upheld: bool, answer: str, judge_id: int
) -> Decision:
    """Answer an appeal; when it is upheld the comment is published.

    Raise :class:`rules.Refused` for the first moderator or without an answer to a rejection,
    :class:`MeanwhileError` when a colleague has answered.
    """
    contested = desk.session.get_one(Decision, appeal.decision_id)
    rules.check_judge(contested, comment.author_id, judge_id)
    if not upheld and not answer.strip():
        raise rules.Refused("answer", "Expliquez à l’auteur pourquoi la décision est confirmée")
    _answer(desk.session, appeal, upheld, answer, judge_id, desk.now)
    if upheld:
        _restore(desk, comment, judge_id)
    decision = Decision(
        consultation_id=comment.consultation_id,
        comment_id=comment.id,
        moderator_id=judge_id,
        outcome="restored" if upheld else "confirmed",
        grounds=[] if upheld else contested.grounds,
        message=answer,
        revision=comment.revision,
        decided_at=desk.now,
        waited_seconds=max(0, int((desk.now - appeal.created_at).total_seconds())),
    )
    desk.session.add(decision)
    desk.session.flush()
    desk.to_appellant(comment, appeal)
    details = {"upheld": upheld, "contested": contested.id, "decision": decision.id}
    desk.journal(comment, "judge_appeal", judge_id, details)
    return decision


def _restore(desk: Desk, comment: Comment, judge_id: int) -> None:
    """Publish the comment, unless its author has sent it again and it already is."""
    if may_become(comment.state, "published") and not set_state(
        desk.session, comment, "published", actor_id=judge_id, now=desk.now
    ):
        raise MeanwhileError


def _answer(
    session: Session, appeal: Appeal, upheld: bool, answer: str, judge_id: int, now: datetime
) -> None:
    answered = session.execute(
        update(Appeal)
        .where(Appeal.id == appeal.id, Appeal.state == "open")
        .values(
            state="upheld" if upheld else "rejected",
            judge_id=judge_id,
            answer=answer,
            decided_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    if answered.rowcount != 1:  # type: ignore[attr-defined]
        raise MeanwhileError
    session.refresh(appeal)
