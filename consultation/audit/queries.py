"""Read the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consultation.audit.models import AuditEvent
from consultation.audit.rules import GENESIS, Fact, Link, first_broken

HANDFUL = 500


@dataclass(frozen=True, slots=True)
class Criteria:
    """What to look for; ``None`` means anything. ``since`` is included, ``until`` is not."""

    verb: str | None = None
    subject: str | None = None
    subject_id: str | None = None
    actor_id: int | None = None
    consultation_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Criteria()


def events(
    session: Session, criteria: Criteria = EVERYTHING, *, offset: int = 0, limit: int = 50
) -> Sequence[AuditEvent]:
    """Return the events that match, the latest first."""
    statement = select(AuditEvent).where(*_conditions(criteria)).order_by(AuditEvent.id.desc())
    return session.scalars(statement.offset(offset).limit(limit)).all()


def stream(session: Session, criteria: Criteria = EVERYTHING) -> Iterator[AuditEvent]:
    """Yield every event that matches, the oldest first, without holding them all."""
    return _by_handfuls(session, AuditEvent.id, _conditions(criteria))


def count(session: Session, criteria: Criteria = EVERYTHING) -> int:
    """Return how many events match."""
    return session.scalar(select(func.count(AuditEvent.id)).where(*_conditions(criteria))) or 0


def verbs(session: Session) -> Sequence[str]:
    """Return the verbs present in the journal, in alphabetical order."""
    return session.scalars(select(AuditEvent.verb).distinct().order_by(AuditEvent.verb)).all()


def chain_end(session: Session) -> tuple[int, str]:
    """Return the position and the hash of the last sealed event; 0 and the genesis if none."""
    row = session.execute(
        select(AuditEvent.position, AuditEvent.hash)
        .where(AuditEvent.position.is_not(None))
        .order_by(AuditEvent.position.desc())
        .limit(1)
    ).one_or_none()
    return (row.position, row.hash) if row else (0, GENESIS)


def first_broken_position(
    session: Session, watch: Callable[[AuditEvent], object] = lambda _event: None
) -> int | None:
    """Check the whole chain; return the position of the first link that fails, or ``None``.

    ``watch`` is called with each event before it is checked, to show how far it is.
    """
    return first_broken(_watched(_by_handfuls(session, AuditEvent.position, []), watch))


def _watched(events: Iterable[AuditEvent], watch: Callable[[AuditEvent], object]) -> Iterator[Link]:
    for event in events:
        watch(event)
        yield _as_link(event)


def as_fact(event: AuditEvent) -> Fact:
    """Return what ``event`` says, without its place in the chain."""
    return Fact(
        id=event.id,
        at=event.at,
        actor_id=event.actor_id,
        verb=event.verb,
        subject=event.subject,
        subject_id=event.subject_id,
        consultation_id=event.consultation_id,
        details=event.details,
    )


def _as_link(event: AuditEvent) -> Link:
    return Link(as_fact(event), event.position or 0, event.previous_hash or "", event.hash or "")


def _by_handfuls(
    session: Session,
    number: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    conditions: list[ColumnElement[bool]],
) -> Iterator[AuditEvent]:
    """Yield events in the order of ``number``; those without one are left out."""
    after = -1
    while True:
        statement = select(AuditEvent).where(number > after, *conditions).order_by(number)
        events = session.scalars(statement.limit(HANDFUL)).all()
        yield from events
        if len(events) < HANDFUL:
            return
        after = getattr(events[-1], number.key)


def _conditions(criteria: Criteria) -> list[ColumnElement[bool]]:
    wanted = {
        AuditEvent.verb: criteria.verb,
        AuditEvent.subject: criteria.subject,
        AuditEvent.subject_id: criteria.subject_id,
        AuditEvent.actor_id: criteria.actor_id,
        AuditEvent.consultation_id: criteria.consultation_id,
    }
    conditions = [column == value for column, value in wanted.items() if value is not None]
    if criteria.since:
        conditions.append(AuditEvent.at >= criteria.since)
    if criteria.until:
        conditions.append(AuditEvent.at < criteria.until)
    return conditions
