"""Who examines what just now: a courtesy between moderators, never a lock. The caller commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consultation.db import upsert
from consultation.moderation import rules
from consultation.moderation.models import Claim


def claim(
    session: Session, comment_id: int, moderator_id: int, now: datetime, *, force: bool = False
) -> bool:
    """Say that a moderator examines the comment for ten minutes; ``False`` if a colleague does.

    ``force`` takes it over.
    """
    values = {"moderator_id": moderator_id, "since": now, "until": now + rules.CLAIM}
    statement = upsert(session, Claim).values(comment_id=comment_id, **values)
    free: Any = (Claim.moderator_id == moderator_id) | (Claim.until <= now)
    renewed = statement.on_conflict_do_update(
        index_elements=["comment_id"], set_=values, where=None if force else free
    ).returning(Claim.comment_id)
    return session.scalar(renewed) is not None


def release(session: Session, comment_id: int, moderator_id: int | None = None) -> None:
    """Stop examining; ``moderator_id`` only gives up what is theirs."""
    statement = delete(Claim).where(Claim.comment_id == comment_id)
    if moderator_id is not None:
        statement = statement.where(Claim.moderator_id == moderator_id)
    session.execute(statement)
