"""Where something happens to a shared response, and how two people take turns there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.coauthors.rules.roles import TAKEN_OVER
from consultation.consultations.rules import Refused
from consultation.responses.models import Response


@dataclass(frozen=True, slots=True)
class Scene:
    """One response, who acts on it (``None``: the platform itself) and when."""

    response_id: int
    consultation_id: int
    actor_id: int | None
    now: datetime


def take_turn(session: Session, response_id: int) -> str:
    """Wait until nobody else changes the people of this response; return its status.

    Raise :class:`Refused` when another response took it over.
    """
    # Changes nothing, but makes two people who act at the same moment take turns.
    statement = (
        update(Response)
        .where(Response.id == response_id)
        .values(updated_at=Response.updated_at)
        .returning(Response.status, Response.merged_into)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(statement).one_or_none()
    if row is None or row.merged_into is not None:
        raise Refused("response", TAKEN_OVER)
    return str(row.status)


def journal(
    session: Session, scene: Scene, verb: str, details: dict[str, Any] | None = None
) -> None:
    """Record what happened to the response; ``details``: numbers and codes, never a name."""
    record(
        session,
        actor_id=scene.actor_id,
        verb=verb,
        subject="response",
        subject_id=scene.response_id,
        now=scene.now,
        consultation_id=scene.consultation_id,
        details=details,
    )
