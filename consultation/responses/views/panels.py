"""What the pages of a consultation show of its responses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.consultations.panels import register
from consultation.responses import queries


def participation(
    session: Session, consultation: Consultation, person: User | None, now: datetime
) -> dict[str, Any]:
    """Say where ``person`` is, and where the button of the page leads."""
    start = {"state": "none", "url": url_for("responses.start", slug=consultation.slug)}
    if person is None:
        return start
    found = queries.state_of(session, consultation.id, person.id)
    if found is None:
        return start
    shown: dict[str, Any] = {
        "state": found.state,
        "url": url_for("responses.tasks", slug=consultation.slug),
        "saved_at": found.saved_at,
    }
    if found.submitted_at is not None:
        shown["sent_at"] = found.submitted_at
        shown["receipt_url"] = url_for("responses.receipt", slug=consultation.slug)
    return shown


def received(session: Session, consultation_ids: Sequence[int]) -> dict[int, int]:
    """Say how many submissions count in each consultation."""
    return queries.received(session, consultation_ids)


register("participation", participation)
register("received", received)
