"""Read the address book, the campaigns and their log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from consultation.invitations import standing
from consultation.invitations.models import (
    Bounce,
    Campaign,
    Contact,
    ContactImport,
    Invitation,
    InvitationSettings,
    Sending,
    Unsubscription,
)
from consultation.invitations.rules.audience import PARTICIPATIONS, STANDINGS, Standing
from consultation.mail.models import OutboxMessage

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


# --- The address book ----------------------------------------------------------------------------


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


# --- Campaigns -----------------------------------------------------------------------------------


def settings_of(session: Session, consultation_id: int) -> InvitationSettings:
    """Return how a consultation invites; the usual way when nobody chose."""
    found = session.get(InvitationSettings, consultation_id)
    return found or InvitationSettings(
        consultation_id=consultation_id, per_minute=60, invited_only=False
    )


def campaigns(session: Session, consultation_id: int) -> Sequence[Campaign]:
    """Return the campaigns of a consultation, the latest first."""
    statement = (
        select(Campaign)
        .where(Campaign.consultation_id == consultation_id)
        .order_by(Campaign.id.desc())
    )
    return session.scalars(statement).all()


def campaign(session: Session, consultation_id: int, number: int) -> Campaign | None:
    """Return one campaign of a consultation."""
    statement = select(Campaign).where(
        Campaign.id == number, Campaign.consultation_id == consultation_id
    )
    return session.scalars(statement).one_or_none()


def outcomes(session: Session, campaign_ids: Iterable[int]) -> dict[int, Counter[str]]:
    """Count the sendings of each campaign by state, in one statement."""
    found: dict[int, Counter[str]] = {number: Counter() for number in campaign_ids}
    rows = session.execute(
        select(Sending.campaign_id, Sending.state, func.count())
        .where(Sending.campaign_id.in_(found))
        .group_by(Sending.campaign_id, Sending.state)
    )
    for campaign_id, state, number in rows:
        found[campaign_id][state] = number
    return found


# --- One person ----------------------------------------------------------------------------------


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


def keeps_out(session: Session, consultation_id: int, user_id: int, email: str) -> bool:
    """Whether a consultation is for invited people only, and this person is not one of them.

    One statement: every response begins by it.
    """
    invited = (
        select(Contact.id)
        .where(
            Contact.consultation_id == consultation_id,
            or_(Contact.user_id == user_id, Contact.email == email),
        )
        .exists()
    )
    statement = select(InvitationSettings.consultation_id).where(
        InvitationSettings.consultation_id == consultation_id,
        InvitationSettings.invited_only.is_(True),
        ~invited,
    )
    return session.scalar(statement) is not None


def posted_since(session: Session, consultation_id: int, moment: datetime) -> int:
    """Return how many messages of a consultation were posted after ``moment``."""
    statement: Any = (
        select(func.count())
        .select_from(Sending)
        .join(Campaign, Campaign.id == Sending.campaign_id)
        .where(Campaign.consultation_id == consultation_id, Sending.posted_at > moment)
    )
    return session.scalar(statement) or 0
