"""Read the address book: its people, where they stand, its files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from consultation.invitations import standing
from consultation.invitations.models import (
    Contact,
    ContactImport,
    Unsubscription,
)
from consultation.invitations.rules.audience import PARTICIPATIONS, STANDINGS, Standing

LATEST = 1000
"""Contacts that are read to know the other columns of an address book."""

FILTERS = ("not_invited", "not_started", "draft", "sent", "bounced", "unsubscribed")
"""What the address book can be narrowed to."""


@dataclass(frozen=True, slots=True)
class Search:
    """Contacts to look for: ``text`` in the address, the name or the organisation."""

    text: str = ""
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the address book."""

    contact: Contact
    standing: Standing


@dataclass(frozen=True, slots=True)
class Figures:
    """How far the people of an address book went: numbers of contacts."""

    contacts: int
    invited: int
    started: int
    sent: int
    bounced: int
    unsubscribed: int


def by_standing(session: Session, consultation_id: int) -> Counter[Standing]:
    """Count the contacts of a consultation by standing, in one statement."""
    codes = (
        standing.contacts(standing.code().label("code"))
        .where(Contact.consultation_id == consultation_id)
        .subquery()
    )
    rows = session.execute(select(codes.c.code, func.count()).group_by(codes.c.code))
    return Counter({STANDINGS[row[0]]: row[1] for row in rows})


def figures(counted: Counter[Standing]) -> Figures:
    """Return the figures of an address book from its standings."""

    def count(*conditions: bool) -> int:
        return sum(conditions)

    total = Counter[str]()
    for person, number in counted.items():
        total["invited"] += number * count(person.asked == "invited")
        total["started"] += number * count(person.participation in ("draft", "sent"))
        total["sent"] += number * count(person.participation == "sent")
        total["bounced"] += number * count(person.bounced)
        total["unsubscribed"] += number * count(person.unsubscribed)
    return Figures(contacts=counted.total(), **{name: total[name] for name in _COUNTED})


_COUNTED = ("invited", "started", "sent", "bounced", "unsubscribed")


def count_entries(session: Session, consultation_id: int, search: Search) -> int:
    """Return how many contacts are found."""
    statement = standing.contacts(func.count(Contact.id)).where(*_found(consultation_id, search))
    return session.scalar(statement) or 0


def entries(
    session: Session, consultation_id: int, search: Search, *, offset: int, limit: int
) -> list[Entry]:
    """Return a page of the contacts found, by address, in one statement."""
    statement = (
        standing.contacts(Contact, standing.code())
        .where(*_found(consultation_id, search))
        .order_by(Contact.email)
        .offset(offset)
        .limit(limit)
    )
    return [Entry(row[0], STANDINGS[row[1]]) for row in session.execute(statement)]


def entry(session: Session, consultation_id: int, contact_id: int) -> Entry | None:
    """Return one contact of a consultation."""
    statement = standing.contacts(Contact, standing.code()).where(
        Contact.consultation_id == consultation_id, Contact.id == contact_id
    )
    row = session.execute(statement).one_or_none()
    return Entry(row[0], STANDINGS[row[1]]) if row else None


def _found(consultation_id: int, search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Contact.consultation_id == consultation_id]
    if search.text:
        columns = (Contact.email, Contact.name, Contact.organisation)
        conditions.append(
            or_(*(column.icontains(search.text, autoescape=True) for column in columns))
        )
    if search.state:
        conditions.append(_narrowed(search.state))
    return conditions


def _narrowed(state: str) -> ColumnElement[bool]:
    if state == "not_invited":
        return Contact.invited_at.is_(None)
    if state == "bounced":
        return Contact.bounced_at.is_not(None)
    if state == "unsubscribed":
        return Contact.unsubscribed_at.is_not(None)
    wanted = _PARTICIPATION_INDEX["none" if state == "not_started" else state]
    narrowed: ColumnElement[bool] = standing.participation() == wanted
    return narrowed


_PARTICIPATION_INDEX: dict[str, int] = {name: index for index, name in enumerate(PARTICIPATIONS)}


def attribute_names(session: Session, consultation_id: int) -> list[str]:
    """Return the other columns of the address book, in alphabetical order.

    Those of the latest contacts: a column that only older ones have is not proposed.
    """
    statement = (
        select(Contact.attributes)
        .where(Contact.consultation_id == consultation_id)
        .order_by(Contact.id.desc())
        .limit(LATEST)
    )
    return sorted({name for held in session.scalars(statement) for name in held})


def addresses(session: Session, consultation_id: int) -> set[str]:
    """Return every address that the address book holds."""
    statement = select(Contact.email).where(Contact.consultation_id == consultation_id)
    return set(session.scalars(statement))


def silent(session: Session, consultation_id: int) -> set[bytes]:
    """Return the hashes of the addresses that asked for no more invitations, here or anywhere."""
    statement = select(Unsubscription.address_hash).where(
        or_(
            Unsubscription.consultation_id == consultation_id,
            Unsubscription.consultation_id.is_(None),
        )
    )
    return set(session.scalars(statement))


def imported(session: Session, consultation_id: int, number: int) -> ContactImport | None:
    """Return a file of contacts that was given to this consultation."""
    statement = select(ContactImport).where(
        ContactImport.id == number, ContactImport.consultation_id == consultation_id
    )
    return session.scalars(statement).one_or_none()
