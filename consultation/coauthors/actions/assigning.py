"""Give sections and questions to co-authors, and take them back. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, tuple_
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.coauthors.models import Assignment
from consultation.db import upsert

Share = tuple[str, int]
"""A target, and the number of who looks after it."""


def share_out(
    session: Session,
    *,
    consultation_id: int,
    response_id: int,
    actor_id: int,
    given: Collection[Share],
    taken: Collection[Share],
    now: datetime,
) -> None:
    """Add and remove shares; those that somebody else changed meanwhile stay as they are."""
    if given:
        rows = [{"response_id": response_id, "target": t, "user_id": u} for t, u in sorted(given)]
        session.execute(upsert(session, Assignment).values(rows).on_conflict_do_nothing())
    if taken:
        statement = delete(Assignment).where(
            Assignment.response_id == response_id,
            tuple_(Assignment.target, Assignment.user_id).in_(sorted(taken)),
        )
        session.execute(statement, execution_options={"synchronize_session": False})
    if given or taken:
        record(
            session,
            actor_id=actor_id,
            verb="share_out_response",
            subject="response",
            subject_id=response_id,
            now=now,
            consultation_id=consultation_id,
            details={"given": len(given), "taken": len(taken)},
        )
