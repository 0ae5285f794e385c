"""The responses of a person in their own space: the list, what happened, what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consultation.accounts import known, notices, panels
from consultation.accounts.known import Known
from consultation.accounts.models import User
from consultation.accounts.notices import Notice
from consultation.accounts.views.paging import Paging
from consultation.db import db
from consultation.responses import queries
from consultation.responses.happened import Event, happened
from consultation.responses.known import known_of
from consultation.responses.queries import Participation
from consultation.responses.views.desk import blueprint, user
from consultation.web.access import requires
from consultation.web.frame import now, render
from consultation.web.preferences import translated
from consultation.web.typography import plural

FIRST = 5


def mine(session: Session, person: User, moment: datetime) -> dict[str, Any]:
    """Answer for the last responses of a person in their own space."""
    found = queries.mine(session, person.id, limit=FIRST + 1)
    return {
        "title": "Mes contributions",
        "template": "responses/_mine.html",
        "responses": found[:FIRST],
        "more": len(found) > FIRST,
        "now": moment,
        "to": address,
    }


def address(one: Participation, endpoint: str) -> str:
    """Return the address of a page of a response, one's own or shared."""
    place: dict[str, Any] = {} if one.shared is None else {"shared": one.shared}
    return url_for(f"responses.{endpoint}", slug=one.slug, **place)


def told(session: Session, person: User, moment: datetime, limit: int) -> Sequence[Notice]:
    """Tell what happened to the responses of a person."""
    return [_notice(event, person.id) for event in happened(session, person.id, moment, limit)]


def _notice(event: Event, me: int) -> Notice:
    endpoint, sentence, more = "tasks", event.sentence, {}
    if event.kind == "sent":
        endpoint, more = "submission", {"number": event.number}
        sentence = f"Votre contribution est reçue, envoi n°\u00a0{event.number}"
    elif event.kind == "withdrawn":
        endpoint, sentence = "history", f"Vous avez retiré votre envoi n°\u00a0{event.number}"
        if event.shared is not None and event.by != me:
            sentence = f"Votre contribution est retirée, envoi n°\u00a0{event.number}"
    elif event.kind == "closed":
        endpoint, sentence = "check", _CLOSED[event.status]
    if event.shared is not None:
        more["shared"] = event.shared
    url = url_for(f"responses.{endpoint}", slug=event.slug, **more)  # type: ignore[arg-type]
    return Notice(event.at, sentence, url, translated(event.title))


_CLOSED = {
    "sent": "La consultation est terminée. Votre contribution est comptée",
    "draft": "La consultation est terminée. Votre brouillon n’a pas été envoyé",
    "withdrawn": "La consultation est terminée. Votre contribution est retirée",
}


def kept(session: Session, person: User) -> Known:
    """Say what the responses keep about a person."""
    data = known_of(session, person.id)
    sent = sum(len(response["submissions"]) for response in data)
    files = sum(len(response["files"]) for response in data)
    return Known(
        title="Vos contributions",
        lines=[
            ("Contributions", plural(len(data), "contribution", "contributions")),
            ("Envois, avec leurs réponses", plural(sent, "envoi", "envois")),
            ("Fichiers joints", plural(files, "fichier", "fichiers")),
        ],
        data=data,
    )


panels.register("responses", mine, place=10)
notices.register("responses", told)
known.register("responses", kept, place=20)


@blueprint.get("/moi/contributions")
@requires()
def own() -> ResponseReturnValue:
    """List every response of the person, the last begun first."""
    person = user()
    paging = Paging.asked(queries.count_mine(db.session, person.id))
    found = queries.mine(db.session, person.id, limit=paging.size, offset=paging.offset)
    return render("responses/own.html", responses=found, paging=paging, now=now(), to=address)
