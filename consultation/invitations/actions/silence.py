"""Stop writing to somebody: because they asked, or because their server refuses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.db import upsert
from consultation.invitations.links import Links
from consultation.invitations.models import Contact, Unsubscription


def unsubscribe(
    session: Session, contact: Contact, links: Links, *, everywhere: bool, now: datetime
) -> None:
    """Send nothing more to a contact, nor to their address when it is imported again.

    ``everywhere``: for every consultation of the site. Doing it twice changes nothing.
    """
    where = None if everywhere else contact.consultation_id
    session.execute(
        upsert(session, Unsubscription)
        .values(consultation_id=where, address_hash=links.address_hash(contact.email), at=now)
        .on_conflict_do_nothing()
    )
    statement = update(Contact).where(
        Contact.email == contact.email, Contact.unsubscribed_at.is_(None)
    )
    if not everywhere:
        statement = statement.where(Contact.consultation_id == contact.consultation_id)
    session.execute(statement.values(unsubscribed_at=now))
    _journal(session, "unsubscribe", contact, None, now)


def resubscribe(session: Session, contact: Contact, links: Links, *, now: datetime) -> None:
    """Write again to a contact who changed their mind, for every consultation."""
    session.execute(
        delete(Unsubscription).where(
            Unsubscription.address_hash == links.address_hash(contact.email),
            Unsubscription.consultation_id.is_(None)
            | (Unsubscription.consultation_id == contact.consultation_id),
        )
    )
    kept = select(Unsubscription.consultation_id).where(
        Unsubscription.address_hash == links.address_hash(contact.email)
    )
    session.execute(
        update(Contact)
        .where(Contact.email == contact.email, Contact.consultation_id.not_in(kept))
        .values(unsubscribed_at=None)
        .execution_options(synchronize_session=False)
    )
    session.refresh(contact)
    _journal(session, "resubscribe", contact, None, now)


def try_again(
    session: Session, consultation_id: int, contact: Contact | None, *, actor_id: int, now: datetime
) -> int:
    """Write again to a contact whose server refused, or to all of them; return how many."""
    statement = update(Contact).where(
        Contact.consultation_id == consultation_id, Contact.bounced_at.is_not(None)
    )
    if contact is not None:
        statement = statement.where(Contact.id == contact.id)
    lifted = session.scalars(
        statement.values(bounced_at=None)
        .returning(Contact.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.expire_all()
    record(
        session,
        actor_id=actor_id,
        verb="retry_address",
        subject="contact",
        subject_id=contact.id if contact else "",
        consultation_id=consultation_id,
        now=now,
        details={"number": len(lifted)},
    )
    return len(lifted)


def _journal(
    session: Session, verb: str, contact: Contact, actor_id: int | None, now: datetime
) -> None:
    record(
        session,
        actor_id=actor_id,
        verb=verb,
        subject="contact",
        subject_id=contact.id,
        consultation_id=contact.consultation_id,
        now=now,
    )
