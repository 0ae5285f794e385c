"""Ask again, when a letter between co-authors is about to leave, whether what it says is true."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.coauthors.models import SharedResponse
from consultation.coauthors.rules.letters import no_longer
from consultation.consultations.models import Consultation
from consultation.mail.followers import Ending
from consultation.responses.models import CoAuthor, Response, Submission


class Letters:
    """The follower of the messages whose key begins with ``co-authors:``."""

    def before(self, session: Session, key: str, now: datetime) -> str | None:
        """Return why the letter must no longer leave, or ``None``."""
        _, kind, response_id, user_id, *_ = key.split(":")
        signed_at = (
            select(func.max(Submission.submitted_at))
            .where(Submission.response_id == Response.id)
            .scalar_subquery()
        )
        statement = (
            select(CoAuthor.role, SharedResponse.asked_at, signed_at, Consultation.closes_at)
            .select_from(CoAuthor)
            .join(Response, Response.id == CoAuthor.response_id)
            .join(Consultation, Consultation.id == Response.consultation_id)
            .outerjoin(SharedResponse, SharedResponse.response_id == Response.id)
            .where(CoAuthor.response_id == int(response_id), CoAuthor.user_id == int(user_id))
        )
        row = session.execute(statement).one_or_none()
        role, asked_at, signed, closes_at = row or (None, None, None, now)
        return no_longer(kind, role, asked_at, signed, over=closes_at < now)

    def after(self, session: Session, key: str, ending: Ending, reason: str, now: datetime) -> None:
        """Note nothing: the outbox says it."""
