"""Write a message to many people."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from consultation.consultations.forms import as_typed, blame
from consultation.consultations.rules import Refused, phase
from consultation.db import db
from consultation.invitations import letters
from consultation.invitations.actions import campaigns as actions
from consultation.invitations.forms import KINDS, CampaignForm
from consultation.invitations.models import Campaign
from consultation.invitations.queries import book as book_queries
from consultation.invitations.views.desk import (
    ORGANISER,
    blueprint,
    consultation,
    found_campaign,
    here,
    person,
)
from consultation.web.frame import now, render

ROOT = "/espace/<slug>/invitations/courriels"


@blueprint.route(f"{ROOT}/nouveau", methods=["GET", "POST"])
@ORGANISER
def write(slug: str) -> ResponseReturnValue:
    """Write a message, from the usual text of its kind."""
    if request.method == "GET":
        return _writing(_offered(_proposed(request.args.get("pour", ""))), None)
    return _save(_offered(CampaignForm()), None)


@blueprint.route(f"{ROOT}/<int:number>/modifier", methods=["GET", "POST"])
@ORGANISER
def rewrite(slug: str, number: int) -> ResponseReturnValue:
    """Change a message that has not begun to leave."""
    campaign = found_campaign(number)
    if request.method == "GET":
        return _writing(_offered(_recorded(campaign)), campaign)
    return _save(_offered(CampaignForm()), campaign)


def _offered(form: CampaignForm) -> CampaignForm:
    """Offer only the moments that are still to come."""
    if phase(consultation(), now()) not in ("draft", "coming"):
        form.forget_opening()
    return form


def _save(form: CampaignForm, campaign: Campaign | None) -> ResponseReturnValue:
    if form.validate():
        try:
            number = _saved(form, campaign)
            db.session.commit()
            return redirect(here("campaign", number=number), 303)
        except Refused as refused:
            db.session.rollback()
            blame(form, refused)
    return _writing(form, campaign), 422


def _saved(form: CampaignForm, campaign: Campaign | None) -> int:
    wanted, moment = form.wanted(now()), now()
    if campaign is None:
        campaign = actions.create(
            db.session, consultation(), wanted, actor_id=person().id, now=moment
        )
    else:
        actions.change(db.session, campaign, wanted, actor_id=person().id, now=moment)
    return campaign.id


def _proposed(kind: str) -> CampaignForm:
    kind = kind if kind in KINDS else "invitation"
    subject, body = letters.DEFAULTS[kind]
    return CampaignForm(None, data={"kind": kind, "subject": subject, "body": body})


def _recorded(found: Campaign) -> CampaignForm:
    data: dict[str, object] = {
        "kind": found.kind,
        "subject": found.subject,
        "body": found.body,
        "when": _when(found),
        "days_before": found.days_before,
        "hour": str(found.hour or 9),
    }
    if found.send_at:
        data |= as_typed("send", found.send_at)
    return CampaignForm(None, data=data)


def _when(found: Campaign) -> str:
    if found.at_opening:
        return "opening"
    return "date" if found.send_at else "before" if found.days_before else "now"


def _writing(form: CampaignForm, found: Campaign | None) -> str:
    return render(
        "invitations/write.html",
        consultation=consultation(),
        form=form,
        campaign=found,
        kinds=KINDS,
        variables=letters.VARIABLES,
        attributes=book_queries.attribute_names(db.session, consultation().id),
        errors=form.summary(),
    )
