"""The messages to many people: look, try on oneself, send or plan, stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from consultation.consultations.rules import Refused, phase
from consultation.db import db
from consultation.invitations import letters
from consultation.invitations.actions import campaigns as actions
from consultation.invitations.actions import posting
from consultation.invitations.models import Campaign
from consultation.invitations.queries import book as book_queries
from consultation.invitations.queries import campaigns as campaigns_queries
from consultation.invitations.queries.openings import waiting_for_opening
from consultation.invitations.rules.audience import Kind, closed_to, excluded
from consultation.invitations.rules.schedule import due_at
from consultation.invitations.views import wording
from consultation.invitations.views.desk import (
    ORGANISER,
    blueprint,
    consultation,
    found_campaign,
    here,
    links,
    person,
)
from consultation.tasks.queue import wake
from consultation.web.frame import now, render
from consultation.web.limits import limiter
from consultation.web.refusals import refuse

ROOT = "/espace/<slug>/invitations/courriels"


@blueprint.get(ROOT)
@ORGANISER
def campaigns(slug: str) -> ResponseReturnValue:
    """List the messages."""
    listed = campaigns_queries.campaigns(db.session, consultation().id)
    outcomes = campaigns_queries.outcomes(db.session, [each.id for each in listed])
    about = posting.about(consultation())
    return render(
        "invitations/campaigns.html",
        consultation=consultation(),
        campaigns=listed,
        outcomes=outcomes,
        moments={each.id: _moment(each) for each in listed},
        late=campaigns_queries.held_up(db.session, consultation().id, now()),
        waiting=waiting_for_opening(db.session, consultation().id),
        states={each.id: _state(each, outcomes[each.id]) for each in listed},
        subjects={each.id: letters.titled(each.subject, about) for each in listed},
        words=wording,
    )


@blueprint.get(f"{ROOT}/<int:number>")
@ORGANISER
def campaign(slug: str, number: int) -> ResponseReturnValue:
    """Show a message as it is received, who receives it, and what can be done with it."""
    found = found_campaign(number)
    counted = book_queries.by_standing(db.session, found.consultation_id)
    kind = cast(Kind, found.kind)
    outcomes = campaigns_queries.outcomes(db.session, [found.id])[found.id]
    left_out: dict[str, int] = {}
    for standing, contacts in counted.items():
        reason = excluded(kind, standing) or "wanted"
        left_out[reason] = left_out.get(reason, 0) + contacts
    return render(
        "invitations/campaign.html",
        consultation=consultation(),
        campaign=found,
        state=_state(found, outcomes),
        letter=_example(found),
        receiving=left_out.pop("wanted", 0),
        left_out=left_out,
        outcomes=outcomes,
        moment=_moment(found),
        late=campaigns_queries.held_up(db.session, found.consultation_id, now()),
        closed=closed_to(kind, phase(consultation(), now())),
        per_minute=campaigns_queries.settings_of(db.session, found.consultation_id).per_minute,
        words=wording,
    )


@blueprint.post(f"{ROOT}/<int:number>/programmer")
@ORGANISER
def schedule(slug: str, number: int) -> ResponseReturnValue:
    """Let a message leave, now or at its moment."""
    found = found_campaign(number)
    with _refusals():
        actions.schedule(db.session, found, consultation(), actor_id=person().id, now=now())
    db.session.commit()
    wake("invitations")
    at = _moment(found)
    flash("Envoi lancé." if at and at <= now() else "Envoi programmé.", "ok")
    return redirect(here("campaign", number=number), 303)


@blueprint.post(f"{ROOT}/<int:number>/essai")
@ORGANISER
@limiter.limit("20 per hour")
def try_it(slug: str, number: int) -> ResponseReturnValue:
    """Send a message to oneself only."""
    found, me = found_campaign(number), person()
    posting.post_test(db.session, found, consultation(), me, links(), now())
    db.session.commit()
    wake("mail")
    flash(f"Essai envoyé à {me.email}. Son lien mène à la page publique.", "ok")
    return redirect(here("campaign", number=number), 303)


@blueprint.post(f"{ROOT}/<int:number>/arreter")
@ORGANISER
def stop(slug: str, number: int) -> ResponseReturnValue:
    """Stop a message: what has not left does not leave."""
    actions.cancel(db.session, found_campaign(number), actor_id=person().id, now=now())
    db.session.commit()
    flash("Envoi arrêté. Ce qui n’était pas parti ne part plus.", "ok")
    return redirect(here("campaign", number=number), 303)


@blueprint.post(f"{ROOT}/<int:number>/supprimer")
@ORGANISER
def remove_draft(slug: str, number: int) -> ResponseReturnValue:
    """Throw a draft away."""
    with _refusals():
        actions.remove_draft(db.session, found_campaign(number))
    db.session.commit()
    flash("Brouillon supprimé.", "ok")
    return redirect(here("campaigns"), 303)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what a rule refuses into a page that says it."""
    try:
        yield
    except Refused as refused:
        db.session.rollback()
        refuse(409, f"{refused.sentence}.")


def _moment(found: Campaign) -> datetime | None:
    at = consultation()
    return due_at(campaigns_queries.plan_of(found), at.opens_at, at.closes_at)


def _state(found: Campaign, outcomes: Mapping[str, int]) -> str:
    """Return the state that people see: what still waits in the outbox is on its way."""
    begun = found.state == "scheduled" and found.started_at
    return "sending" if begun or (found.state == "done" and outcomes["posted"]) else found.state


def _example(found: Campaign) -> letters.Letter:
    """Write the letter of the next person to receive it, or of somebody made up."""
    name, organisation, others = "Prénom Nom", "Organisme d’exemple", {}
    for contact in posting.next_contacts(db.session, found, 1):
        name, organisation, others = contact.name, contact.organisation, contact.attributes
    base = links().base
    recipient = letters.Recipient(
        name, organisation, f"{base}/invitation/…", f"{base}/desabonnement/…", others
    )
    return letters.write(found.subject, found.body, recipient, posting.about(consultation()))
