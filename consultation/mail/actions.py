"""Post a message: a row in the outbox, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from consultation.db import upsert
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
    statement = upsert(session, OutboxMessage).values(
        key=key,
        recipient=one_line(to),
        subject=one_line(subject)[:300],
        body=text,
        headers=check_headers(headers or {}),
        created_at=now,
        due_at=now,
        attempts=0,
    )
    session.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
