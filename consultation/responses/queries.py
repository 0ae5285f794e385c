"""Read responses: what was sent, whose it is, and what results and exports count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from consultation.accounts.models import Organisation, User
from consultation.consultations.models import Consultation
from consultation.db import Identifier
from consultation.responses.models import (
    Attachment,
    CoAuthor,
    Response,
    ResponseSection,
    Submission,
)

State = Literal["none", "draft", "sent", "withdrawn"]
AnyRow = Row[*tuple[Any, ...]]
Person = int | ColumnElement[Any] | None
AnySelect = Select[*tuple[Any, ...]]
GONE = "une personne dont le compte est fermé"
"""Who signed, once they have no account."""


def signatory() -> ColumnElement[str]:
    """Select who signed a submission, with an outer join to their account; empty for one’s own."""
    named = func.coalesce(User.display_name, GONE)
    return case((Submission.signed_by.is_not(None), named), else_="")


def last_submission(session: Session, response_id: int) -> Submission | None:
    """Return what was sent last for a response, counted or not."""
    found = session.scalars(_last_submission_statement(), {"response_id": response_id})
    return found.one_or_none()


@cache
def _last_submission_statement() -> Select[Submission]:
    return (
        select(Submission)
        .where(Submission.response_id == bindparam("response_id"))
        .order_by(Submission.number.desc())
        .limit(1)
    )


def counted_submission(
    session: Session, consultation_id: int, user_id: int, shared: int | None = None
) -> Submission | None:
    """Return the submission of a person that counts, if any.

    ``shared`` names the response of an organisation of which the person is a co-author instead.
    """
    statement = (
        select(Submission)
        .join(Response, Response.submission_id == Submission.id)
        .where(Response.consultation_id == consultation_id, _of_one(user_id, shared))
    )
    return session.scalars(statement).one_or_none()


def _of_one(user_id: int, shared: int | None) -> ColumnElement[bool]:
    """Say whose response it is: the person's own, or the one they share under that number."""
    if shared is None:
        return own_of(user_id)
    return and_(Response.id == shared, written_by(user_id))


def own_of(user_id: Person) -> ColumnElement[bool]:
    """Say that the response is the person's own."""
    return and_(Response.user_id == user_id, Response.organisation_id.is_(None))


def written_by(user_id: Person) -> ColumnElement[bool]:
    """Say that a person is a co-author of the response, or of the one that took it over."""
    return (
        exists()
        .where(CoAuthor.response_id == written_at(), CoAuthor.user_id == user_id)
        .correlate(Response)
    )


def copies_to_co_authors(key: str, response_id: int) -> Select[str, str]:
    """Select a key of the outbox and the address of each person who writes a shared response."""
    return (
        select(literal(f"{key}:") + sql_cast(User.id, String), User.email)
        .join(CoAuthor, CoAuthor.user_id == User.id)
        .where(CoAuthor.response_id == response_id)
    )


def written_at() -> ColumnElement[int]:
    """Return the number of the response whose co-authors read this one: itself, most often."""
    return func.coalesce(Response.merged_into, Response.id)


def addresses_of_co_authors(session: Session, response_id: int) -> Sequence[str]:
    """Return the e-mail addresses of whoever writes a shared response, in order."""
    statement = (
        select(User.email)
        .join(CoAuthor, CoAuthor.user_id == User.id)
        .where(CoAuthor.response_id == response_id)
        .order_by(User.email)
    )
    return session.scalars(statement).all()


def received_at(session: Session, receipt: str) -> datetime | None:
    """Return when the submission of ``receipt`` was received; ``None`` when there is none."""
    return session.scalar(select(Submission.submitted_at).where(Submission.receipt == receipt))


def attachment(
    session: Session, consultation_id: int, user_id: int, name: str, shared: int | None = None
) -> AnyRow | None:
    """Return ``(id, name, media_type)`` of a file of this person's response, or of a shared one."""
    statement: AnySelect = (
        select(Attachment.id, Attachment.name, Attachment.media_type)
        .join(Response, Response.id == Attachment.response_id)
        .where(
            Attachment.id == name,
            Response.consultation_id == consultation_id,
            _of_one(user_id, shared),
        )
    )
    found: AnyRow | None = session.execute(statement).one_or_none()
    return found


# --- For the pages of other rooms ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Participation:
    """Where a person is in one consultation."""

    consultation_id: int
    slug: str
    title: dict[str, str]
    closes_at: datetime
    state: State
    saved_at: datetime | None
    submitted_at: datetime | None
    receipt: str | None
    response_id: int
    organisation: str | None
    siren: str | None = None

    @property
    def shared(self) -> int | None:
        """The number of the response in the addresses of its pages; none for one's own."""
        return self.response_id if self.organisation is not None else None


def mine(
    session: Session, user_id: int, *, limit: int | None = None, offset: int = 0
) -> list[Participation]:
    """Return the responses of a person, their own and those they share, the last begun first."""
    statement = _participations().where(own_or_shared(user_id)).limit(limit).offset(offset)
    return [_participation(row) for row in session.execute(statement)]


def count_mine(session: Session, user_id: int) -> int:
    """Return how many responses a person has, their own and those they share."""
    statement = select(func.count(Response.id)).where(own_or_shared(user_id))
    return session.scalar(statement) or 0


