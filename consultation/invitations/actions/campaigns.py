"""Write, plan and stop campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.consultations.models import Consultation
from consultation.consultations.rules import Refused, phase
from consultation.invitations import letters
from consultation.invitations.models import Campaign
from consultation.invitations.queries import book as book_queries
from consultation.invitations.rules.audience import Kind, closed_to
from consultation.invitations.rules.schedule import Schedule


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
    _check_text(session, consultation.id, wanted)
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
    _check_text(session, campaign.consultation_id, wanted)
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
    if campaign.days_before is None and not campaign.at_opening:
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


def _set(campaign: Campaign, wanted: Wanted) -> None:
    campaign.kind, campaign.subject, campaign.body = wanted.kind, wanted.subject, wanted.body
    campaign.send_at = wanted.schedule.send_at
    campaign.days_before, campaign.hour = wanted.schedule.days_before, wanted.schedule.hour
    campaign.at_opening = wanted.schedule.at_opening


def _check_text(session: Session, consultation_id: int, wanted: Wanted) -> None:
    attributes = book_queries.attribute_names(session, consultation_id)
    for field, sentence in letters.faults(wanted.subject, wanted.body, attributes):
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
