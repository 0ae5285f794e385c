"""Read the figures of the public register: counts and delays, nobody's name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from consultation.moderation.models import Appeal, Decision, Report
from consultation.moderation.rules import ADVERSE, OUTCOMES, median

EXAMINED = ("published", "kept", *ADVERSE)
"""The outcomes that answer an author or a reader."""


@dataclass(frozen=True, slots=True)
class Register:
    """What moderation did on one consultation. Delays are in seconds."""

    outcomes: dict[str, int]
    grounds: dict[str, int]
    reports: dict[str, int]
    appeals: dict[str, int]
    median_seconds: float | None


def register(session: Session, consultation_id: int) -> Register:
    """Count decisions, grounds, reports and appeals of a consultation."""
    here = Decision.consultation_id == consultation_id
    rows = session.execute(
        select(Decision.outcome, func.count(Decision.id)).where(here).group_by(Decision.outcome)
    )
    counted: dict[str, int] = dict(rows.all())
    listed = session.scalars(select(Decision.grounds).where(here, Decision.outcome.in_(ADVERSE)))
    grounds = Counter(ground for several in listed for ground in several)
    return Register(
        outcomes={name: counted[name] for name in OUTCOMES if name in counted},
        grounds=dict(grounds.most_common()),
        reports=_by(session, Report.reason, Report.consultation_id == consultation_id),
        appeals=_by(session, Appeal.state, Appeal.consultation_id == consultation_id),
        median_seconds=median_delay(session, consultation_id),
    )


def median_delay(session: Session, consultation_id: int) -> float | None:
    """Return the median delay of a decision, in seconds."""
    examined = (Decision.consultation_id == consultation_id, Decision.outcome.in_(EXAMINED))
    total = session.scalar(select(func.count(Decision.id)).where(*examined)) or 0
    middle = (
        select(Decision.waited_seconds)
        .where(*examined)
        .order_by(Decision.waited_seconds)
        .offset((total - 1) // 2 if total else 0)
        .limit(2 - total % 2)
    )
    return median(list(session.scalars(middle)))


def decided_since(session: Session, consultation_id: int, since: datetime) -> int:
    """Return how many decisions were taken since a moment."""
    statement = select(func.count(Decision.id)).where(
        Decision.consultation_id == consultation_id,
        Decision.decided_at >= since,
        Decision.outcome != "second_opinion",
    )
    return session.scalar(statement) or 0


def _by(session: Session, column: Any, where: ColumnElement[bool]) -> dict[str, int]:
    statement = select(column, func.count()).where(where).group_by(column).order_by(column)
    return dict(session.execute(statement).all())
