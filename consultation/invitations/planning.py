"""Post what is due: what the worker does each minute, and once more after a crash.

Each batch is one transaction: the log of each person, their link and their message in the outbox
are there together or not at all, and their keys make a second run change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultation.accounts.keys import Keys
from consultation.consultations.models import Consultation
from consultation.consultations.rules import phase
from consultation.invitations.actions.posting import post_batch
from consultation.invitations.following import catch_up
from consultation.invitations.links import Links
from consultation.invitations.models import Campaign
from consultation.invitations.queries.campaigns import on_their_way, plan_of, settings_of
from consultation.invitations.rules.audience import Kind, closed_to
from consultation.invitations.rules.schedule import WINDOW, allowance, due_at
from consultation.settings import Settings


def post_due(
    session_factory: Callable[[], Session], settings: Settings, clock: Callable[[], datetime]
) -> int:
    """Post the messages of the campaigns that are due, as fast as each consultation allows.

    Return how many were posted; the mail delivers them.
    """
    links = Links(Keys(settings.secret_key), settings.public_url)
    posted = 0
    with session_factory() as session:
        catch_up(session, clock())
        session.commit()
        for consultation_id in _to_look_at(session):
            posted += _post_for(session, consultation_id, links, clock())
            session.commit()
    return posted


def _to_look_at(session: Session) -> Sequence[int]:
    statement = select(Campaign.consultation_id).where(Campaign.state == "scheduled").distinct()
    return session.scalars(statement).all()


def _post_for(session: Session, consultation_id: int, links: Links, now: datetime) -> int:
    campaigns = _take_the_turn(session, consultation_id)
    consultation = session.get_one(Consultation, consultation_id, populate_existing=True)
    due = [campaign for campaign in campaigns if _is_due(campaign, consultation, now)]
    if not due:
        return 0
    left = allowance(
        settings_of(session, consultation_id).per_minute,
        on_their_way(session, consultation_id, now - WINDOW),
    )
    posted = 0
    for campaign in due:
        posted += _go_on(session, campaign, consultation, links, left - posted, now)
    return posted


def _take_the_turn(session: Session, consultation_id: int) -> list[Campaign]:
    """Return the planned campaigns, the oldest first, kept from other workers until the commit."""
    held = session.scalars(
        update(Campaign)
        .where(Campaign.consultation_id == consultation_id, Campaign.state == "scheduled")
        .values(state="scheduled")
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    ).all()
    statement = select(Campaign).where(Campaign.id.in_(held)).order_by(Campaign.id)
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def _is_due(campaign: Campaign, consultation: Consultation, now: datetime) -> bool:
    moment = due_at(plan_of(campaign), consultation.opens_at, consultation.closes_at)
    over = phase(consultation, now) == "closed"
    return over or campaign.started_at is not None or (moment is not None and moment <= now)


def _go_on(
    session: Session,
    campaign: Campaign,
    consultation: Consultation,
    links: Links,
    limit: int,
    now: datetime,
) -> int:
    closed = closed_to(cast(Kind, campaign.kind), phase(consultation, now))
    if closed == "closed":
        campaign.state = "done" if campaign.started_at else "cancelled"
        campaign.finished_at = now
    if closed or limit <= 0:
        return 0
    campaign.started_at = campaign.started_at or now
    posted = post_batch(session, campaign, consultation, links, limit, now)
    if posted < limit:
        campaign.state, campaign.finished_at = "done", now
    return posted
