"""Read the campaigns, their outcomes and the rules of a consultation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from consultation.invitations.models import (
    Campaign,
    Contact,
    InvitationSettings,
    Sending,
)
from consultation.invitations.rules.schedule import Schedule
from consultation.mail.models import OutboxMessage

PATIENCE = timedelta(minutes=10)
"""How long a message may wait before the organiser is told."""


def settings_of(session: Session, consultation_id: int) -> InvitationSettings:
    """Return how a consultation invites; the usual way when nobody chose."""
    found = session.get(InvitationSettings, consultation_id)
    return found or InvitationSettings(
        consultation_id=consultation_id, per_minute=60, invited_only=False
    )


def plan_of(campaign: Campaign) -> Schedule:
    """Return when a campaign is to leave, as its organiser said."""
    return Schedule(campaign.send_at, campaign.days_before, campaign.hour, campaign.at_opening)


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


def on_their_way(session: Session, consultation_id: int, moment: datetime) -> int:
    """Return how many messages of a consultation use its pace.

    Those posted after ``moment``, and those that the mail server has never been shown: while it is
    out of reach they wait, and must not leave all at once when it comes back.
    """
    of_this_one = (
        select(func.count())
        .select_from(Sending)
        .join(Campaign, Campaign.id == Sending.campaign_id)
        .where(Campaign.consultation_id == consultation_id)
    )
    lately = of_this_one.where(Sending.posted_at > moment)
    never_shown = of_this_one.join(OutboxMessage, OutboxMessage.key == Sending.outbox_key).where(
        Sending.posted_at <= moment, _waiting(), OutboxMessage.attempts == 0
    )
    # Two counts and not one condition: each has an index of its own.
    return session.scalar(select(lately.scalar_subquery() + never_shown.scalar_subquery())) or 0


def _waiting() -> ColumnElement[bool]:
    return and_(
        Sending.state == "posted",
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.failed_at.is_(None),
    )


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Messages that should have left: how many, since when, and what is known of the reason.

    ``shown`` of them were shown to the mail server, which said later. ``said`` is what was last
    heard, empty when nothing tried to send them.
    """

    number: int
    shown: int
    since: datetime
    said: str


def held_up(session: Session, consultation_id: int, now: datetime) -> HeldUp | None:
    """Return what is late among the messages of a consultation, ``None`` when nothing is."""
    shown, tried = OutboxMessage.attempts > 0, OutboxMessage.last_error.is_not(None)
    statement: Any = (
        select(
            func.count(),
            _number(shown),
            _number(and_(~shown, tried)),
            _number(and_(~shown, Sending.posted_at < now - PATIENCE)),
            func.min(Sending.posted_at),
            func.max(func.coalesce(OutboxMessage.last_error, "")),
        )
        .select_from(Sending)
        .join(Campaign, Campaign.id == Sending.campaign_id)
        .join(OutboxMessage, OutboxMessage.key == Sending.outbox_key)
        .where(
            Campaign.consultation_id == consultation_id,
            Campaign.state != "cancelled",
            _waiting(),
        )
    )
    waiting, later, unreachable, old, since, said = session.execute(statement).one()
    if unreachable or old:
        # One message tries the door for all of them.
        return HeldUp(waiting - later, 0, since, said if unreachable else "")
    return HeldUp(later, later, since, said) if later else None


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
