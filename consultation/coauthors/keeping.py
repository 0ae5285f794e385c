"""What the room forgets and mends by itself; run once an hour. The caller commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consultation.coauthors.actions.roles import appoint_where_missing
from consultation.coauthors.models import CoAuthorInvitation

REMEMBERED = timedelta(days=30)
"""How long an invitation that expired is still shown, to be sent again."""


def tidy(session: Session, now: datetime) -> None:
    """Drop the addresses of old invitations; give a signatory to whatever lost its own."""
    session.execute(
        delete(CoAuthorInvitation)
        .where(CoAuthorInvitation.expires_at < now - REMEMBERED)
        .execution_options(synchronize_session=False)
    )
    appoint_where_missing(session, now)
