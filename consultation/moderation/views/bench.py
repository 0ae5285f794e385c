"""What the pages of the room share: the blueprint, the desk, what the rooms below show of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, url_for
from sqlalchemy.orm import Session

from consultation.comments import standing
from consultation.comments.models import Comment
from consultation.comments.rules import GROUNDS, POSITIONS
from consultation.consultations import panels
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.moderation import queries, rules
from consultation.moderation.desk import Desk
from consultation.moderation.wording import ago_fr, delay_fr
from consultation.web.frame import now

blueprint = Blueprint("moderation", __name__)
blueprint.add_app_template_filter(ago_fr)
blueprint.add_app_template_filter(delay_fr)
LABELS = {"positions": POSITIONS, "grounds": GROUNDS, "outcomes": rules.OUTCOMES}


def desk() -> Desk:
    """Return the desk of this request."""
    return Desk(db.session, current_app.extensions["settings"], now())


def waiting(session: Session, consultation: Consultation, _now: datetime) -> dict[str, Any]:
    """Say on the dashboard what waits for a moderator."""
    number, oldest = queries.summary(session, consultation.id)
    url = url_for("moderation.queue", slug=consultation.slug)
    return {"waiting": number, "oldest": oldest, "url": url}


def standing_of(session: Session, comment: Comment, proof: str) -> dict[str, Any]:
    """Say on the author's page what was decided, why, and how to contest."""
    found = queries.contestable(session, comment.id)
    decision, appeal = found if found else (None, None)
    current = decision is not None and comment.state in rules.ADVERSE
    return {
        "template": "moderation/_standing.html",
        "decision": decision if current or appeal else None,
        "appeal": appeal,
        "until": rules.appeal_until(decision) if decision else None,
        "contestable": current and appeal is None and now() <= rules.appeal_until(decision),  # type: ignore[arg-type]
        "contest_url": url_for("moderation.contest", number=comment.id, jeton=proof or None),
        "labels": LABELS,
    }


panels.register("moderation", waiting)
standing.register(standing_of)
