"""What other pages show of official responses, and what becomes of people who disappear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from consultation.accounts.keeping import before_parting
from consultation.accounts.models import Organisation, User
from consultation.coauthors.actions.roles import let_go
from consultation.coauthors.following import Letters
from consultation.coauthors.queries import official as officials
from consultation.coauthors.rules.opening import check_opening
from consultation.consultations.models import Consultation
from consultation.consultations.panels import register
from consultation.consultations.rules import Refused
from consultation.mail import followers


def official_choice(
    consultation: Consultation, person: User | None, shared: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Say how ``person`` may answer for their organisation; costs no statement."""
    if person is None:
        return None
    organisation = person.organisation
    return {
        "name": organisation.name if organisation else None,
        "state": _state(organisation, shared),
        "url": url_for("coauthors.opening", slug=consultation.slug),
    }


def _state(organisation: Organisation | None, shared: Sequence[Mapping[str, Any]]) -> str:
    siren = organisation.siren if organisation else None
    if organisation and any(one["siren"] == siren for one in shared):
        return "written"
    region = organisation.region_code if organisation else None
    try:
        check_opening(organisation is not None, siren, region)
    except Refused as refused:
        return "alone" if refused.field == "organisation" else "incomplete"
    return "open"


def official_responses(
    session: Session, consultation: Consultation, now: datetime
) -> dict[str, Any] | None:
    """Say how many organisations answer, for the dashboard; nothing while none does."""
    number, waiting = officials.how_many(session, consultation.id)
    if not number:
        return None
    return {
        "number": number,
        "waiting": waiting,
        "url": url_for("coauthors.official", slug=consultation.slug),
    }


register("official_choice", official_choice)
register("official_responses", official_responses)
before_parting("coauthors", let_go)
followers.register("co-authors", Letters())
