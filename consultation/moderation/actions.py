"""Decide about a comment. The caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultation.comments.actions import set_state
from consultation.comments.models import Comment
from consultation.moderation import rules
from consultation.moderation.claims import release
from consultation.moderation.desk import Desk, MeanwhileError
from consultation.moderation.models import Decision, Report


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a moderator chose: a key of ``rules.VERDICTS``, grounds, and words for the author.

    ``revision`` is that of the comment as it was read.
    """

    choice: str
    grounds: Sequence[str]
    message: str
    revision: int


def decide(desk: Desk, comment: Comment, verdict: Verdict, *, moderator_id: int) -> Decision:
    """Decide about a comment, tell its author and those who reported it.

    Raise :class:`rules.Refused` when the verdict gives no reason, :class:`MeanwhileError` when the
    comment is no longer what was read: the second of two moderators changes nothing.
    """
    rules.check_not_own(comment.author_id, moderator_id)
    rules.check_reasons(verdict.choice, verdict.grounds, verdict.message)
    outcome = rules.outcome(comment.state, verdict.choice)
    if outcome is None or comment.revision != verdict.revision:
        raise MeanwhileError
    reports = open_reports(desk.session, comment.id)
    if comment.state == "published" and not reports:
        raise MeanwhileError
    waited = _waited(comment, reports, desk.now)
    _apply(desk, comment, outcome, verdict, moderator_id)
    decision = _write(desk, comment, outcome, verdict, moderator_id, waited)
    if outcome != "second_opinion":
        _close(desk, comment, decision, reports)
    return decision


def _apply(desk: Desk, comment: Comment, outcome: str, verdict: Verdict, moderator_id: int) -> None:
    if outcome in ("kept", "second_opinion"):
        return
    moved = set_state(
        desk.session,
        comment,
        outcome,
        actor_id=moderator_id,
        now=desk.now,
        ground=verdict.grounds[0] if verdict.grounds and outcome in rules.ADVERSE else None,
        revision=verdict.revision,
    )
    if not moved:
        raise MeanwhileError


def _write(
    desk: Desk, comment: Comment, outcome: str, verdict: Verdict, moderator_id: int, waited: int
) -> Decision:
    decision = Decision(
        consultation_id=comment.consultation_id,
        comment_id=comment.id,
        moderator_id=moderator_id,
        outcome=outcome,
        grounds=list(verdict.grounds) if outcome not in ("published", "kept") else [],
        message=verdict.message,
        revision=verdict.revision,
        decided_at=desk.now,
        waited_seconds=waited,
    )
    desk.session.add(decision)
    desk.session.flush()
    details = {"outcome": outcome, "grounds": decision.grounds, "decision": decision.id}
    desk.journal(comment, "moderate", moderator_id, details)
    return decision


def _close(desk: Desk, comment: Comment, decision: Decision, reports: Sequence[Report]) -> None:
    closed = desk.session.execute(
        update(Report)
        .where(Report.id.in_([r.id for r in reports]), Report.decision_id.is_(None))
        .values(decision_id=decision.id)
        .execution_options(synchronize_session=False)
    )
    if decision.outcome == "kept" and closed.rowcount == 0:  # type: ignore[attr-defined]
        raise MeanwhileError
    release(desk.session, comment.id)
    desk.to_author(comment, decision, reported=bool(reports))
    desk.to_reporters(comment, decision, reports)


def _waited(comment: Comment, reports: Sequence[Report], now: datetime) -> int:
    since = comment.edited_at or comment.created_at
    if comment.state == "published" and reports:
        since = reports[0].created_at
    return max(0, int((now - since).total_seconds()))


def open_reports(session: Session, comment_id: int) -> Sequence[Report]:
    """Return the reports of a comment that wait for a decision, the oldest first."""
    statement = (
        select(Report)
        .where(Report.comment_id == comment_id, Report.decision_id.is_(None))
        .order_by(Report.created_at, Report.id)
    )
    return session.scalars(statement).all()
