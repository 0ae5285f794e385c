"""The decisions behind the comments of the demonstration. No letter is sent about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.comments.models import Comment
from consultation.demo.profiles import DOMAIN
from consultation.demo.resources import sheet
from consultation.moderation.models import Decision, Report
from consultation.moderation.reporting import Reporter

REPORTED_AFTER, ANSWERED_AFTER = timedelta(hours=5), timedelta(hours=9)
"""Counted from the publication of a comment that a reader reports."""


def moderate(session: Session, comments: Sequence[Comment], moderator_id: int) -> None:
    """Write how each decided comment was decided, by ``moderator_id``, flushed."""
    for comment in comments:
        if comment.state in ("published", "refused"):
            _decide(session, comment, moderator_id, comment.state, comment.decided_at)
        elif comment.state == "removed":
            _remove(session, comment, moderator_id)


def _remove(session: Session, comment: Comment, moderator_id: int) -> None:
    """A comment was published, then reported, then removed."""
    published = comment.published_at or comment.created_at
    _decide(session, comment, moderator_id, "published", published)
    report = _report(session, comment, _entry(comment)["report"], "insult", REPORTED_AFTER)
    removed = published + ANSWERED_AFTER
    decision = _decide(session, comment, moderator_id, "removed", removed)
    report.decision_id, comment.decided_at = decision.id, removed


def _decide(
    session: Session, comment: Comment, moderator_id: int, outcome: str, at: datetime | None
) -> Decision:
    moment, adverse = at or comment.created_at, outcome in ("refused", "removed")
    decision = Decision(
        consultation_id=comment.consultation_id,
        comment_id=comment.id,
        moderator_id=moderator_id,
        outcome=outcome,
        grounds=[_entry(comment)["ground"]] if adverse else [],
        message=_entry(comment)["message"] if adverse else "",
        revision=comment.revision,
        decided_at=moment,
        waited_seconds=int((moment - comment.created_at).total_seconds()),
    )
    comment.revision += 1
    session.add(decision)
    session.flush()
    record(
        session,
        actor_id=moderator_id,
        verb="moderate",
        subject="comment",
        subject_id=comment.id,
        consultation_id=comment.consultation_id,
        now=moment,
        details={"outcome": outcome, "grounds": decision.grounds, "decision": decision.id},
    )
    return decision


def report_one(session: Session, comments: Sequence[Comment], now: datetime) -> None:
    """Let a reader report the last published comment, so that the queue holds a report."""
    published = [c for c in comments if c.state == "published"]
    if published:
        notice = sheet("comments")["report"]
        report = _report(session, published[-1], notice["text"], notice["reason"], REPORTED_AFTER)
        report.created_at = min(report.created_at, now)


def _report(session: Session, comment: Comment, text: str, reason: str, after: timedelta) -> Report:
    reader = Reporter(None, "Lectrice fictive", f"lectrice-{comment.id}@{DOMAIN}")
    report = Report(
        comment_id=comment.id,
        consultation_id=comment.consultation_id,
        reporter_key=reader.key,
        reporter_name=reader.name,
        reporter_email=reader.email,
        reason=reason,
        text=text,
        created_at=(comment.published_at or comment.created_at) + after,
    )
    session.add(report)
    session.flush()
    return report


def _entry(comment: Comment) -> dict[str, Any]:
    """Return what is said of an awkward comment."""
    entries: list[dict[str, Any]] = sheet("comments")["awkward"]
    return next(entry for entry in entries if entry["text"] == comment.text)
