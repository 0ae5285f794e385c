"""How many people may write a response, and what is said when there are as many."""

from __future__ import annotations

from itertools import count

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.actions import joining, merging
from consultation.coauthors.actions.roles import add
from consultation.coauthors.actions.scene import Scene
from consultation.coauthors.models import CoAuthorInvitation
from consultation.coauthors.queries.team import invitations, members
from consultation.coauthors.rules.joining import FULL, MOST_PEOPLE
from consultation.coauthors.rules.merging import TOO_MANY, Side, merged
from consultation.consultations.models import Consultation
from consultation.consultations.rules import Refused
from consultation.responses.models import CoAuthor, Response
from tests import cast
from tests.coauthors.making import colleague, shared
from tests.coauthors.writing import ROOT, address, louise, post, visitor
from tests.journeys.visitors import press
from tests.responses.making import NOW

NUMBERS = count()


@pytest.fixture
def response(db_session: Session, consultation: Consultation) -> Response:
    """The response of Nadia's company, which she writes alone."""
    return shared(db_session, consultation, cast.nadia(db_session))


def crowd(session: Session, response: Response, people: int) -> None:
    """Let ``people`` more write the response."""
    rows = [
        {
            "email": f"collegue{next(NUMBERS)}@optique.fr",
            "display_name": "Une collègue",
            "created_at": NOW,
            "session_version": 1,
        }
        for _ in range(people)
    ]
    numbers = session.scalars(insert(User).returning(User.id), rows).all()
    there = {"response_id": response.id, "role": "author", "entry": "domain", "joined_at": NOW}
    session.execute(insert(CoAuthor), [{**there, "user_id": number} for number in numbers])
    session.commit()


def test_nadia_invites_until_the_team_is_full_and_reads_why_not_more(
    app: Flask, db_session: Session, response: Response
) -> None:
    crowd(db_session, response, MOST_PEOPLE - 2)
    nadia = visitor(app, cast.nadia(db_session))
    last = post(nadia, response, "equipe/inviter", email="juriste@optique.fr", role="author")
    assert last.status_code == 303

    refused = post(nadia, response, "equipe/inviter", email="autre@optique.fr", role="author")

    assert refused.status_code == 422
    assert FULL in refused.text and 'value="autre@optique.fr"' in refused.text
    assert len(invitations(db_session, response.id)) == 1


def test_nobody_comes_to_a_full_team_by_any_door(
    app: Flask, db_session: Session, consultation: Consultation, response: Response
) -> None:
    nadia, paul, her = cast.nadia(db_session), colleague(db_session), louise(db_session)
    scene = Scene(response.id, consultation.id, nadia.id, NOW)
    asked = joining.ask(db_session, scene, cast.lea(db_session).id, "Bonjour")
    link = joining.invite(db_session, scene, "zoe@optique.fr", "author").secret
    crowd(db_session, response, MOST_PEOPLE - 1)

    claire = cast.claire(db_session, consultation.id)
    named = f"/espace/poles/organismes/{response.id}/signataire"
    typed = {"email": paul.email, "reason": "R", "confirme": "oui"}
    for reply, status in (
        (press(visitor(app, her), ROOT, address(response, "rejoindre")), 409),
        (press(visitor(app, paul), ROOT, address(response, "demander"), message=""), 409),
        (press(visitor(app, her), f"/co-redaction/{link}", f"/co-redaction/{link}"), 409),
        (press(visitor(app, claire), named, named, **typed), 422),
        (post(visitor(app, nadia), response,
              f"equipe/demandes/{cast.lea(db_session).id}/accepter"), 409),
    ):  # fmt: skip
        assert reply.status_code == status and FULL in reply.text
    assert asked and len(members(db_session, response.id)) == MOST_PEOPLE

    # Whoever is there already stays, and one who leaves makes room.
    joining.revoke(db_session, scene, db_session.query(CoAuthorInvitation).one())
    some = members(db_session, response.id)[-1].user_id
    db_session.delete(db_session.get_one(CoAuthor, (response.id, some)))
    db_session.commit()
    assert press(visitor(app, her), ROOT, address(response, "rejoindre")).status_code == 303
    assert not add(db_session, scene, her.id, "author", "domain")


def test_claire_gives_a_full_response_to_one_person(
    db_session: Session, consultation: Consultation, response: Response
) -> None:
    crowd(db_session, response, MOST_PEOPLE - 1)
    scene = Scene(response.id, consultation.id, None, NOW)
    merging.appoint(db_session, scene, colleague(db_session).id, alone=True, reason="R")
    assert len(members(db_session, response.id)) == 1


def test_two_teams_that_would_be_too_many_are_not_merged() -> None:
    sides = [Side(n, False, False, frozenset(), frozenset(range(n, n + 51))) for n in (0, 51)]
    with pytest.raises(Refused) as refused:
        merged(sides[0], sides[1], open_now=True)
    assert refused.value.sentence == TOO_MANY
    same = Side(1, False, False, frozenset(), frozenset(range(MOST_PEOPLE)))
    assert merged(sides[0], same, open_now=True).joining == list(range(51, MOST_PEOPLE))
