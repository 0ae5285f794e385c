"""Post a message: a row in the outbox, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.orm import Session

from consultation.db import insert_into
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
) -> None:
    """Put a message in the outbox; do nothing when ``key`` was posted before.

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
        "due_at": now,
        "attempts": 0,
    }
    session.execute(_added(session.get_bind().dialect.name), message)


@cache
def _added(dialect: str) -> Insert:
    # Built once, and on the table: building it costs more than the database takes to run it.
    table: Any = OutboxMessage.__table__
    return insert_into(table, dialect).on_conflict_do_nothing(index_elements=["key"])
