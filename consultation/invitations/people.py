"""What the address books know of one person, for their rights: read it, erase it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from consultation.invitations.actions import openings
from consultation.invitations.models import Campaign, Contact, OpeningRequest, Sending


def known_of(session: Session, *, user_id: int | None, email: str) -> list[dict[str, Any]]:
    """Return each entry about a person, by their account or their address, with what was sent."""
    statement = (
        select(Contact)
        .where(or_(Contact.user_id == user_id, Contact.email == email))
        .order_by(Contact.id)
    )
    return [_entry(session, contact) for contact in session.scalars(statement)]


def awaited_openings(session: Session, email: str) -> list[dict[str, Any]]:
    """Return the consultations whose opening an address wants to know of."""
    statement = select(
        OpeningRequest.consultation_id, OpeningRequest.asked_at, OpeningRequest.confirmed_at
    ).where(OpeningRequest.email == email)
    return [row._asdict() for row in session.execute(statement.order_by(OpeningRequest.id))]


def forget(session: Session, *, user_id: int | None, email: str) -> None:
    """Erase the entries of an address and their log, and untie the others from the account.

    Whether the address asked for silence is kept, as a keyed hash. The caller commits.
    """
    session.execute(delete(Contact).where(Contact.email == email))
    asked = session.scalars(select(OpeningRequest.id).where(OpeningRequest.email == email)).all()
    openings.forget(session, asked)
    if user_id is not None:
        session.execute(update(Contact).where(Contact.user_id == user_id).values(user_id=None))


def _entry(session: Session, contact: Contact) -> dict[str, Any]:
    sent = session.execute(
        select(Campaign.kind, Sending.state, Sending.posted_at, Sending.settled_at)
        .join(Campaign, Campaign.id == Sending.campaign_id)
        .where(Sending.contact_id == contact.id)
        .order_by(Sending.id)
    )
    columns = (
        "consultation_id",
        "email",
        "name",
        "organisation",
        "actor_type",
        "region_code",
        "siret",
        "attributes",
        "created_at",
        "entered_at",
        "unsubscribed_at",
        "bounced_at",
    )
    return {
        **{column: getattr(contact, column) for column in columns},
        "messages": [row._asdict() for row in sent],
    }
