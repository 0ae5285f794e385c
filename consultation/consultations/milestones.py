"""Change the milestones of a consultation. The caller commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.consultations.actions import tell
from consultation.consultations.models import Consultation, Milestone

COLUMNS = ("title", "detail", "starts_on", "ends_on")


def set_milestones(
    session: Session,
    consultation: Consultation,
    lines: Iterable[Mapping[str, Any]],
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Replace the milestones by the ``lines`` that have a title; their keys are ``COLUMNS``."""
    wanted = [{name: line[name] for name in COLUMNS} for line in lines if line["title"]]
    present = [{name: getattr(m, name) for name in COLUMNS} for m in consultation.milestones]
    if wanted == present:
        return
    consultation.milestones.clear()
    session.flush()
    consultation.milestones = [
        Milestone(position=position, **columns) for position, columns in enumerate(wanted, 1)
    ]
    tell(session, consultation, "milestones", "Calendrier des étapes modifié.", now)
    record(
        session,
        actor_id=actor_id,
        verb="set_milestones",
        subject="consultation",
        subject_id=consultation.id,
        consultation_id=consultation.id,
        now=now,
        details={"count": len(wanted)},
    )
