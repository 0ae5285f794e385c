"""Post a message: a row in the outbox, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, Integer, Select, literal, select, update
from sqlalchemy.orm import Session

from consultation.db import Instant, Json, insert_into, upsert
from consultation.mail.models import OutboxMessage
from consultation.mail.rules import check_headers, one_line


def post(
    session: Session,
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    now: datetime,
    headers: dict[str, str] | None = None,
    due_at: datetime | None = None,
) -> None:
    """Put a message in the outbox, to leave at ``due_at`` or at once; do nothing when ``key`` was
    posted before.

    ``key`` says what the message is about, for instance ``receipt:48``, in 200 characters at most.
    The worker sends it after the commit: call ``tasks.queue.wake("mail")`` to send it at once.
    """
    message = {
        "key": key,
        "recipient": one_line(to),
        "subject": one_line(subject)[:300],
        "body": text,
        "headers": check_headers(headers or {}),
        "created_at": now,
        "due_at": due_at or now,
        "attempts": 0,
    }
    session.execute(_added(session.get_bind().dialect.name), message)


@cache
def _added(dialect: str) -> Insert:
    # Built once, and on the table: building it costs more than the database takes to run it.
    table: Any = OutboxMessage.__table__
    return insert_into(table, dialect).on_conflict_do_nothing(index_elements=["key"])


def forget_letters(session: Session, keys: Sequence[str]) -> None:
    """Erase who letters were for and what they said; their keys stay. What waits does not leave."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.key.in_(keys))
        .values(recipient="", subject="", body="")
        .execution_options(synchronize_session=False)
    )


def give_up_waiting(
    session: Session, keys: str, addresses: Sequence[str], reason: str, now: datetime
) -> None:
    """Give up the letters to ``addresses`` whose key begins with ``keys`` and whose hour has not
    come."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.recipient.in_(addresses),
            OutboxMessage.key.startswith(keys, autoescape=True),
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.failed_at.is_(None),
            OutboxMessage.due_at > now,
        )
        .values(failed_at=now, last_error=reason, body="")
        .execution_options(synchronize_session=False)
    )


def post_to_each(
    session: Session, people: Select[str, str], *, subject: str, text: str, now: datetime
) -> int:
    """Post the same message to everybody that ``people`` (key, address) selects; count the new.

    One statement, whatever their number. Addresses are those of accounts: checked when given.
    """
    chosen = people.subquery()
    key, address = chosen.c
    moment = literal(now, Instant())
    rows = select(
        key,
        address,
        literal(one_line(subject)[:300]),
        literal(text),
        literal({}, Json),
        moment,
        moment,
        literal(0, Integer),
    ).where(key.is_not(None))
    columns = ["key", "recipient", "subject", "body", "headers", "created_at", "due_at", "attempts"]
    statement = upsert(session, OutboxMessage).from_select(columns, rows).on_conflict_do_nothing()
    return len(session.scalars(statement.returning(OutboxMessage.id)).all())
