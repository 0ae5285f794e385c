"""A letter that waits for its hour leaves only if what it says is still true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from consultation.coauthors.rules.letters import ANSWERED, LEFT, NOT_SIGNATORY, OVER
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.mail.delivery import deliver_due
from consultation.mail.models import OutboxMessage
from consultation.responses.models import Response
from tests import cast
from tests.coauthors.making import shared
from tests.coauthors.writing import address, karim, louise, post, visitor, write
from tests.journeys.visitors import Clock
from tests.responses.answers import COMPANY
from tests.responses.making import NOW, form_of


@pytest.fixture
def hands(app: Flask) -> Clock:
    """The clock of the application, moved by hand."""
    return Clock(app, NOW)


@pytest.fixture
def response(db_session: Session, consultation: Consultation) -> Response:
    """The response of Nadia's company; she signs, Louise and Karim write."""
    return shared(
        db_session, consultation, cast.nadia(db_session), louise(db_session), karim(db_session)
    )


@pytest.fixture
def asked_twice(
    app: Flask, db_session: Session, response: Response, hands: Clock
) -> tuple[FlaskClient, OutboxMessage]:
    """Louise has asked for the signature twice in ten minutes: the second letter waits an hour."""
    hers = visitor(app, louise(db_session))
    for number in sorted(COMPANY):
        write(hers, response, number, COMPANY[number])
    post(hers, response, "signature")
    deliver(app)
    hands.forward(minutes=10)
    write(hers, response, 8, {"proposition": "Une autre idée"})
    post(hers, response, "signature")
    statement = select(OutboxMessage).where(
        OutboxMessage.key.startswith("co-authors:signature"), OutboxMessage.sent_at.is_(None)
    )
    waiting = db_session.scalars(statement).one()
    assert waiting.due_at == NOW + timedelta(hours=1)
    return hers, waiting


def deliver(app: Flask) -> None:
    deliver_due(sessionmaker(db.engine), app.extensions["settings"], app.extensions["clock"])


def sign(app: Flask, session: Session, response: Response) -> None:
    nadia = visitor(app, cast.nadia(session))
    form = form_of(nadia.get(address(response, "relire")), "_etat")
    assert nadia.post(form.action, data=form.but(declaration="oui")).status_code == 303


def test_the_letter_that_waits_leaves_when_the_signature_is_still_awaited(
    app: Flask, db_session: Session, hands: Clock, asked_twice: tuple[FlaskClient, OutboxMessage]
) -> None:
    _, waiting = asked_twice
    hands.forward(minutes=50)
    deliver(app)
    db_session.refresh(waiting)
    assert waiting.sent_at == hands.now


def test_nadia_is_not_asked_for_what_she_signed_while_the_letter_waited(
    app: Flask, db_session: Session, response: Response, hands: Clock,
    asked_twice: tuple[FlaskClient, OutboxMessage],
) -> None:  # fmt: skip
    hers, waiting = asked_twice
    hands.forward(minutes=5)
    sign(app, db_session, response)
    hands.forward(minutes=45)
    deliver(app)
    db_session.refresh(waiting)
    assert (waiting.sent_at, waiting.last_error) == (None, ANSWERED)

    # It is as if it had never been: what is asked next is told at once.
    hands.forward(minutes=5)
    write(hers, response, 8, {"proposition": "Encore une idée"})
    post(hers, response, "signature")
    deliver(app)
    last = db_session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert last is not None and last.key.startswith("co-authors:signature")
    assert last.sent_at == hands.now


