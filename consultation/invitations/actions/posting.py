"""Put the messages of a campaign in the outbox, each once."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.db import upsert
from consultation.invitations import letters, standing
from consultation.invitations.actions.links import ensure_links
from consultation.invitations.links import Links, reference
from consultation.invitations.models import Campaign, Contact, Invitation, Sending
from consultation.invitations.rules.audience import Kind, wanted_codes
from consultation.mail.actions import post


def post_batch(
    session: Session,
    campaign: Campaign,
    consultation: Consultation,
    links: Links,
    limit: int,
    now: datetime,
) -> int:
    """Post at most ``limit`` messages of a campaign to those who want them now; count them.

    The log, the link and the message of a person are written together, under keys that make a
    second writing change nothing.
    """
    contacts = next_contacts(session, campaign, limit)
    live = ensure_links(session, links, [contact.id for contact in contacts], now)
    logged = _log(session, campaign, contacts, live, links, now)
    for contact in contacts:
        if contact.id in logged:
            _post(session, campaign, consultation, contact, live[contact.id], links, now)
    return len(contacts)


def post_test(
    session: Session,
    campaign: Campaign,
    consultation: Consultation,
    person: User,
    links: Links,
    now: datetime,
) -> None:
    """Send a campaign to the organiser alone, as they would receive it, with a link of no use."""
    page = f"{links.base}/consultations/{consultation.slug}"
    organisation = person.organisation.name if person.organisation else ""
    recipient = letters.Recipient(person.display_name, organisation, page, page)
    letter = letters.write(campaign.subject, campaign.body, recipient, about(consultation))
    post(
        session,
        key=f"invitation-test:{campaign.id}:{person.id}:{int(now.timestamp())}",
        to=person.email,
        subject=f"[Essai] {letter.subject}",
        text=letter.text,
        now=now,
    )


def about(consultation: Consultation) -> letters.About:
    """Return what letters say of a consultation."""
    title = consultation.title.get("fr") or next(iter(consultation.title.values()), "")
    return letters.About(
        title,
        consultation.opens_at,
        consultation.closes_at,
        consultation.organiser,
        consultation.contact,
    )


def next_contacts(session: Session, campaign: Campaign, limit: int) -> list[Contact]:
    """Return at most ``limit`` people who want a campaign now and have not received it."""
    received = (
        select(Sending.id)
        .where(Sending.campaign_id == campaign.id, Sending.contact_id == Contact.id)
        .correlate(Contact)
        .exists()
    )
    statement = (
        standing.contacts(Contact)
        .where(
            Contact.consultation_id == campaign.consultation_id,
            ~received,
            standing.code().in_(wanted_codes(cast(Kind, campaign.kind))),
        )
        .order_by(Contact.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def _log(
    session: Session,
    campaign: Campaign,
    contacts: list[Contact],
    live: dict[int, Invitation],
    links: Links,
    now: datetime,
) -> set[int]:
    """Write the line of each person; return those for whom it was not there yet."""
    rows = []
    for contact in contacts:
        key = links.outbox_key(campaign.id, contact.id, contact.email)
        rows.append(
            {
                "campaign_id": campaign.id,
                "contact_id": contact.id,
                "invitation_id": live[contact.id].id,
                "outbox_key": key,
                "reference": reference(key),
                "state": "posted",
                "reason": "",
                "posted_at": now,
            }
        )
    if not rows:
        return set()
    statement = upsert(session, Sending).values(rows).on_conflict_do_nothing()
    return set(session.scalars(statement.returning(Sending.contact_id)))


def _post(
    session: Session,
    campaign: Campaign,
    consultation: Consultation,
    contact: Contact,
    invitation: Invitation,
    links: Links,
    now: datetime,
) -> None:
    recipient = letters.Recipient(
        contact.name,
        contact.organisation,
        links.personal(contact.id, invitation.nonce),
        links.unsubscribe(contact.id, contact.email),
        contact.attributes,
    )
    letter = letters.write(campaign.subject, campaign.body, recipient, about(consultation))
    post(
        session,
        key=links.outbox_key(campaign.id, contact.id, contact.email),
        to=contact.email,
        subject=letter.subject,
        text=letter.text,
        headers=letter.headers,
        now=now,
    )
