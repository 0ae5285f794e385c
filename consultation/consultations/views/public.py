"""The pages for everybody: the list, one consultation, its modalities, its documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.consultations import queries, rules, wording
from consultation.consultations.models import Consultation
from consultation.consultations.notice import privacy_notice
from consultation.consultations.panels import panel
from consultation.consultations.searching import Search
from consultation.consultations.views.desk import blueprint, documents_store, readable
from consultation.db import db
from consultation.questionnaires.queries import compiled
from consultation.web.access import public
from consultation.web.frame import now, render
from consultation.web.typography import in_paris


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """List the consultations, or those that a search finds."""
    moment, everything = now(), queries.published(db.session)
    phases = {c.id: rules.phase(c, moment) for c in everything}
    opened = [c for c in everything if phases[c.id] == "open"]
    search = Search.read(request.args)
    found = [c for c in everything if search.finds(c, phases[c.id])]
    return render(
        "consultations/home.html",
        now=moment,
        phases=phases,
        search=search,
        opened=opened,
        coming=first_to_open(everything, phases),
        listed=_in_order(found if search.active else [c for c in found if c not in opened], phases),
        minutes=(questionnaire_size(opened[0]) or {}).get("minutes") if opened else None,
        received=panel("received", db.session, [c.id for c in opened]) or {},
        days_remaining=rules.days_remaining,
    )


def _in_order(listed: list[Consultation], phases: Mapping[int, str]) -> list[Consultation]:
    """Return what is open, then what is announced, then what is over, the latest first."""
    opened = [c for c in listed if phases[c.id] == "open"]
    coming = sorted((c for c in listed if phases[c.id] == "coming"), key=lambda c: c.opens_at)
    closed = [c for c in reversed(listed) if phases[c.id] == "closed"]
    return [*opened, *coming, *closed]


def first_to_open(listed: Iterable[Consultation], phases: Mapping[int, str]) -> Consultation | None:
    """Return the consultation that opens next, if one is announced."""
    coming = [c for c in listed if phases[c.id] == "coming"]
    return min(coming, key=lambda c: c.opens_at, default=None)


@blueprint.get("/consultations/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """Show one consultation and the way to take part in it."""
    consultation, moment = readable(slug), now()
    person = current_user if current_user.is_authenticated else None
    participation = panel("participation", db.session, consultation, person, moment)
    shared = (participation or {}).get("shared", [])
    return render(
        "consultations/show.html",
        consultation=consultation,
        phase=rules.phase(consultation, moment),
        days=rules.days_remaining(consultation, moment),
        today=in_paris(moment).date(),
        changes=queries.changes(db.session, consultation.id),
        size=questionnaire_size(consultation),
        participation=participation,
        official=panel("official_choice", consultation, person, shared),
        received=(panel("received", db.session, [consultation.id]) or {}).get(consultation.id),
        opening=panel("opening", consultation),
        discussion=panel("discussion", db.session, consultation, person, moment),
    )


@blueprint.get("/consultations/<slug>/modalites")
@public
def terms(slug: str) -> ResponseReturnValue:
    """Show the nine modalities, the privacy notice and the history of changes."""
    consultation = readable(slug)
    return render(
        "consultations/terms.html",
        consultation=consultation,
        phase=rules.phase(consultation, now()),
        modalities=rules.MODALITIES,
        notice=privacy_notice(consultation),
        overseas=wording.overseas,
        changes=queries.changes(db.session, consultation.id),
    )


@blueprint.get("/consultations/<slug>/documents/<int:number>")
@public
def document(slug: str, number: int) -> ResponseReturnValue:
    """Give one document to read before answering."""
    found = [d for d in readable(slug).documents if d.id == number]
    path = documents_store().path(found[0].sha256) if found else None
    if path is None or not path.exists():
        raise NotFound
    return send_file(
        path, found[0].media_type, as_attachment=True, download_name=found[0].file_name
    )


def questionnaire_size(consultation: Consultation) -> dict[str, Any] | None:
    """Return how many questions and parts there are, and the minutes it takes."""
    if consultation.version_id is None:
        return None
    version = compiled(db.session, consultation.version_id)
    return {
        "questions": sum(item.number > 0 for item in version.items.values()),
        "parts": len(version.sections),
        "minutes": version.questionnaire.estimated_minutes,
    }
