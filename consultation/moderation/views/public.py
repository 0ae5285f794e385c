"""The charter and the register of a consultation, for everybody."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.consultations.queries import by_slug
from consultation.db import db
from consultation.moderation.register import register
from consultation.moderation.rules import APPEAL_MONTHS, REASONS
from consultation.moderation.views.bench import LABELS, blueprint
from consultation.web.access import public
from consultation.web.frame import render


@blueprint.get("/consultations/<slug>/moderation")
@public
def charter(slug: str) -> ResponseReturnValue:
    """Show the charter and what was decided under it."""
    consultation = by_slug(db.session, slug)
    if consultation is None or consultation.state != "published":
        raise NotFound
    return render(
        "moderation/charter.html",
        consultation=consultation,
        register=register(db.session, consultation.id),
        labels=LABELS,
        reasons=REASONS,
        months=APPEAL_MONTHS,
    )
