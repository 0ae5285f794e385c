"""Count tries and say how long to wait; the caller commits, even when it refuses."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from consultation.accounts.keys import Keys
from consultation.accounts.models import AttemptCount
from consultation.accounts.rules.attempts import LIMITS, Count, faded, locked_until
from consultation.db import upsert

FORGOTTEN_AFTER = timedelta(days=5)

Try = tuple[str, str]
"""What is tried (a key of ``LIMITS``) and who tries: an address of mail or of the network."""


def waiting_until(session: Session, keys: Keys, tries: list[Try], now: datetime) -> datetime | None:
    """Return until when one of ``tries`` must wait, or ``None`` when all may go on."""
    waits = [_locked(session, keys, one, now) for one in tries]
    return max((wait for wait in waits if wait), default=None)


def count(session: Session, keys: Keys, tries: list[Try], now: datetime) -> datetime | None:
    """Count one more of each of ``tries``; return until when the next must wait, if it must."""
    for what, who in sorted(tries):
        key = keys.digest("attempts", what, who)
        _hold(session, key, now)
        before = _count(session, key)
        number = faded(LIMITS[what], before, now) + 1 if before else 1
        session.execute(
            update(AttemptCount)
            .where(AttemptCount.key == key)
            .values(number=number, last_at=now)
            .execution_options(synchronize_session=False)
        )
    return waiting_until(session, keys, tries, now)


def forget(session: Session, keys: Keys, one: Try) -> None:
    """Start again from zero, after a success."""
    session.execute(
        delete(AttemptCount)
        .where(AttemptCount.key == keys.digest("attempts", *one))
        .execution_options(synchronize_session=False)
    )


def forget_old(session: Session, now: datetime) -> None:
    """Drop the counts that have faded whatever they counted."""
    session.execute(
        delete(AttemptCount)
        .where(AttemptCount.last_at < now - FORGOTTEN_AFTER)
        .execution_options(synchronize_session=False)
    )


def _hold(session: Session, key: bytes, now: datetime) -> None:
    """Make sure the row is there and is ours until the commit: two tries at once count as two."""
    statement = upsert(session, AttemptCount).values(key=key, number=0, last_at=now)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_={"number": AttemptCount.number}
        )
    )


def _count(session: Session, key: bytes) -> Count | None:
    row = session.execute(
        select(AttemptCount.number, AttemptCount.last_at).where(AttemptCount.key == key)
    ).one_or_none()
    return Count(row.number, row.last_at) if row else None


def _locked(session: Session, keys: Keys, one: Try, now: datetime) -> datetime | None:
    what, who = one
    return locked_until(LIMITS[what], _count(session, keys.digest("attempts", what, who)), now)
