"""Fill and empty the address book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.consultations.rules import Refused
from consultation.db import upsert
from consultation.invitations.links import Links
from consultation.invitations.models import Contact, ContactImport
from consultation.invitations.queries import book as book_queries
from consultation.invitations.reading.line import Known, NewContact
from consultation.invitations.reading.report import Reading, read_contacts


def prepare_import(
    session: Session,
    consultation_id: int,
    *,
    file_name: str,
    data: bytes,
    known: Known,
    actor_id: int,
    now: datetime,
) -> ContactImport:
    """Keep a file until it is confirmed, with what it would bring, flushed.

    Raises:
        UnreadableFile: nothing in it can be read as contacts.
    """
    reading = read_contacts(data, known, book_queries.addresses(session, consultation_id))
    given = ContactImport(
        consultation_id=consultation_id,
        file_name=file_name,
        data=data,
        report={**reading.as_json(), "sample": _sample(reading)},
        created_by=actor_id,
        created_at=now,
    )
    session.add(given)
    session.flush()
    return given


def _sample(reading: Reading) -> list[dict[str, Any]]:
    return [{"number": number, **contact.as_row()} for number, contact in reading.kept[:5]]


def confirm_import(
    session: Session,
    given: ContactImport,
    links: Links,
    *,
    known: Known,
    actor_id: int,
    now: datetime,
) -> int:
    """Add the contacts of a prepared file and forget the file; return how many were added.

    The file is read again: what was added meanwhile is a duplicate. Confirming twice adds nothing.
    """
    if not _take(session, given, now) or given.data is None:
        return 0
    present = book_queries.addresses(session, given.consultation_id)
    reading = read_contacts(given.data, known, present)
    added = _insert(
        session, given.consultation_id, [contact for _, contact in reading.kept], links, now
    )
    given.report = {**reading.as_json(), "added": added}
    given.data = None
    _journal(session, given.consultation_id, "import_contacts", given.id, actor_id, now, added)
    return added


def _take(session: Session, given: ContactImport, now: datetime) -> bool:
    """Mark the file imported; ``False`` when somebody was faster."""
    taken = session.execute(
        update(ContactImport)
        .where(ContactImport.id == given.id, ContactImport.done_at.is_(None))
        .values(done_at=now)
        .returning(ContactImport.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.refresh(given)
    return taken is not None


def discard_import(session: Session, given: ContactImport) -> None:
    """Forget a file and its report."""
    session.delete(given)


def add_contact(
    session: Session,
    consultation_id: int,
    contact: NewContact,
    links: Links,
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Add one contact; raise :class:`Refused` when the address is already there."""
    if not _insert(session, consultation_id, [contact], links, now):
        raise Refused("email", "Cette adresse est déjà dans le carnet")
    _journal(session, consultation_id, "add_contact", "", actor_id, now, 1)


def remove_contact(session: Session, contact: Contact, *, actor_id: int, now: datetime) -> None:
    """Remove a contact, their link and their log; what waits in the outbox does not leave."""
    identifier, consultation_id = contact.id, contact.consultation_id
    session.execute(delete(Contact).where(Contact.id == identifier))
    _journal(session, consultation_id, "remove_contact", identifier, actor_id, now, 1)


def _insert(
    session: Session,
    consultation_id: int,
    contacts: Sequence[NewContact],
    links: Links,
    now: datetime,
) -> int:
    """Add contacts in bulk, those who asked for silence included as such; count the new ones."""
    silent = book_queries.silent(session, consultation_id)
    rows = [
        {
            **contact.as_row(),
            "consultation_id": consultation_id,
            "created_at": now,
            "opened_account": False,
            "temporary_bounces": 0,
            "unsubscribed_at": now if links.address_hash(contact.email) in silent else None,
        }
        for contact in contacts
    ]
    if not rows:
        return 0
    statement = (
        upsert(session, Contact)
        .on_conflict_do_nothing()
        .returning(Contact.id)
        .execution_options(render_nulls=True, insertmanyvalues_page_size=2000)
    )
    return len(session.execute(statement, rows).all())


def _journal(
    session: Session,
    consultation_id: int,
    verb: str,
    subject_id: int | str,
    actor_id: int,
    now: datetime,
    number: int,
) -> None:
    record(
        session,
        actor_id=actor_id,
        verb=verb,
        subject="contact",
        subject_id=subject_id,
        consultation_id=consultation_id,
        now=now,
        details={"number": number},
    )
