"""Read who writes a shared response, who is invited and who asks to join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import Organisation, User
from consultation.coauthors.models import CoAuthorInvitation, JoinRequest, SharedResponse
from consultation.coauthors.rules.roles import Member
from consultation.consultations.models import Consultation
from consultation.responses.models import CoAuthor, Response


@dataclass(frozen=True, slots=True)
class Person:
    """A co-author as the others see them."""

    user_id: int
    name: str
    email: str
    role: str
    entry: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who asks to write with the others, and their words."""

    user_id: int
    name: str
    email: str
    asked_at: datetime
    message: str


def members(session: Session, response_id: int) -> list[Member]:
    """Return the roles of the co-authors, whoever they are."""
    statement = select(CoAuthor.user_id, CoAuthor.role, CoAuthor.joined_at).where(
        CoAuthor.response_id == response_id
    )
    return [Member(*row) for row in session.execute(statement)]


def people(session: Session, response_id: int) -> list[Person]:
    """Return the co-authors, signatories first, then in the order they came."""
    statement = (
        select(
            User.id,
            User.display_name,
            User.email,
            CoAuthor.role,
            CoAuthor.entry,
            CoAuthor.joined_at,
        )
        .join(CoAuthor, CoAuthor.user_id == User.id)
        .where(CoAuthor.response_id == response_id)
        .order_by(CoAuthor.role.desc(), CoAuthor.joined_at, User.id)
    )
    return [Person(*row) for row in session.execute(statement)]


def signatories(session: Session, response_id: int) -> list[Person]:
    """Return those who sign."""
    return [one for one in people(session, response_id) if one.role == "signatory"]


def confirmed_addresses(session: Session, response_id: int) -> Sequence[str]:
    """Return the addresses that the co-authors have confirmed."""
    statement = (
        select(User.email)
        .join(CoAuthor, CoAuthor.user_id == User.id)
        .where(CoAuthor.response_id == response_id, User.email_confirmed_at.is_not(None))
    )
    return session.scalars(statement).all()


def invitations(session: Session, response_id: int) -> Sequence[CoAuthorInvitation]:
    """Return the invitations that nobody accepted yet, expired ones included, by address."""
    statement = (
        select(CoAuthorInvitation)
        .where(
            CoAuthorInvitation.response_id == response_id, CoAuthorInvitation.accepted_at.is_(None)
        )
        .order_by(CoAuthorInvitation.email)
    )
    return session.scalars(statement).all()


def invitation(session: Session, response_id: int, number: int) -> CoAuthorInvitation | None:
    """Return a pending invitation of this response."""
    found = session.get(CoAuthorInvitation, number)
    pending = found is not None and found.accepted_at is None
    return found if pending and found and found.response_id == response_id else None


@dataclass(frozen=True, slots=True)
class Called:
    """An invitation that a link names, with where it leads and who wrote it."""

    invitation: CoAuthorInvitation
    response_id: int
    organisation: str
    inviter: str | None
    consultation: Consultation


def called(session: Session, secret_hash: bytes) -> Called | None:
    """Return the invitation of a link, accepted or not, unless its response was taken over."""
    statement = (
        select(CoAuthorInvitation, Response.id, Organisation.name, User.display_name, Consultation)
        .join(Response, Response.id == CoAuthorInvitation.response_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .join(Consultation, Consultation.id == Response.consultation_id)
        .outerjoin(User, User.id == CoAuthorInvitation.invited_by)
        .where(CoAuthorInvitation.secret_hash == secret_hash, Response.merged_into.is_(None))
    )
    row = session.execute(statement).one_or_none()
    return Called(*row) if row else None


def requests(session: Session, response_id: int) -> list[Request]:
    """Return who asks to join, the first to ask first."""
    statement = (
        select(User.id, User.display_name, User.email, JoinRequest.asked_at, JoinRequest.message)
        .join(JoinRequest, JoinRequest.user_id == User.id)
        .where(JoinRequest.response_id == response_id)
        .order_by(JoinRequest.asked_at, User.id)
    )
    return [Request(*row) for row in session.execute(statement)]


def taken_over(session: Session, response_id: int) -> list[tuple[int, str]]:
    """Return the responses that this one took over: number, name of the organisation."""
    statement = (
        select(Response.id, Organisation.name)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Response.merged_into == response_id)
        .order_by(Response.id)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def door(session: Session, response_id: int) -> SharedResponse | None:
    """Return how people come to a shared response."""
    return session.get(SharedResponse, response_id)
