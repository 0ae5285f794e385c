"""The comments of a person in their own space: the list, the replies they got, what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from consultation.accounts import known, notices, panels
from consultation.accounts.known import Known
from consultation.accounts.models import User
from consultation.accounts.notices import Notice, quoted
from consultation.accounts.views.paging import Paging
from consultation.comments import queries
from consultation.comments.views.desk import blueprint
from consultation.db import db
from consultation.web.access import requires
from consultation.web.frame import render
from consultation.web.typography import plural

FIRST = 5


def mine(session: Session, user: User, _now: datetime) -> dict[str, Any]:
    """Answer for the last comments of a person in their own space."""
    found = queries.listed_of_author(session, user.id, limit=FIRST + 1)
    return {
        "title": "Mes commentaires",
        "template": "comments/_mine.html",
        "comments": found[:FIRST],
        "more": len(found) > FIRST,
    }


def replies(session: Session, user: User, _now: datetime, limit: int) -> Sequence[Notice]:
    """Tell who answered the comments of a person."""
    return [
        Notice(
            at,
            f"{name} répond à votre commentaire",
            url_for("comments.follow", number=parent_id),
            quoted(text),
        )
        for at, name, text, parent_id in queries.replies_to(session, user.id, limit=limit)
    ]


def kept(session: Session, user: User) -> Known:
    """Say what the comments keep about a person."""
    written = queries.of_author(session, user.id, limit=None)
    return Known(
        title="Vos commentaires",
        lines=[("Commentaires", plural(len(written), "commentaire", "commentaires"))],
        data=[
            {
                "id": comment.id,
                "consultation": comment.consultation_id,
                "in_reply_to": comment.parent_id,
                "name": comment.author_name,
                "organisation": comment.organisation_name,
                "position": comment.position,
                "text": comment.text,
                "state": comment.state,
                "ground": comment.ground,
                "created_at": comment.created_at,
                "edited_at": comment.edited_at,
                "decided_at": comment.decided_at,
                "published_at": comment.published_at,
            }
            for comment in written
        ],
    )


panels.register("comments", mine, place=20)
notices.register("replies", replies)
known.register("comments", kept, place=30)


@blueprint.get("/moi/commentaires")
@requires()
def own() -> ResponseReturnValue:
    """List every comment of the person, the latest first."""
    paging = Paging.asked(queries.count_of_author(db.session, current_user.id))
    found = queries.listed_of_author(
        db.session, current_user.id, limit=paging.size, offset=paging.offset
    )
    return render("comments/own.html", comments=found, paging=paging)
