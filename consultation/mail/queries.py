"""Read the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.mail.models import OutboxMessage


def written_to(session: Session, address: str, *, limit: int) -> Sequence[OutboxMessage]:
    """Return the letters to an address, the latest first."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.recipient == address)
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()


def last_due(session: Session, keys: str, addresses: Sequence[str]) -> Mapping[str, datetime]:
    """Return when the last letter whose key begins with ``keys`` left or leaves, by address.

    One that did not leave in the end is not counted.
    """
    statement = (
        select(OutboxMessage.recipient, func.max(OutboxMessage.due_at))
        .where(
            OutboxMessage.recipient.in_(addresses),
            OutboxMessage.key.startswith(keys, autoescape=True),
            OutboxMessage.failed_at.is_(None),
        )
        .group_by(OutboxMessage.recipient)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
