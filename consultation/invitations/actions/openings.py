"""Tell those who asked that a consultation opens: confirmed by a letter, told once, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, String, cast, delete, exists, literal, select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.consultations.rules import phase
from consultation.db import upsert
from consultation.invitations import opening_letters
from consultation.invitations.links import Links
from consultation.invitations.models import OpeningRequest
from consultation.invitations.queries.campaigns import settings_of
from consultation.invitations.queries.person import silent_everywhere
from consultation.invitations.rules.openings import LIFE, MOST_LETTERS, letter_number
from consultation.mail.actions import forget_letters, post, post_to_each
from consultation.mail.models import OutboxMessage

TOLD = literal("opening:").concat(cast(OpeningRequest.id, String))
"""The key of the one letter that tells of the opening."""

BATCH = 500


def ask(
    session: Session, consultation: Consultation, email: str, links: Links, now: datetime
) -> None:
    """Note that somebody wants to know of the opening, and ask the address to confirm.

    An address that asked for silence on the whole site receives nothing: others may type it.
    """
    if silent_everywhere(session, links.address_hash(email)):
        return
    session.execute(
        upsert(session, OpeningRequest)
        .values(consultation_id=consultation.id, email=email, asked_at=now)
        .on_conflict_do_nothing()
    )
    asked = session.scalars(
        select(OpeningRequest).where(
            OpeningRequest.consultation_id == consultation.id, OpeningRequest.email == email
        )
    ).one()
    number = letter_number(asked.asked_at, now)
    if asked.confirmed_at is not None or number is None:
        return
    subject, text = opening_letters.to_confirm(consultation, links.opening(asked.id))
    key = f"opening-request:{asked.id}:{number}"
    post(session, key=key, to=email, subject=subject, text=text, now=now)


def confirm(
    session: Session, request: OpeningRequest, consultation: Consultation, now: datetime
) -> bool:
    """Keep a request until the opening; ``False`` when the consultation is open already."""
    if phase(consultation, now) != "coming":
        return False
    request.confirmed_at = request.confirmed_at or now
    session.flush()
    return True


def forget(session: Session, identifiers: Sequence[int]) -> None:
    """Erase requests, and the address from every letter that they caused."""
    keys = [f"opening:{number}" for number in identifiers]
    for letter in range(MOST_LETTERS):
        keys += [f"opening-request:{number}:{letter}" for number in identifiers]
    forget_letters(session, keys)
    session.execute(
        delete(OpeningRequest)
        .where(OpeningRequest.id.in_(identifiers))
        .execution_options(synchronize_session=False)
    )


def tell(session: Session, base: str, now: datetime) -> int:
    """Post the letter to those whose consultation opened, and forget whoever received it.

    Return how many were posted. Running it twice, or two at once, changes nothing: the key of a
    letter is that of its request, which stays until the letter has left.
    """
    forget(session, _settled(session))
    posted = 0
    for consultation in _opened(session, now):
        subject, text = opening_letters.to_tell(consultation, base)
        people = _untold(consultation.id, settings_of(session, consultation.id).per_minute)
        posted += post_to_each(session, people, subject=subject, text=text, now=now)
    return posted


def _untold(consultation_id: int, most: int) -> Select[str, str]:
    return (
        select(TOLD.label("key"), OpeningRequest.email)
        .where(
            OpeningRequest.consultation_id == consultation_id,
            OpeningRequest.confirmed_at.is_not(None),
            ~exists().where(OutboxMessage.key == TOLD),
        )
        .order_by(OpeningRequest.id)
        .limit(most)
    )


def _opened(session: Session, now: datetime) -> Sequence[Consultation]:
    waiting = exists().where(
        OpeningRequest.consultation_id == Consultation.id, OpeningRequest.confirmed_at.is_not(None)
    )
    statement = select(Consultation).where(
        Consultation.state == "published",
        Consultation.opens_at <= now,
        Consultation.closes_at >= now,
        waiting,
    )
    return session.scalars(statement.order_by(Consultation.id)).all()


def _settled(session: Session) -> Sequence[int]:
    """Return the requests whose letter left, or never will."""
    statement = (
        select(OpeningRequest.id)
        .join(OutboxMessage, OutboxMessage.key == TOLD)
        .where(OutboxMessage.sent_at.is_not(None) | OutboxMessage.failed_at.is_not(None))
        .limit(BATCH)
    )
    return session.scalars(statement).all()


def forget_what_is_over(session: Session, now: datetime) -> None:
    """Erase the addresses that nobody confirmed, and those of consultations that are over."""
    never = OpeningRequest.confirmed_at.is_(None) & (OpeningRequest.asked_at < now - LIFE)
    over = exists().where(
        Consultation.id == OpeningRequest.consultation_id, Consultation.closes_at < now
    )
    statement = select(OpeningRequest.id).where(never | over).limit(BATCH)
    forget(session, session.scalars(statement).all())