def states_of(session: Session, consultation_id: int, user_id: int) -> list[Participation]:
    """Return the responses of a person in one consultation: their own and those they share."""
    whose = {"consultation": consultation_id, "user": user_id}
    return [_participation(row) for row in session.execute(_states(), whose)]


@cache
def _states() -> AnySelect:
    return _participations().where(
        Response.consultation_id == bindparam("consultation"),
        own_or_shared(bindparam("user", type_=Identifier)),
    )


def own_or_shared(user_id: Person) -> ColumnElement[bool]:
    """Say that the response is the person's own or one they share, and still stands."""
    shown = or_(own_of(user_id), written_by(user_id))
    return and_(shown, Response.merged_into.is_(None))


def _participations() -> AnySelect:
    saved_at = (
        select(func.max(ResponseSection.saved_at))
        .where(ResponseSection.response_id == Response.id)
        .scalar_subquery()
    )
    statement: AnySelect = (
        select(
            Consultation.id,
            Consultation.slug,
            Consultation.title,
            Consultation.closes_at,
            Response.status,
            saved_at.label("saved_at"),
            Submission.submitted_at,
            Submission.receipt,
            Response.id.label("response_id"),
            Organisation.name,
            Response.siren,
        )
        .join(Consultation, Consultation.id == Response.consultation_id)
        .outerjoin(Organisation, Organisation.id == Response.organisation_id)
        .outerjoin(Submission, Submission.id == Response.submission_id)
        .order_by(Response.id.desc())
    )
    return statement


def _participation(row: AnyRow) -> Participation:
    return Participation(*tuple(row))


# --- For figures and exports ---------------------------------------------------------------------


def counts(session: Session, consultation_id: int) -> tuple[int, int]:
    """Return the numbers of drafts never sent and of submissions that count."""
    statement = (
        select(Response.status, func.count())
        .where(Response.consultation_id == consultation_id)
        .group_by(Response.status)
    )
    by_status: dict[str, int] = {row[0]: row[1] for row in session.execute(statement)}
    return by_status.get("draft", 0), by_status.get("sent", 0)


def received(session: Session, consultation_ids: Sequence[int]) -> dict[int, int]:
    """Return the number of submissions that count, by consultation; 0 where there is none."""
    rows: Sequence[AnyRow] = ()
    if consultation_ids:
        rows = session.execute(_received(), {"consultations": list(consultation_ids)}).all()
    found: dict[int, int] = {row[0]: row[1] for row in rows}
    return {identifier: found.get(identifier, 0) for identifier in consultation_ids}


@cache
def _received() -> AnySelect:
    statement: AnySelect = (
        select(Response.consultation_id, func.count())
        .where(
            Response.consultation_id.in_(bindparam("consultations", expanding=True)),
            Response.status == "sent",
        )
        .group_by(Response.consultation_id)
    )
    return statement


def drafts_answering(session: Session, consultation_id: int, key: str) -> int:
    """Return how many drafts never sent hold an answer to the question ``key``."""
    statement = (
        select(func.count(Response.id.distinct()))
        .join(ResponseSection, ResponseSection.response_id == Response.id)
        .where(
            Response.consultation_id == consultation_id,
            Response.status == "draft",
            ResponseSection.answers[key].as_string().is_not(None),
        )
    )
    return session.scalar(statement) or 0


class Vector(NamedTuple):
    """What results count of one submission (see ``questionnaires.layout``)."""

    version_id: int
    codes: bytes
    unit: int
    individual: bool


def current_vectors(
    session: Session, consultation_id: int, block: int = 65_536
) -> Iterator[Sequence[Any]]:
    """Yield the submissions that count, in blocks of rows with the fields of :class:`Vector`.

    One statement; at most ``block`` rows are in memory at once. Straight from the connection: the
    session's own rows take twice the time, and a million of them are read here.
    """
    statement = (
        select(Submission.version_id, Submission.codes, Submission.unit, Submission.individual)
        .join(Response, Response.submission_id == Submission.id)
        .where(Response.consultation_id == consultation_id)
        .execution_options(yield_per=block)
    )
    session.flush()
    yield from session.connection().execute(statement).partitions()


def current_submissions(
    session: Session, consultation_id: int, after: int = 0, block: int = 500
) -> Iterator[Sequence[Any]]:
    """Yield the submissions that count in blocks of rows, in the order they were received.

    Fields: ``id, response_id, version_id, number, answers, profile, unit, individual, receipt,
    submitted_at, official``, whether it is that of an organisation. Each block starts after the
    last identifier of the one before: nothing is read twice, and an export can go on from
    ``after``.
    """
    statement = (
        select(
            Submission.id,
            Submission.response_id,
            Submission.version_id,
            Submission.number,
            Submission.answers,
            Submission.profile,
            Submission.unit,
            Submission.individual,
            Submission.receipt,
            Submission.submitted_at,
            Response.organisation_id.is_not(None).label("official"),
        )
        .join(Response, Response.submission_id == Submission.id)
        .where(Submission.consultation_id == consultation_id)
        .order_by(Submission.id)
        .limit(block)
    )
    while rows := session.execute(statement.where(Submission.id > after)).all():
        yield rows
        after = rows[-1].id