@pytest.mark.parametrize("answered", ["signed", "given back"])
def test_nadia_is_asked_at_once_for_something_new_once_she_has_answered(
    app: Flask, db_session: Session, response: Response, hands: Clock, answered: str
) -> None:
    hers = visitor(app, louise(db_session))
    for number in sorted(COMPANY):
        write(hers, response, number, COMPANY[number])
    post(hers, response, "signature")
    deliver(app)
    hands.forward(minutes=5)
    if answered == "signed":
        sign(app, db_session, response)
    else:
        post(visitor(app, cast.nadia(db_session)), response, "renvoyer", text="Développez")
    hands.forward(minutes=5)
    write(hers, response, 8, {"proposition": "Une autre idée"})
    post(hers, response, "signature")
    deliver(app)
    letters = db_session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.key.startswith("co-authors:signature"))
        .order_by(OutboxMessage.id)
    ).all()
    assert [letter.sent_at for letter in letters] == [NOW, hands.now]

    # What is asked again before she answers is the same matter: it waits.
    hands.forward(minutes=5)
    write(hers, response, 8, {"proposition": "Encore une idée"})
    post(hers, response, "signature")
    deliver(app)
    statement = select(OutboxMessage).where(
        OutboxMessage.key.startswith("co-authors:signature"), OutboxMessage.sent_at.is_(None)
    )
    assert db_session.scalars(statement).one().due_at == hands.now + timedelta(minutes=55)


@pytest.mark.parametrize("answer", ["signed", "given back"])
def test_the_letter_that_waited_does_not_follow_the_one_that_left_at_once(
    app: Flask, db_session: Session, response: Response, hands: Clock,
    asked_twice: tuple[FlaskClient, OutboxMessage], answer: str,
) -> None:  # fmt: skip
    hers, waiting = asked_twice
    hands.forward(minutes=5)
    if answer == "signed":
        sign(app, db_session, response)
    else:
        post(visitor(app, cast.nadia(db_session)), response, "renvoyer", text="Développez")
    hands.forward(minutes=5)
    write(hers, response, 8, {"proposition": "Tout autre chose"})
    post(hers, response, "signature")
    hands.forward(minutes=45)
    deliver(app)
    db_session.refresh(waiting)
    assert (waiting.sent_at, waiting.last_error) == (None, ANSWERED)


@pytest.mark.parametrize("change", ["handed over", "left", "given back", "closed"])
def test_nadia_is_not_asked_when_it_is_no_longer_hers_to_sign(
    app: Flask, db_session: Session, consultation: Consultation, response: Response, hands: Clock,
    asked_twice: tuple[FlaskClient, OutboxMessage], change: str,
) -> None:  # fmt: skip
    _, waiting = asked_twice
    nadia, hers = visitor(app, cast.nadia(db_session)), louise(db_session)
    if change in ("handed over", "left"):
        post(nadia, response, f"equipe/{hers.id}/confier")
    if change == "left":
        post(nadia, response, "equipe/quitter")
    if change == "given back":
        post(nadia, response, "renvoyer", text="Développez")
    if change == "closed":
        consultation.closes_at = hands.now + timedelta(minutes=30)
        db_session.commit()
    hands.forward(minutes=50)
    deliver(app)
    db_session.refresh(waiting)
    reasons = {
        "handed over": NOT_SIGNATORY,
        "left": LEFT,
        "given back": ANSWERED,
        "closed": OVER,
    }
    assert (waiting.sent_at, waiting.last_error) == (None, reasons[change])


def test_whoever_left_is_told_of_no_note_that_waited(
    app: Flask, db_session: Session, response: Response, hands: Clock
) -> None:
    hers, he = visitor(app, louise(db_session)), karim(db_session)
    form = form_of(hers.get(address(response, "repartition")), "confier")
    hers.post(form.action, data=form.but(confier=[f"section:contribution {he.id}"]))
    for text in ("Une note", "Une autre"):
        post(hers, response, "notes", target="section:contribution", text=text)
        deliver(app)
        hands.forward(minutes=1)
    post(visitor(app, cast.nadia(db_session)), response, f"equipe/{he.id}/retirer")
    hands.forward(hours=1)
    deliver(app)
    letters = db_session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.key.startswith("co-authors:noted"))
        .order_by(OutboxMessage.id)
    ).all()
    assert [letter.last_error for letter in letters] == [None, LEFT]
