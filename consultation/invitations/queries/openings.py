"""Read the requests to be told of an opening: how many, never whose."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.invitations.models import OpeningRequest


def waiting_for_opening(session: Session, consultation_id: int) -> int:
    """Count the confirmed addresses that will be told when the consultation opens."""
    statement = select(func.count()).where(
        OpeningRequest.consultation_id == consultation_id, OpeningRequest.confirmed_at.is_not(None)
    )
    return session.scalar(statement) or 0
