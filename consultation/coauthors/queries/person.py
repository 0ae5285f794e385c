"""What co-authors know of one person: the responses they write, their notes, their requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, select
from sqlalchemy.orm import Session

from consultation.accounts.models import Organisation
from consultation.coauthors.models import Assignment, JoinRequest, Note, SharedResponse
from consultation.consultations.models import Consultation
from consultation.responses.models import CoAuthor, Response, Submission

AnyRow = Row[*tuple[Any, ...]]


def joined(session: Session, user_id: int, limit: int) -> Sequence[AnyRow]:
    """Return the responses that a person came to write, the latest first.

    Fields: ``at, role, entry, response_id, slug, organisation``.
    """
    statement = _shared(CoAuthor.joined_at.label("at"), CoAuthor.role, CoAuthor.entry)
    mine = statement.where(CoAuthor.user_id == user_id).order_by(CoAuthor.joined_at.desc())
    return session.execute(mine.limit(limit)).all()


def signatures_asked(session: Session, user_id: int, limit: int) -> Sequence[AnyRow]:
    """Return the signatures asked of a signatory and not given since, as :func:`joined` does."""
    signed = exists().where(
        Submission.response_id == Response.id, Submission.submitted_at >= SharedResponse.asked_at
    )
    statement = (
        _shared(SharedResponse.asked_at.label("at"), CoAuthor.role, CoAuthor.entry)
        .join(SharedResponse, SharedResponse.response_id == Response.id)
        .where(
            CoAuthor.user_id == user_id,
            CoAuthor.role == "signatory",
            SharedResponse.asked_at.is_not(None),
            SharedResponse.asked_by.is_distinct_from(user_id),
            ~signed,
        )
        .order_by(SharedResponse.asked_at.desc())
    )
    return session.execute(statement.limit(limit)).all()


def _shared(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *columns,
            Response.id.label("response_id"),
            Consultation.slug,
            Organisation.name.label("organisation"),
        )
        .select_from(CoAuthor)
        .join(Response, Response.id == CoAuthor.response_id)
        .join(Consultation, Consultation.id == Response.consultation_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Response.merged_into.is_(None))
    )


def known_of(session: Session, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what this room keeps about a person, as plain values."""
    written = select(Note).where(Note.author_id == user_id).order_by(Note.id)
    asked = select(JoinRequest).where(JoinRequest.user_id == user_id)
    shares = select(Assignment).where(Assignment.user_id == user_id).order_by(Assignment.target)
    return {
        "responses": [_plain(row) for row in joined(session, user_id, 1000)],
        "notes": [
            {"response": n.response_id, "about": n.target, "text": n.text, "at": n.written_at}
            for n in session.scalars(written)
        ],
        "requests": [
            {"response": r.response_id, "message": r.message, "at": r.asked_at}
            for r in session.scalars(asked)
        ],
        "assignments": [
            {"response": a.response_id, "target": a.target} for a in session.scalars(shares)
        ],
    }


def _plain(row: AnyRow) -> dict[str, str | int | datetime]:
    return dict(row._mapping)
