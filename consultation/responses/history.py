"""Read what was sent for one response: each submission, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from consultation.accounts.models import User
from consultation.responses.models import Response, Submission, Withdrawal
from consultation.responses.queries import GONE, signatory
from consultation.responses.sent import Sent

LAST_NUMBER = 32_767
"""The greatest number that the table holds."""


def submissions(
    session: Session, response_id: int, *, limit: int | None = None, offset: int = 0
) -> list[Sent]:
    """Return the submissions of a response, the last first, in one statement."""
    statement = _submissions(response_id).order_by(Submission.number.desc())
    return [Sent(*row) for row in session.execute(statement.limit(limit).offset(offset))]


def whole(
    session: Session, response_id: int, *numbers: int
) -> Mapping[int, tuple[Sent, Submission]]:
    """Return those of ``numbers`` that were sent, and what became of each, in one statement."""
    wanted = [number for number in numbers if number <= LAST_NUMBER]
    statement = _submissions(response_id).where(Submission.number.in_(wanted))
    rows = session.execute(statement.add_columns(Submission)).all() if wanted else []
    return {row[-1].number: (Sent(*row[:-1]), row[-1]) for row in rows}


def _submissions(response_id: int) -> Select[*tuple[Any, ...]]:
    outcome = case(
        (Response.submission_id == Submission.id, "counted"),
        (Withdrawal.withdrawn_at.is_not(None), "withdrawn"),
        else_="replaced",
    )
    former = aliased(User)
    # The organisers who merge two responses are not named.
    theirs = and_(
        Withdrawal.withdrawn_by.is_not(None),
        Response.organisation_id.is_not(None),
        Response.merged_into.is_(None),
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
            signatory(),
            case((theirs, func.coalesce(former.display_name, GONE)), else_=""),
        )
        .join(Response, Response.id == Submission.response_id)
        .outerjoin(Withdrawal, Withdrawal.submission_id == Submission.id)
        .outerjoin(User, User.id == Submission.signed_by)
        .outerjoin(former, former.id == Withdrawal.withdrawn_by)
        .where(Submission.response_id == response_id)
    )
