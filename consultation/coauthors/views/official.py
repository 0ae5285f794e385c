"""The official responses of a consultation, for its organisers: who and when, never an answer."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.coauthors.actions.scene import Scene
from consultation.coauthors.letters import About, Written
from consultation.coauthors.queries import official as officials
from consultation.coauthors.queries import team as queries
from consultation.coauthors.queries.official import Official
from consultation.coauthors.queries.team import Person
from consultation.coauthors.views.desk import blueprint, public_url, write
from consultation.coauthors.views.team import ENTRIES
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.responses.views.desk import user
from consultation.web.access import requires
from consultation.web.frame import now, render

ORGANISER = requires("organiser", of="consultation")
LIST = "/espace/<slug>/organismes"
ONE = f"{LIST}/<int:number>"
STATES = {
    "draft": ("Brouillon", "info", ""),
    "signing": ("En attente de signature", "warn", "clock"),
    "sent": ("Envoyée", "open", "check"),
    "withdrawn": ("Retirée", "", ""),
    "waiting": ("Sans auteur", "warn", "alert"),
    "merged": ("Reprise", "", ""),
}
"""What is said of each state: its words, the kind of its tag and its icon."""


@blueprint.get(LIST)
@ORGANISER
def official(slug: str) -> ResponseReturnValue:
    """List the official responses."""
    listed = officials.official_responses(db.session, consultation().id)
    return render(
        "coauthors/official.html",
        consultation=consultation(),
        listed=listed,
        names={one.response_id: one.name for one in listed},
        states=STATES,
    )


@blueprint.get(ONE)
@ORGANISER
def one_official(slug: str, number: int) -> ResponseReturnValue:
    """Show who writes one official response, and what may be done about it."""
    one = found(number)
    into = found(one.merged_into) if one.merged_into is not None else None
    return render(
        "coauthors/one_official.html",
        consultation=consultation(),
        found=one,
        into=into,
        people=queries.people(db.session, number),
        requests=queries.requests(db.session, number),
        states=STATES,
        entries=ENTRIES,
    )


def consultation() -> Consultation:
    """Return the consultation of the address."""
    named: Consultation = g.consultation
    return named


def found(number: int) -> Official:
    """Return an official response of the consultation; a 404 when it has none of that number."""
    one = officials.official(db.session, consultation().id, number)
    if one is None:
        raise NotFound
    return one


def place(number: int) -> Scene:
    """Return where the organiser acts."""
    return Scene(number, consultation().id, user().id, now())


def about(name: str, path: str) -> About:
    """Return what a letter names; ``path`` is the page that it opens."""
    return About(consultation().title, name, public_url() + path)


def tell(number: int, what: str, people: list[Person], letter: Written) -> None:
    """Post the same letter to several people."""
    for one in people:
        write(number, f"{what}:{one.user_id}", one.email, letter)
