"""Write the journal: record an event, seal the chain."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, insert, select, text, update
from sqlalchemy.orm import Session

from consultation.audit.models import AuditEvent
from consultation.audit.queries import as_fact, chain_end
from consultation.audit.rules import fact_hash

_SEALING_LOCK = 7_241_001
"""An arbitrary number: the key of PostgreSQL's advisory lock that one sealing holds."""


def record(
    session: Session,
    *,
    actor_id: int | None,
    verb: str,
    subject: str,
    subject_id: str | int,
    now: datetime,
    consultation_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an event to the journal, in the caller's transaction.

    ``details`` holds identifiers and codes, never a name, an address or an answer: the journal
    cannot be erased.
    """
    event = {
        "at": now,
        "actor_id": actor_id,
        "verb": verb,
        "subject": subject,
        "subject_id": str(subject_id),
        "consultation_id": consultation_id,
        "details": details or {},
    }
    session.execute(_added(), event)


@cache
def _added() -> Insert:
    # Built once, and on the table: this is written by every action.
    table: Any = AuditEvent.__table__
    return insert(table)


def seal(session: Session, limit: int = 1000) -> int:
    """Chain at most ``limit`` events that are not chained yet; return how many were.

    Runs in the background so that writers never wait for each other. An event committed late by
    a slow transaction is chained by the next call, after events with a greater number.
    """
    _take_the_turn(session)
    position, previous = chain_end(session)
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.hash.is_(None)).order_by(AuditEvent.id).limit(limit)
    ).all()
    for event in events:
        position += 1
        sealed = fact_hash(as_fact(event), position, previous)
        session.execute(
            update(AuditEvent)
            .where(AuditEvent.id == event.id, AuditEvent.hash.is_(None))
            .values(position=position, previous_hash=previous, hash=sealed)
            .execution_options(synchronize_session=False)
        )
        previous = sealed
    return len(events)


def _take_the_turn(session: Session) -> None:
    """Wait until no other transaction seals: two chains would start from the same end."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEALING_LOCK})
    else:
        # Any write, even of no row, takes the one pen of SQLite.
        session.execute(text("UPDATE audit_events SET hash = hash WHERE id = 0"))
