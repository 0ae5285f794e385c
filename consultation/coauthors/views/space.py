"""What a person shares with others, told in their own space."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from consultation.accounts import known, notices
from consultation.accounts.known import Known
from consultation.accounts.models import User
from consultation.accounts.notices import Notice
from consultation.coauthors.queries import person
from consultation.web.typography import plural

ROLES = {
    "author": "Vous rédigez la contribution d’un organisme",
    "signatory": "Vous signez la contribution d’un organisme",
}


def told(session: Session, user: User, _now: datetime, limit: int) -> Sequence[Notice]:
    """Tell when a person came to write for an organisation, and which signatures are asked."""
    came = [
        Notice(row.at, ROLES[row.role], _page("tasks", row), row.organisation)
        for row in person.joined(session, user.id, limit)
        if row.entry != "founder"
    ]
    asked = [
        Notice(row.at, "Votre signature est demandée", _page("check", row), row.organisation)
        for row in person.signatures_asked(session, user.id, limit)
    ]
    return [*came, *asked]


def _page(endpoint: str, row: person.AnyRow) -> str:
    return url_for(f"responses.{endpoint}", slug=row.slug, shared=row.response_id)


def kept(session: Session, user: User) -> Known:
    """Say what the co-authors keep about a person."""
    data = person.known_of(session, user.id)
    return Known(
        title="Ce que vous rédigez avec d’autres",
        lines=[
            (
                "Contributions d’organismes",
                plural(len(data["responses"]), "contribution", "contributions"),
            ),
            ("Notes entre co-auteurs", plural(len(data["notes"]), "note", "notes")),
        ],
        data=data,
    )


notices.register("co_authors", told)
known.register("co_authors", kept, place=25)
