"""Read how participation goes, for the people who organise a consultation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.responses.models import Response, ResponseSection, Submission
from consultation.web.typography import PARIS, in_paris

IDLE = timedelta(days=7)
"""Without a save for so long, a draft is idle."""

LONGEST = 120
"""Days counted one by one, at the most: the last ones."""


@dataclass(frozen=True, slots=True)
class Activity:
    """``days``: what was sent on each day of Paris; ``stopped``: drafts by last section."""

    sent: int
    drafts: int
    idle_drafts: int
    last_days: int
    days: Sequence[tuple[date, int]]
    stopped: dict[str, int]


def activity(
    session: Session, consultation_id: int, opens_at: datetime, until: datetime, now: datetime
) -> Activity:
    """Count drafts and submissions that count, from ``opens_at`` to ``until``; four statements."""
    status = dict(_by_status(session, consultation_id))
    drafts = status.get("draft", 0)
    return Activity(
        sent=status.get("sent", 0),
        drafts=drafts,
        idle_drafts=drafts - _active(session, consultation_id, now - IDLE) if drafts else 0,
        last_days=_sent_between(session, consultation_id, [(now - IDLE, now)])[0],
        days=_by_day(session, consultation_id, opens_at, until),
        stopped=_stopped(session, consultation_id) if drafts else {},
    )


def _by_status(session: Session, consultation_id: int) -> list[tuple[str, int]]:
    statement = (
        select(Response.status, func.count())
        .where(Response.consultation_id == consultation_id)
        .group_by(Response.status)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def _active(session: Session, consultation_id: int, since: datetime) -> int:
    """Count the drafts begun or saved since that moment."""
    saved = (
        select(ResponseSection.response_id)
        .where(ResponseSection.response_id == Response.id, ResponseSection.saved_at > since)
        .exists()
    )
    statement = select(func.count()).where(
        Response.consultation_id == consultation_id,
        Response.status == "draft",
        saved | (Response.created_at > since),
    )
    return session.scalar(statement) or 0


def _by_day(
    session: Session, consultation_id: int, opens_at: datetime, until: datetime
) -> list[tuple[date, int]]:
    last = in_paris(until).date()
    first = max(in_paris(opens_at).date(), last - timedelta(days=LONGEST - 1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if not days:
        return []
    spans = [(_midnight(day), _midnight(day + timedelta(days=1))) for day in days]
    return list(zip(days, _sent_between(session, consultation_id, spans), strict=True))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def _sent_between(
    session: Session, consultation_id: int, spans: Sequence[tuple[datetime, datetime]]
) -> list[int]:
    """Count the submissions that count, in each span of time; one statement for all of them."""
    columns = [
        func.count().filter(Submission.submitted_at >= start, Submission.submitted_at < end)
        for start, end in spans
    ]
    statement = (
        select(*columns)
        .select_from(Submission)
        .join(Response, Response.submission_id == Submission.id)
        .where(Response.consultation_id == consultation_id)
    )
    return [int(number) for number in session.execute(statement).one()]


def _stopped(session: Session, consultation_id: int) -> dict[str, int]:
    """Count the drafts by the section saved last."""
    rank = func.row_number().over(
        partition_by=ResponseSection.response_id,
        order_by=(ResponseSection.saved_at.desc(), ResponseSection.section),
    )
    last = (
        select(ResponseSection.section, rank.label("rank"))
        .join(Response, Response.id == ResponseSection.response_id)
        .where(Response.consultation_id == consultation_id, Response.status == "draft")
        .subquery()
    )
    statement = (
        select(last.c.section, func.count()).where(last.c.rank == 1).group_by(last.c.section)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
