"""Read the official responses of a consultation: which a person may join, and their list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from consultation.accounts.models import Organisation
from consultation.coauthors.models import JoinRequest, SharedResponse
from consultation.coauthors.rules.signing import pending
from consultation.responses.models import CoAuthor, Response, ResponseSection, Submission


@dataclass(frozen=True, slots=True)
class Door:
    """An official response that a person does not write yet, and how they may come to it.

    ``by_domain``: their address opens it. ``same_siren``: it answers for the SIREN of their
    profile; ``absorbed``: because it took over the response that had it.
    ``asked``: they asked to join. ``waiting``: nobody writes it any more.
    """

    response_id: int
    organisation: str
    by_domain: bool
    same_siren: bool
    asked: bool
    waiting: bool
    absorbed: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person who comes: their SIREN and, when confirmed, their domain."""

    user_id: int
    siren: str | None
    domain: str | None


def doors(session: Session, consultation_id: int, known: Known) -> list[Door]:
    """Return the official responses that the person may join or ask to join; one statement."""
    by_domain, same_siren = _by_domain(known), _same_siren(consultation_id, known)
    statement = (
        select(
            Response.id,
            Organisation.name,
            by_domain.label("by_domain"),
            same_siren.label("same_siren"),
            _asked(known).label("asked"),
            (~_has_co_author()).label("waiting"),
            func.coalesce(Response.siren, "").label("siren"),
        )
        .join(Organisation, Organisation.id == Response.organisation_id)
        .join(SharedResponse, SharedResponse.response_id == Response.id)
        .where(
            Response.consultation_id == consultation_id,
            Response.merged_into.is_(None),
            or_(by_domain, same_siren),
            ~_has_co_author(known.user_id),
        )
        .order_by(same_siren.desc(), Organisation.name, Response.id)
        .limit(10)
    )
    return [
        Door(
            response_id=row[0],
            organisation=row[1],
            by_domain=bool(row[2]),
            same_siren=bool(row[3]),
            asked=bool(row[4]),
            waiting=bool(row[5]),
            absorbed=bool(row[3]) and row[6] != known.siren,
        )
        for row in session.execute(statement)
    ]


def _by_domain(known: Known) -> ColumnElement[bool]:
    if known.domain is None:
        return literal(False)
    return func.coalesce(SharedResponse.domain, "") == known.domain


def _same_siren(consultation_id: int, known: Known) -> ColumnElement[bool]:
    if known.siren is None:
        return literal(False)
    answering = _answering(consultation_id, known.siren).scalar_subquery()
    return Response.id == func.coalesce(answering, 0)


def _answering(consultation_id: int, siren: str) -> Select[int]:
    """Select the response that answers for a SIREN: its own, or the one that absorbed it."""
    holder = aliased(Response)
    return select(func.coalesce(holder.merged_into, holder.id)).where(
        holder.consultation_id == consultation_id, holder.siren == siren
    )


def _asked(known: Known) -> ColumnElement[bool]:
    return (
        exists()
        .where(JoinRequest.response_id == Response.id, JoinRequest.user_id == known.user_id)
        .correlate(Response)
    )


def _has_co_author(user_id: int | None = None) -> ColumnElement[bool]:
    whose = [CoAuthor.user_id == user_id] if user_id is not None else []
    return exists().where(CoAuthor.response_id == Response.id, *whose).correlate(Response)


@dataclass(frozen=True, slots=True)
class Official:
    """An official response as the organisers see it: never an answer.

    ``submitted_at``: when what counts was sent; ``signed_at``: the last signature, withdrawn since
    or not. ``asked_at``: when it was asked for. ``requests``: people who ask to join.
    """

    response_id: int
    name: str
    siren: str | None
    status: str
    merged_into: int | None
    co_authors: int
    signatories: int
    requests: int
    saved_at: datetime | None
    submitted_at: datetime | None
    signed_at: datetime | None
    asked_at: datetime | None

    @property
    def state(self) -> str:
        """``waiting`` (nobody), ``signing``, ``sent``, ``draft``, ``withdrawn`` or ``merged``."""
        if self.merged_into is not None:
            return "merged"
        if self.co_authors == 0:
            return "waiting"
        if pending(self.asked_at, self.signed_at):
            return "signing"
        return self.status


def official_responses(session: Session, consultation_id: int) -> list[Official]:
    """Return every official response of a consultation, by name; one statement."""
    statement = _officials().where(Response.consultation_id == consultation_id)
    ordered = statement.order_by(func.lower(Organisation.name), Response.id)
    return [Official(*row) for row in session.execute(ordered)]


def official(session: Session, consultation_id: int, number: int) -> Official | None:
    """Return one official response of a consultation."""
    statement = _officials().where(
        Response.consultation_id == consultation_id, Response.id == number
    )
    row = session.execute(statement).one_or_none()
    return Official(*row) if row else None


def of_siren(session: Session, consultation_id: int, siren: str) -> int | None:
    """Return the number of the official response that answers for a SIREN, its own or absorbed."""
    return session.scalar(_answering(consultation_id, siren))


def written_for(
    session: Session, consultation_id: int, user_id: int, siren: str | None
) -> int | None:
    """Return the response that a person already writes for the SIREN, or opened without one."""
    if siren:
        whose = Response.id == _answering(consultation_id, siren).scalar_subquery()
    else:
        whose = Response.user_id == user_id
    statement = (
        select(Response.id)
        .where(
            Response.consultation_id == consultation_id,
            Response.organisation_id.is_not(None),
            Response.merged_into.is_(None),
            whose,
            _has_co_author(user_id),
        )
        .order_by(Response.id)
    )
    return session.scalars(statement).first()


def how_many(session: Session, consultation_id: int) -> tuple[int, int]:
    """Return how many official responses there are, and how many of them nobody writes."""
    statement = select(
        func.count(Response.id), func.count(Response.id).filter(~_has_co_author())
    ).where(
        Response.consultation_id == consultation_id,
        Response.organisation_id.is_not(None),
        Response.merged_into.is_(None),
    )
    row = session.execute(statement).one()
    return row[0], row[1]


def sections_of(session: Session, numbers: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return the keys of the sections saved in each response."""
    rows = session.execute(
        select(ResponseSection.response_id, ResponseSection.section).where(
            ResponseSection.response_id.in_(numbers)
        )
    ).all()
    return {
        number: frozenset(row.section for row in rows if row.response_id == number)
        for number in numbers
    }


@cache
def _officials() -> Select[*tuple[Any, ...]]:
    own, signed = CoAuthor.response_id == Response.id, aliased(Submission)
    statement: Select[*tuple[Any, ...]] = (
        select(
            Response.id,
            Organisation.name,
            Response.siren,
            Response.status,
            Response.merged_into,
            _number(CoAuthor.user_id, own),
            _number(CoAuthor.user_id, and_(own, CoAuthor.role == "signatory")),
            _number(JoinRequest.user_id, JoinRequest.response_id == Response.id),
            select(func.max(ResponseSection.saved_at))
            .where(ResponseSection.response_id == Response.id)
            .scalar_subquery(),
            Submission.submitted_at,
            select(func.max(signed.submitted_at))
            .where(signed.response_id == Response.id)
            .scalar_subquery(),
            SharedResponse.asked_at,
        )
        .join(Organisation, Organisation.id == Response.organisation_id)
        .outerjoin(SharedResponse, SharedResponse.response_id == Response.id)
        .outerjoin(Submission, Submission.id == Response.submission_id)
    )
    return statement


def _number(column: Any, where: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(where).correlate(Response).scalar_subquery()
