"""Report a published comment. The caller commits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from consultation.comments.models import Comment
from consultation.db import upsert
from consultation.moderation.desk import Desk
from consultation.moderation.models import Report


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: an account, or a name and an address; nobody in the one case that allows it."""

    user_id: int | None
    name: str | None
    email: str | None

    @property
    def key(self) -> str:
        """What makes two reports the same person's."""
        if self.user_id is not None:
            return f"user:{self.user_id}"
        if self.email is None:
            return "anonymous"
        return "email:" + hashlib.sha256(self.email.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Notice:
    """What is reported: a key of ``rules.REASONS``, whether minors are abused, and words."""

    reason: str
    minors: bool
    text: str


def report(desk: Desk, comment: Comment, reporter: Reporter, notice: Notice) -> Report | None:
    """Add a report and acknowledge it; ``None`` when the same person has one already."""
    statement = (
        upsert(desk.session, Report)
        .values(
            comment_id=comment.id,
            consultation_id=comment.consultation_id,
            reporter_id=reporter.user_id,
            reporter_key=reporter.key,
            reporter_name=reporter.name,
            reporter_email=reporter.email,
            reason=notice.reason,
            minors=notice.minors,
            text=notice.text,
            created_at=desk.now,
        )
        .on_conflict_do_nothing(index_elements=["comment_id", "reporter_key"])
        .returning(Report.id)
    )
    added = desk.session.scalar(statement)
    if added is None:
        return None
    found = desk.session.get_one(Report, added)
    desk.acknowledge(comment, found)
    desk.journal(comment, "report_comment", reporter.user_id, {"report": found.id})
    return found
