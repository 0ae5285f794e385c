"""Say how a consultation invites."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.db import upsert
from consultation.invitations.models import InvitationSettings


def set_settings(
    session: Session,
    consultation_id: int,
    *,
    per_minute: int,
    invited_only: bool,
    actor_id: int,
    now: datetime,
) -> None:
    """Choose how many messages leave in a minute, and whether only invited people may answer."""
    values = {"per_minute": per_minute, "invited_only": invited_only}
    session.execute(
        upsert(session, InvitationSettings)
        .values(consultation_id=consultation_id, **values)
        .on_conflict_do_update(index_elements=["consultation_id"], set_=values)
    )
    session.expire_all()
    record(
        session,
        actor_id=actor_id,
        verb="set_invitations",
        subject="consultation",
        subject_id=consultation_id,
        consultation_id=consultation_id,
        now=now,
        details=values,
    )
