"""Read what was sent for one response: each submission, and what became of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.responses.models import Response, Submission, Withdrawal
from consultation.responses.sent import Sent

LAST_NUMBER = 32_767
"""The greatest number that the table holds."""

GONE = "une personne dont le compte est fermé"
"""Who signed, once they have no account."""


def submissions(
    session: Session, response_id: int, *, limit: int | None = None, offset: int = 0
) -> list[Sent]:
    """Return the submissions of a response, the last first, in one statement."""
    statement = _submissions(response_id).order_by(Submission.number.desc())
    return [Sent(*row) for row in session.execute(statement.limit(limit).offset(offset))]


def count(session: Session, response_id: int) -> int:
    """Return how many times a response was sent."""
    statement = select(func.count(Submission.id)).where(Submission.response_id == response_id)
    return session.scalar(statement) or 0


def submission(session: Session, response_id: int, number: int) -> tuple[Sent, Submission] | None:
    """Return one submission and what became of it; ``None`` when there is none of this number."""
    if number > LAST_NUMBER:
        return None
    statement = _submissions(response_id).where(Submission.number == number)
    row = session.execute(statement.add_columns(Submission)).one_or_none()
    return (Sent(*row[:-1]), row[-1]) if row else None


def _submissions(response_id: int) -> Select[*tuple[Any, ...]]:
    outcome = case(
        (Response.submission_id == Submission.id, "counted"),
        (Withdrawal.withdrawn_at.is_not(None), "withdrawn"),
        else_="replaced",
    )
    signatory = case(
        (Submission.signed_by.is_not(None), func.coalesce(User.display_name, GONE)), else_=""
    )
    return (
        select(
            Submission.id,
            Submission.number,
            Submission.version_id,
            Submission.receipt,
            Submission.submitted_at,
            Withdrawal.withdrawn_at,
            outcome,
            signatory,
        )
        .join(Response, Response.id == Submission.response_id)
        .outerjoin(Withdrawal, Withdrawal.submission_id == Submission.id)
        .outerjoin(User, User.id == Submission.signed_by)
        .where(Submission.response_id == response_id)
    )
