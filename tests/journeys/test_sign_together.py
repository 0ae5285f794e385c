"""Nadia, Louise and Karim answer for their company, from the first page to the figure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.mail.models import OutboxMessage
from consultation.questionnaires.queries import forget_compiled
from consultation.responses import queries
from consultation.responses.models import Response
from tests import cast
from tests.coauthors.writing import ROOT, address, karim, louise, post, write
from tests.journeys.visitors import Clock, press
from tests.responses.answers import COMPANY
from tests.responses.making import NOW, answer, begin, form_of, poles


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Iterator[Clock]:
    yield Clock(app, NOW)
    forget_compiled()


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    return poles(db_session)


def browser(app: Flask, person: User) -> FlaskClient:
    client = app.test_client()
    cast.sign_in(client, person)
    return client


def test_three_people_write_and_one_signs_for_their_company(
    app: Flask, db_session: Session, consultation: Consultation, clock: Clock
) -> None:
    nadia = cast.nadia(db_session)
    people = (nadia, louise(db_session), karim(db_session))
    hers, louises, karims = (browser(app, person) for person in people)

    # Nadia opens; the others join by the domain of their address, or by what the team says.
    press(hers, ROOT, ROOT)
    response = db_session.scalars(select(Response)).one()
    for person, client in zip(people[1:], (louises, karims), strict=True):
        person.membership = None
        cast._join(db_session, person, "Optique", "entreprise_pme", "84", "pme", "55210055400013")
        press(client, ROOT, address(response, "rejoindre"))

    # They share the work out, write, and talk about it.
    she, he = people[1].id, people[2].id
    form = form_of(hers.get(address(response, "repartition")), "confier")
    ticked = [f"section:contribution {she}", f"section:modele {he}"]
    hers.post(form.action, data=form.but(confier=ticked))
    for number in sorted(COMPANY):
        write(karims if number == 4 else louises, response, number, COMPANY[number])
    post(karims, response, "notes", target="question:proposition", text="Trop court, non ?")
    assert "Trop court, non ?" in louises.get(address(response, "notes")).text

    # Louise asks, Nadia gives back, Louise corrects and asks again, Nadia signs.
    post(louises, response, "signature")
    post(hers, response, "renvoyer", text="Développez la proposition")
    clock.forward(minutes=10)
    write(louises, response, 8, {"proposition": "Une idée développée"})
    post(louises, response, "signature")
    check = hers.get(address(response, "relire"))
    assert "Signature demandée" in check.text and "Une idée développée" in check.text
    form = form_of(check, "_etat")
    clock.forward(minutes=1)
    signed = hers.post(form.action, data=form.but(declaration="oui"))
    assert signed.location == address(response, "recu")

    # Louise corrects: what was signed still counts, and Nadia signs the difference.
    clock.forward(minutes=1)
    write(louises, response, 8, {"proposition": "Une idée corrigée"})
    assert counted(db_session, consultation, response, nadia) == "Une idée développée"
    check = hers.get(address(response, "relire"))
    assert "1\u00a0réponse n’est plus celle qui a été signée" in check.text
    form = form_of(check, "_etat")
    clock.forward(minutes=1)
    hers.post(form.action, data=form.but(declaration="oui"))
    assert counted(db_session, consultation, response, nadia) == "Une idée corrigée"

    # Karim answers in his own name beside it: two answers, the organisation counted as one unit.
    begin(karims, people[2])
    for number in sorted(COMPANY):
        answer(karims, number, COMPANY[number])
    form = form_of(karims.get("/consultations/poles/contribution/relire"), "_etat")
    karims.post(form.action, data=form.fields)
    vectors = [row for block in queries.current_vectors(db_session, consultation.id)
               for row in block]  # fmt: skip
    assert len(vectors) == 2 and not any(row.individual for row in vectors)
    assert len({row.unit for row in vectors}) == 1
    letters = db_session.scalars(select(OutboxMessage.body)).all()
    assert not any("Trop court" in body or "Développez" in body for body in letters)


def counted(
    session: Session, consultation: Consultation, response: Response, person: User
) -> object:
    """Return the proposal that counts."""
    session.expire_all()
    sent = queries.counted_submission(session, consultation.id, person.id, response.id)
    return sent.answers["proposition"] if sent else None
