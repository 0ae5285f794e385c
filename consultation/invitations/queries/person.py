"""Read what concerns one person: their links, their log, what came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from consultation.invitations.models import (
    Bounce,
    Campaign,
    Contact,
    Invitation,
    Sending,
    Unsubscription,
)
from consultation.mail.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class Logged:
    """A sending, its campaign, and how the outbox fares with it while it waits."""

    sending: Sending
    campaign: Campaign
    attempts: int
    last_error: str | None


def log(session: Session, contact_id: int) -> list[Logged]:
    """Return everything sent to a contact, the latest first, in one statement."""
    statement = (
        select(Sending, Campaign, OutboxMessage.attempts, OutboxMessage.last_error)
        .join(Campaign, Campaign.id == Sending.campaign_id)
        .outerjoin(OutboxMessage, OutboxMessage.key == Sending.outbox_key)
        .where(Sending.contact_id == contact_id)
        .order_by(Sending.id.desc())
    )
    return [Logged(row[0], row[1], row[2] or 0, row[3]) for row in session.execute(statement)]


def bounces(session: Session, contact_id: int) -> Sequence[Bounce]:
    """Return what servers said of the address of a contact, the latest first."""
    statement = (
        select(Bounce).where(Bounce.contact_id == contact_id).order_by(Bounce.id.desc()).limit(50)
    )
    return session.scalars(statement).all()


def live_link(session: Session, contact_id: int) -> Invitation | None:
    """Return the personal link of a contact that is not revoked."""
    statement = select(Invitation).where(
        Invitation.contact_id == contact_id, Invitation.revoked_at.is_(None)
    )
    return session.scalars(statement).one_or_none()


def by_link(session: Session, link_hash: bytes) -> Invitation | None:
    """Return the personal link of a hash, revoked or not, with its contact."""
    statement = (
        select(Invitation)
        .where(Invitation.link_hash == link_hash)
        .options(joinedload(Invitation.contact))
    )
    return session.scalars(statement).one_or_none()


def silent_everywhere(session: Session, address_hash: bytes) -> bool:
    """Whether an address asked for no more invitations to any consultation of the site."""
    statement = select(Unsubscription.id).where(
        Unsubscription.address_hash == address_hash, Unsubscription.consultation_id.is_(None)
    )
    return session.scalar(statement) is not None


def contact(session: Session, contact_id: int) -> Contact | None:
    """Return a contact by its number."""
    return session.get(Contact, contact_id)


def by_reference(session: Session, references: Iterable[str]) -> Sending | None:
    """Return the sending whose Message-ID begins with one of ``references``."""
    statement = (
        select(Sending)
        .where(Sending.reference.in_(list(references)[:20]))
        .options(joinedload(Sending.contact), joinedload(Sending.campaign))
        .limit(1)
    )
    return session.scalars(statement).one_or_none()
