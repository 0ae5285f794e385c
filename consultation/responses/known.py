"""What the responses keep about one person, for themselves to read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.responses.models import (
    Attachment,
    Response,
    ResponseSection,
    Submission,
    Withdrawal,
)
from consultation.responses.queries import own_or_shared


def known_of(session: Session, user_id: int) -> list[dict[str, Any]]:
    """Return each response of a person, their own and those they share: drafts, files, sendings."""
    statement = (
        select(Response, Consultation.slug)
        .join(Consultation, Consultation.id == Response.consultation_id)
        .where(own_or_shared(user_id))
        .order_by(Response.id)
    )
    return [_response(session, response, slug) for response, slug in session.execute(statement)]


def _response(session: Session, response: Response, slug: str) -> dict[str, Any]:
    of = response.id
    drafts = select(ResponseSection).where(ResponseSection.response_id == of)
    files = select(Attachment).where(Attachment.response_id == of).order_by(Attachment.added_at)
    return {
        "consultation": slug,
        "organisation": response.organisation_id is not None,
        "status": response.status,
        "begun_at": response.created_at,
        "draft": [
            {"section": s.section, "saved_at": s.saved_at, "answers": s.answers}
            for s in session.scalars(drafts.order_by(ResponseSection.section))
        ],
        "files": [
            {"name": f.name, "question": f.question, "size": f.size, "added_at": f.added_at}
            for f in session.scalars(files)
        ],
        "submissions": _submissions(session, of),
    }


def _submissions(session: Session, response_id: int) -> list[dict[str, Any]]:
    statement = (
        select(Submission, Withdrawal.withdrawn_at)
        .outerjoin(Withdrawal, Withdrawal.submission_id == Submission.id)
        .where(Submission.response_id == response_id)
        .order_by(Submission.number)
    )
    return [
        {
            "number": sent.number,
            "submitted_at": sent.submitted_at,
            "withdrawn_at": withdrawn_at,
            "receipt": sent.receipt,
            "profile": sent.profile,
            "answers": sent.answers,
        }
        for sent, withdrawn_at in session.execute(statement)
    ]
