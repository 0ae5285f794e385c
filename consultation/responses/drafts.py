"""Read the draft of a person or of an organisation, with what was sent last, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, String, bindparam, func, null, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session, aliased

from consultation.accounts.models import Organisation, User
from consultation.db import Identifier
from consultation.responses.draft import Draft, LastSent, SavedSection, Shared
from consultation.responses.models import CoAuthor, Response, ResponseSection, Submission
from consultation.responses.queries import AnyRow, AnySelect, signatory, written_at
from consultation.rows import read_rows


def draft(
    session: Session, consultation_id: int, user_id: int, shared: int | None = None
) -> Draft | None:
    """Return the draft of a person and what they sent last, in one statement.

    ``None`` before they begin. ``shared`` names the response of an organisation instead: ``None``
    when it is not in this consultation, or when the person is not one of its co-authors.
    """
    whose = {"consultation_id": consultation_id, "user_id": user_id}
    if shared is None:
        found = read_rows(session, _draft_statement(), whose)
        return _draft(found) if found else None
    found = read_rows(session, _shared_statement(), {**whose, "response_id": shared})
    return _draft(found, _shared(found[0])) if found else None


@cache
def _draft_statement() -> CompoundSelect[*tuple[Any, ...]]:
    # Built once: building it again for each page costs more than the database.
    mine = Response.user_id == bindparam("user_id"), Response.organisation_id.is_(None)
    return union_all(_sections().where(*mine), _last_sent().where(*mine))


@cache
def _shared_statement() -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(*(_written_together(part) for part in (_sections(), _last_sent())))


def _written_together(statement: AnySelect) -> AnySelect:
    return (
        statement.add_columns(
            Organisation.id.label("organisation_id"),
            Organisation.name,
            Response.siren,
            Organisation.actor_type,
            Organisation.region_code,
            CoAuthor.role,
            Response.merged_into,
        )
        .join(CoAuthor, CoAuthor.response_id == written_at())
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Response.id == bindparam("response_id"), CoAuthor.user_id == bindparam("user_id"))
    )


def _sections() -> AnySelect:
    """Select a row for each section saved, or one without section."""
    statement: AnySelect = (
        select(
            *_OF_RESPONSE,
            ResponseSection.section,
            ResponseSection.answers,
            ResponseSection.revision,
            ResponseSection.saved_at,
            ResponseSection.saved_by,
            sql_cast(null(), Identifier).label("sent_id"),
            sql_cast(null(), Identifier).label("sent_version"),
            sql_cast(null(), String).label("receipt"),
            sql_cast(null(), String).label("signatory"),
        )
        .outerjoin(ResponseSection, ResponseSection.response_id == Response.id)
        .where(Response.consultation_id == bindparam("consultation_id"))
    )
    return statement


def _last_sent() -> AnySelect:
    """Select what was sent last, if anything was, as :func:`_sections` does."""
    other = aliased(Submission)
    last = select(func.max(other.number)).where(other.response_id == Response.id).scalar_subquery()
    statement: AnySelect = (
        select(
            *_OF_RESPONSE,
            sql_cast(null(), String),
            Submission.answers,
            Submission.number,
            Submission.submitted_at,
            Submission.signed_by,
            Submission.id,
            Submission.version_id,
            Submission.receipt,
            signatory(),
        )
        .join(Submission, Submission.response_id == Response.id)
        .outerjoin(User, User.id == Submission.signed_by)
        .where(
            Response.consultation_id == bindparam("consultation_id"),
            Response.status != "draft",
            Submission.number == last,
        )
    )
    return statement


_OF_RESPONSE = (
    Response.id,
    Response.user_id,
    Response.status,
    Response.version_id,
    Response.submission_id,
)


def _shared(row: AnyRow) -> Shared:
    return Shared(
        row.organisation_id,
        row.name,
        row.siren,
        row.actor_type,
        row.region_code,
        row.role,
        row.merged_into,
    )


def _draft(rows: Sequence[AnyRow], shared: Shared | None = None) -> Draft:
    response = rows[0]
    return Draft(
        shared=shared,
        response_id=response.id,
        user_id=response.user_id,
        status=response.status,
        version_id=response.version_id,
        submission_id=response.submission_id,
        sections={
            row.section: SavedSection(row.answers, row.revision, row.saved_at, row.saved_by)
            for row in rows
            if row.section is not None
        },
        last=next((_last(row) for row in rows if row.sent_id is not None), None),
    )


def _last(row: AnyRow) -> LastSent:
    return LastSent(
        id=row.sent_id,
        number=row.revision,
        version_id=row.sent_version,
        answers=row.answers,
        receipt=row.receipt,
        submitted_at=row.saved_at,
        signed_by=row.saved_by,
        signatory=row.signatory,
    )
