"""Read the queue of a consultation and one comment to decide about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from consultation.accounts.models import User
from consultation.comments.models import Comment
from consultation.moderation.models import Appeal, Claim, Decision, Report

PAGE = 20
SENT = func.coalesce(Comment.edited_at, Comment.created_at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A comment of the queue and why it is there."""

    comment: Comment
    reports: int
    appeal_id: int | None
    first: bool
    second_opinion: bool

    @property
    def since(self) -> datetime:
        """When the author sent it."""
        return self.comment.edited_at or self.comment.created_at


@dataclass(frozen=True, slots=True)
class Queue:
    """Some of what waits, in order; ``total`` counts all of it."""

    items: list[Waiting]
    total: int


def queue(
    session: Session,
    consultation_id: int,
    *,
    reported_first: bool = True,
    offset: int = 0,
    limit: int = PAGE,
) -> Queue:
    """Return what waits for a decision, in one statement.

    Everything is there: new comments, published ones that a reader reported, appeals.
    """
    reports, appeal = _open_reports(), _open_appeal()
    order = [SENT, Comment.id]
    if reported_first:
        order = [reports.desc(), *order]
    statement = (
        select(Comment, reports, appeal, _is_first(), _is_second_opinion(), func.count().over())
        .where(Comment.consultation_id == consultation_id, _waits())
        .order_by(*order)
        .offset(offset)
        .limit(limit)
    )
    rows = session.execute(statement).all()
    items = [Waiting(*row[:5]) for row in rows]
    return Queue(items, rows[0][5] if rows else 0)


def one(session: Session, consultation_id: int, comment_id: int) -> Waiting | None:
    """Return one comment of the queue; ``None`` when it does not wait there."""
    statement = select(
        Comment, _open_reports(), _open_appeal(), _is_first(), _is_second_opinion()
    ).where(Comment.consultation_id == consultation_id, Comment.id == comment_id, _waits())
    row = session.execute(statement).one_or_none()
    return Waiting(*row) if row else None


def summary(session: Session, consultation_id: int) -> tuple[int, datetime | None]:
    """Return how many comments wait, and when the oldest was sent."""
    row = session.execute(
        select(func.count(Comment.id), func.min(SENT)).where(
            Comment.consultation_id == consultation_id, _waits()
        )
    ).one()
    return row[0], row[1]


def last_sent(session: Session, consultation_id: int) -> datetime | None:
    """Return when the last comment of the consultation was sent."""
    statement = select(func.max(SENT)).where(
        Comment.consultation_id == consultation_id, Comment.state != "unconfirmed"
    )
    return session.scalar(statement)


def _waits() -> ColumnElement[bool]:
    reported = select(Report.id).where(_is_open_report()).correlate(Comment).exists()
    contested = select(Appeal.id).where(_is_open_appeal()).correlate(Comment).exists()
    return or_(Comment.state == "pending", and_(Comment.state == "published", reported), contested)


def _is_open_report() -> ColumnElement[bool]:
    return and_(Report.comment_id == Comment.id, Report.decision_id.is_(None))


def _is_open_appeal() -> ColumnElement[bool]:
    return and_(Appeal.comment_id == Comment.id, Appeal.state == "open")


def _open_reports() -> Any:
    return (
        select(func.count(Report.id)).where(_is_open_report()).correlate(Comment).scalar_subquery()
    )


def _open_appeal() -> Any:
    return select(func.min(Appeal.id)).where(_is_open_appeal()).correlate(Comment).scalar_subquery()


def _is_first() -> Any:
    other = aliased(Comment)
    same = or_(other.author_id == Comment.author_id, other.author_email == Comment.author_email)
    earlier = select(other.id).where(same, other.id < Comment.id, other.state != "unconfirmed")
    return ~earlier.correlate(Comment).exists()


def _is_second_opinion() -> Any:
    asked = select(Decision.id).where(
        Decision.comment_id == Comment.id,
        Decision.outcome == "second_opinion",
        Decision.revision == Comment.revision,
    )
    return asked.correlate(Comment).exists()


# --- one comment ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Background:
    """What a moderator may know of an author: never an address."""

    actor_type: str | None
    region_code: str | None
    published: int
    refused: int


def background(session: Session, comment: Comment) -> Background:
    """Return the kind of author, and how their comments were decided."""
    same = (
        Comment.author_id == comment.author_id
        if comment.author_id
        else Comment.author_email == comment.author_email
    )
    rows = session.execute(
        select(Comment.state, func.count(Comment.id)).where(same).group_by(Comment.state)
    )
    counted: dict[str, int] = dict(rows.all())
    who = session.execute(
        select(User.actor_type, User.region_code).where(User.id == comment.author_id)
    ).one_or_none()
    return Background(
        actor_type=who.actor_type if who else None,
        region_code=who.region_code if who else None,
        published=counted.get("published", 0),
        refused=counted.get("refused", 0) + counted.get("removed", 0),
    )


def thread(session: Session, comment: Comment) -> Sequence[Comment]:
    """Return the other published comments of the thread, the oldest first."""
    root = comment.parent_id or comment.id
    statement = (
        select(Comment)
        .where(
            or_(Comment.id == root, Comment.parent_id == root),
            Comment.id != comment.id,
            Comment.state == "published",
        )
        .order_by(Comment.created_at, Comment.id)
        .limit(50)
    )
    return session.scalars(statement).all()


def claim_of(session: Session, comment_id: int) -> tuple[Claim, str] | None:
    """Return who examines the comment, and their name."""
    statement = (
        select(Claim, User.display_name)
        .join(User, User.id == Claim.moderator_id)
        .where(Claim.comment_id == comment_id)
    )
    row = session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def decisions_of(session: Session, comment_id: int) -> Sequence[tuple[Decision, str | None]]:
    """Return what was decided about a comment and by whom, the latest first."""
    statement = (
        select(Decision, User.display_name)
        .outerjoin(User, User.id == Decision.moderator_id)
        .where(Decision.comment_id == comment_id)
        .order_by(Decision.id.desc())
    )
    return [(decision, name) for decision, name in session.execute(statement)]


def contestable(session: Session, comment_id: int) -> tuple[Decision, Appeal | None] | None:
    """Return the last decision on the comment that its author may contest, and the appeal."""
    statement = (
        select(Decision, Appeal)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(
            Decision.comment_id == comment_id,
            Decision.outcome.in_(("returned", "refused", "removed")),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None
