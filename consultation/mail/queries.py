"""Read the outbox."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
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
