"""Read the comments of a consultation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.comments import queries
from consultation.comments.forms import CommentForm
from consultation.comments.views.desk import blueprint, offer, published, summary, viewer
from consultation.consultations import panels
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.web.access import public
from consultation.web.frame import render

FIRST_THREADS = 5


def discussion(
    session: Session, consultation: Consultation, user: User | None, _now: datetime
) -> dict[str, Any]:
    """Answer for the first comments on the page of a consultation."""
    shown = queries.page(session, consultation.id, user.id if user else None, size=FIRST_THREADS)
    return {"template": "comments/_discussion.html", "page": shown, **offer(consultation)}


panels.register("discussion", discussion)


@blueprint.get("/consultations/<slug>/commentaires")
@public
def index(slug: str) -> ResponseReturnValue:
    """Show the comments of a consultation, page by page."""
    return index_page(published(slug))


def index_page(consultation: Consultation, form: CommentForm | None = None) -> str:
    """Draw a page of comments and the form, as typed when there was something wrong with it."""
    order, offered = request.args.get("tri", ""), offer(consultation, form)
    shown = queries.page(db.session, consultation.id, viewer(), order=order, after=_cursor())
    return render(
        "comments/index.html",
        discussion={"page": shown, "order": order, **offered},
        consultation=consultation,
        errors=summary(form, closed=bool(offered["closed"])),
    )


def _cursor() -> int | None:
    typed = request.args.get("apres", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None
