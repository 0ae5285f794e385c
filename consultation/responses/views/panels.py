"""What the pages of a consultation show of its responses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.consultations.panels import register
from consultation.questionnaires.queries import compiled
from consultation.responses import queries
from consultation.responses.activity import activity
from consultation.responses.extending import tell_drafts


def participation(
    session: Session, consultation: Consultation, person: User | None, now: datetime
) -> dict[str, Any]:
    """Say where ``person`` is, and where the buttons of the page lead.

    Their own response first; under ``shared``, the same of each one that they share.
    """
    start = url_for("responses.start", slug=consultation.slug)
    shown: dict[str, Any] = {"state": "none", "url": start, "shared": []}
    found = queries.states_of(session, consultation.id, person.id) if person else []
    for one in found:
        if one.shared is None:
            shown.update(_where(one))
        else:
            named = {"organisation": one.organisation, "siren": one.siren}
            shown["shared"].append({**_where(one), **named})
    return shown


def _where(found: queries.Participation) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "state": found.state,
        "url": url_for("responses.tasks", slug=found.slug, shared=found.shared),
        "saved_at": found.saved_at,
    }
    if found.submitted_at is not None:
        shown["sent_at"] = found.submitted_at
        shown["receipt_url"] = url_for("responses.receipt", slug=found.slug, shared=found.shared)
    return shown


def received(session: Session, consultation_ids: Sequence[int]) -> dict[int, int]:
    """Say how many submissions count in each consultation."""
    return queries.received(session, consultation_ids)


def progress(session: Session, consultation: Consultation, now: datetime) -> dict[str, Any] | None:
    """Say how participation goes, for the dashboard of ``consultation``."""
    if consultation.version_id is None or now < consultation.opens_at:
        return None
    until = min(now, consultation.closes_at)
    found = activity(session, consultation.id, consultation.opens_at, until, now)
    sections = compiled(session, consultation.version_id).sections
    titles = {part.section.key: part.section.title for part in sections}
    return {
        "sent": found.sent,
        "drafts": found.drafts,
        "idle_drafts": found.idle_drafts,
        "last_days": found.last_days,
        "days": found.days,
        "sections": [(title, found.stopped.get(key, 0)) for key, title in titles.items()],
    }


def extended(session: Session, consultation: Consultation, reason: str, now: datetime) -> int:
    """Tell those who have a draft that ``consultation`` closes later; return how many."""
    address: str = current_app.extensions["settings"].public_url
    return tell_drafts(session, consultation, reason, address, now)


register("extended", extended)
register("participation", participation)
register("received", received)
register("progress", progress)
