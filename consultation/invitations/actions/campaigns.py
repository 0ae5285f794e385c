"""Write, plan, post and stop campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.audit.actions import record
from consultation.consultations.models import Consultation
from consultation.consultations.rules import Refused, phase
from consultation.db import upsert
from consultation.invitations import letters, standing
from consultation.invitations.actions.links import ensure_links
from consultation.invitations.links import Links, reference
from consultation.invitations.models import Campaign, Contact, Invitation, Sending
from consultation.invitations.rules.audience import Kind, closed_to, wanted_codes
from consultation.invitations.rules.schedule import Schedule
from consultation.mail.actions import post


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an organiser writes: to whom, what, and when (no schedule: at once)."""

    kind: Kind
    subject: str
    body: str
    schedule: Schedule


def create(
    session: Session, consultation: Consultation, wanted: Wanted, *, actor_id: int, now: datetime
) -> Campaign:
    """Add a draft, flushed; raise :class:`Refused` when its text is wrong."""
    _check_text(wanted)
    campaign = Campaign(
        consultation_id=consultation.id, state="draft", created_by=actor_id, created_at=now
    )
    _set(campaign, wanted)
    session.add(campaign)
    session.flush()
    _journal(session, "create_campaign", campaign, actor_id, now)
    return campaign


def change(
    session: Session, campaign: Campaign, wanted: Wanted, *, actor_id: int, now: datetime
) -> None:
    """Change a campaign that has not begun; raise :class:`Refused` when it has."""
    _check_text(wanted)
    _hold(session, campaign)
    _check_not_begun(campaign)
    _set(campaign, wanted)
    _journal(session, "change_campaign", campaign, actor_id, now)


def schedule(
    session: Session,
    campaign: Campaign,
    consultation: Consultation,
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Let a draft leave at its moment, or at once; doing it twice changes nothing.

    Raise :class:`Refused` when the consultation is over, or not published.
    """
    _hold(session, campaign)
    if campaign.state == "scheduled":
        return
    _check_not_begun(campaign)
    _check_open(consultation, cast(Kind, campaign.kind), now)
    if campaign.days_before is None:
        campaign.send_at = campaign.send_at or now
    campaign.state = "scheduled"
    _journal(session, "schedule_campaign", campaign, actor_id, now)


def cancel(session: Session, campaign: Campaign, *, actor_id: int, now: datetime) -> None:
    """Stop a campaign: nothing more leaves, not even what is posted and waits."""
    _hold(session, campaign)
    if campaign.state == "cancelled":
        return
    campaign.state, campaign.finished_at = "cancelled", now
    _journal(session, "cancel_campaign", campaign, actor_id, now)


def remove_draft(session: Session, campaign: Campaign) -> None:
    """Throw a draft away; raise :class:`Refused` for what was planned."""
    if campaign.state != "draft":
        raise Refused("state", "Cet envoi est programmé. Arrêtez-le au lieu de le supprimer")
    session.delete(campaign)


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
    contacts = _next_contacts(session, campaign, limit)
    live = ensure_links(session, links, [contact.id for contact in contacts], now)
    logged = _log(session, campaign, live, links, now)
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
        title, consultation.closes_at, consultation.organiser, consultation.contact
    )


def _next_contacts(session: Session, campaign: Campaign, limit: int) -> list[Contact]:
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
    live: dict[int, Invitation],
    links: Links,
    now: datetime,
) -> set[int]:
    """Write the line of each person; return those for whom it was not there yet."""
    rows = []
    for contact_id, invitation in live.items():
        key = links.outbox_key(campaign.id, contact_id)
        rows.append(
            {
                "campaign_id": campaign.id,
                "contact_id": contact_id,
                "invitation_id": invitation.id,
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
        links.unsubscribe(contact.id),
    )
    letter = letters.write(campaign.subject, campaign.body, recipient, about(consultation))
    post(
        session,
        key=links.outbox_key(campaign.id, contact.id),
        to=contact.email,
        subject=letter.subject,
        text=letter.text,
        headers=letter.headers,
        now=now,
    )


def _set(campaign: Campaign, wanted: Wanted) -> None:
    campaign.kind, campaign.subject, campaign.body = wanted.kind, wanted.subject, wanted.body
    campaign.send_at = wanted.schedule.send_at
    campaign.days_before, campaign.hour = wanted.schedule.days_before, wanted.schedule.hour


def _check_text(wanted: Wanted) -> None:
    for field, sentence in letters.faults(wanted.subject, wanted.body):
        raise Refused(field, sentence)


def _check_not_begun(campaign: Campaign) -> None:
    if campaign.started_at is not None or campaign.state in ("done", "cancelled"):
        raise Refused("state", "Cet envoi a commencé, son texte ne change plus. Créez-en un autre")


def _check_open(consultation: Consultation, kind: Kind, now: datetime) -> None:
    where = phase(consultation, now)
    if where == "draft":
        raise Refused("state", "Publiez la consultation avant d’inviter")
    if closed_to(kind, where) == "closed":
        raise Refused("state", "La consultation est terminée, plus aucun courriel ne part")


def _hold(session: Session, campaign: Campaign) -> None:
    """Wait for whoever plans or changes the campaign at this moment, then read it again."""
    session.execute(
        update(Campaign)
        .where(Campaign.id == campaign.id)
        .values(kind=Campaign.kind)
        .execution_options(synchronize_session=False)
    )
    session.refresh(campaign)


def _journal(session: Session, verb: str, campaign: Campaign, actor_id: int, now: datetime) -> None:
    record(
        session,
        actor_id=actor_id,
        verb=verb,
        subject="campaign",
        subject_id=campaign.id,
        consultation_id=campaign.consultation_id,
        now=now,
        details={"kind": campaign.kind},
    )
