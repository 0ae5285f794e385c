"""Read the comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from consultation.accounts.models import Grant
from consultation.comments.models import Comment
from consultation.consultations.models import Consultation
from consultation.db import Identifier

OLDEST_FIRST = "anciens"


@dataclass(frozen=True, slots=True)
class Entry:
    """A comment as it is listed. ``by_team``: its author organises the consultation."""

    comment: Comment
    by_team: bool
    replies: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """Some threads in order; ``total`` counts every published comment; ``next`` is a cursor."""

    threads: list[Entry]
    total: int
    next: int | None


def by_id(session: Session, comment_id: int) -> Comment | None:
    """Return the comment, whatever its state."""
    return session.get(Comment, comment_id)


def page(
    session: Session,
    consultation_id: int,
    viewer_id: int | None,
    *,
    size: int = 20,
    order: str = "",
    after: int | None = None,
) -> Page:
    """Return the threads that ``viewer_id`` sees, in one statement.

    The order is that of the first words of each thread, the latest first unless ``order`` is
    ``anciens``. ``after`` is the last thread already seen: nothing is shown twice or skipped when
    others are published meanwhile.
    """
    oldest_first = order == OLDEST_FIRST
    statement = _page(viewer_id is not None, oldest_first, after is not None)
    values = {"consultation": consultation_id, "viewer": viewer_id, "after": after}
    rows = session.execute(statement, {**values, "most": size + 1}).all()
    threads = _threads(rows)
    if not oldest_first:
        threads.reverse()
    total = rows[0][2] if rows else 0
    more = threads[size - 1].comment.id if len(threads) > size else None
    return Page(threads[:size], total, more)


@cache
def _page(known: bool, oldest_first: bool, continued: bool) -> Select[Comment, bool, int]:
    # Built once for each: building it costs twice what the database takes.
    roots = _roots(known, oldest_first, continued).cte("roots")
    listed = select(roots.c.id)
    statement = select(Comment, _by_team(_CONSULTATION), _total(_CONSULTATION)).where(
        or_(
            Comment.id.in_(listed),
            and_(Comment.parent_id.in_(listed), _visible(Comment, known)),
        )
    )
    return statement.order_by(Comment.created_at, Comment.id)


_CONSULTATION = bindparam("consultation", type_=Identifier)


def _roots(known: bool, oldest_first: bool, continued: bool) -> Select[int]:
    statement = select(Comment.id).where(
        Comment.consultation_id == _CONSULTATION,
        Comment.parent_id.is_(None),
        _visible(Comment, known),
    )
    if continued:
        statement = statement.where(_beyond(bindparam("after", type_=Identifier), oldest_first))
    order = (Comment.created_at, Comment.id)
    directed = order if oldest_first else tuple(column.desc() for column in order)
    return statement.order_by(*directed).limit(bindparam("most", type_=Integer))


def _beyond(after: BindParameter[int], oldest_first: bool) -> ColumnElement[bool]:
    last = aliased(Comment)
    moment = select(last.created_at).where(last.id == after).scalar_subquery()
    if oldest_first:
        return or_(
            Comment.created_at > moment, and_(Comment.created_at == moment, Comment.id > after)
        )
    return or_(Comment.created_at < moment, and_(Comment.created_at == moment, Comment.id < after))


def _visible(comment: Any, known: bool) -> ColumnElement[bool]:
    """The states that ``rules.look`` shows, as text or as a placeholder."""
    shown = or_(
        comment.state.in_(("published", "refused", "removed")), comment.published_at.is_not(None)
    )
    viewer = bindparam("viewer", type_=Identifier)
    return or_(shown, comment.author_id == viewer) if known else shown


def _by_team(consultation_id: ColumnElement[int]) -> ColumnElement[bool]:
    return (
        select(Grant.id)
        .where(
            Grant.user_id == Comment.author_id,
            Grant.role == "organiser",
            or_(Grant.consultation_id == consultation_id, Grant.consultation_id.is_(None)),
        )
        .exists()
    )


def _total(consultation_id: ColumnElement[int]) -> ColumnElement[int]:
    counted = aliased(Comment)
    return (
        select(func.count(counted.id))
        .where(counted.consultation_id == consultation_id, counted.state == "published")
        .scalar_subquery()
    )


def _threads(rows: Sequence[Any]) -> list[Entry]:
    entries = {comment.id: Entry(comment, by_team) for comment, by_team, _ in rows}
    for entry in entries.values():
        if entry.comment.parent_id is not None and entry.comment.parent_id in entries:
            entries[entry.comment.parent_id].replies.append(entry)
    return [entry for entry in entries.values() if entry.comment.parent_id is None]


@dataclass(frozen=True, slots=True)
class Habit:
    """What someone sent lately: the last time, and how many letters they have not answered."""

    last_sent: datetime | None
    unconfirmed: int


def habit(session: Session, author_id: int | None, email: str | None, since: datetime) -> Habit:
    """Return what this author, an account or a visitor's address, has sent since ``since``."""
    same = Comment.author_id == author_id if author_id else Comment.author_email == email
    sent = func.coalesce(Comment.edited_at, Comment.created_at)
    rows = session.execute(
        select(Comment.edited_at, Comment.created_at, Comment.state).where(same, sent >= since)
    ).all()
    moments = [edited or created for edited, created, _ in rows]
    unconfirmed = sum(state == "unconfirmed" for _, _, state in rows)
    return Habit(max(moments, default=None), unconfirmed)


def of_author(session: Session, author_id: int, limit: int | None = 50) -> Sequence[Comment]:
    """Return what a person wrote, the latest first."""
    statement = _of_author(author_id).limit(limit)
    return session.scalars(statement).all()


def _of_author(author_id: int) -> Select[Comment]:
    return (
        select(Comment)
        .where(Comment.author_id == author_id)
        .order_by(Comment.created_at.desc(), Comment.id.desc())
    )


def listed_of_author(
    session: Session, author_id: int, *, limit: int, offset: int = 0
) -> Sequence[tuple[Comment, dict[str, str]]]:
    """Return what a person wrote, the latest first, each with the title of its consultation."""
    statement = (
        _of_author(author_id)
        .join(Consultation, Consultation.id == Comment.consultation_id)
        .add_columns(Consultation.title)
    )
    rows = session.execute(statement.limit(limit).offset(offset))
    return [(comment, title) for comment, title in rows]


def count_of_author(session: Session, author_id: int) -> int:
    """Return how many comments a person wrote."""
    statement = select(func.count(Comment.id)).where(Comment.author_id == author_id)
    return session.scalar(statement) or 0


def replies_to(
    session: Session, author_id: int, *, limit: int
) -> Sequence[tuple[datetime, str, str, int]]:
    """Return the latest published replies to a person: when, whose, their words, to what."""
    parent = aliased(Comment)
    statement = (
        select(Comment.published_at, Comment.author_name, Comment.text, parent.id)
        .join(parent, parent.id == Comment.parent_id)
        .where(
            parent.author_id == author_id,
            Comment.author_id.is_distinct_from(author_id),
            Comment.state == "published",
            Comment.published_at.is_not(None),
        )
        .order_by(Comment.published_at.desc())
        .limit(limit)
    )
    rows = session.execute(statement)
    return [(at, name, text, to) for at, name, text, to in rows if at is not None]
