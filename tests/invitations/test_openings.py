"""Somebody who reads the page of a consultation that is not open yet asks to know when it is."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.invitations import people
from consultation.invitations.actions import openings
from consultation.invitations.actions.silence import unsubscribe
from consultation.invitations.models import OpeningRequest
from consultation.mail.models import OutboxMessage
from tests import cast
from tests.consultations.making import CLOSES, OPENS, a_consultation
from tests.house.statements import counted_statements
from tests.invitations.making import LINKS, contact, deliver, path_in
from tests.journeys.visitors import press

EMILE = "emile@example.org"
PAGE, ASK = "/consultations/poles", "/consultations/poles/ouverture"
BEFORE = OPENS - timedelta(days=5)
DAY = timedelta(days=1)


class Clock:
    """The clock of the application, moved by hand."""

    now = BEFORE

    def __call__(self):
        return self.now


@pytest.fixture
def clock(app: Flask) -> Clock:
    app.extensions["clock"] = Clock()
    return app.extensions["clock"]


@pytest.fixture
def poles(db_session: Session, clock: Clock) -> Consultation:
    return a_consultation(db_session)


def letters_to(session: Session, email: str) -> list[OutboxMessage]:
    session.expire_all()
    statement = select(OutboxMessage).where(OutboxMessage.recipient == email)
    return list(session.scalars(statement.order_by(OutboxMessage.id)))


def waiting(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count(OpeningRequest.id))) or 0


def ask(client: FlaskClient, email: str = EMILE):
    return press(client, ASK, ASK, email=email)


def ask_and_confirm(client: FlaskClient, session: Session, email: str = EMILE) -> str:
    ask(client, email)
    path = path_in(letters_to(session, email)[-1].body, "ouverture")
    press(client, path, path, choix="confirmer")
    return path


def tell(session: Session, now) -> int:
    posted = openings.tell(session, "http://localhost", now)
    session.commit()
    return posted


def test_emile_is_told_of_the_opening_once_and_forgotten(
    app: Flask, client: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    assert f'href="{ASK}"' in client.get(PAGE).text
    assert ask(client).location == PAGE
    assert EMILE in client.get(PAGE).text
    [to_confirm] = letters_to(db_session, EMILE)
    path = path_in(to_confirm.body, "ouverture")
    assert "Me prévenir" in client.get(path).text
    assert db_session.scalars(select(OpeningRequest.confirmed_at)).one() is None
    press(client, path, path, choix="confirmer")
    assert "Vous serez prévenu" in client.get(path).text

    settings = app.extensions["settings"]
    deliver(settings, BEFORE)
    assert tell(db_session, OPENS - timedelta(seconds=1)) == 0
    clock.now = OPENS
    assert [tell(db_session, OPENS), tell(db_session, OPENS)] == [1, 0]
    assert waiting(db_session) == 1  # until the letter has left
    _, told = letters_to(db_session, EMILE)
    assert "La consultation est ouverte" in told.subject
    assert "http://localhost/consultations/poles\n" in told.body
    deliver(settings, OPENS)
    assert tell(db_session, OPENS + timedelta(minutes=1)) == 0
    assert (waiting(db_session), letters_to(db_session, EMILE)) == (0, [])
    assert client.get(path).status_code == 410
    assert f'href="{ASK}"' not in client.get(PAGE).text
    assert client.get(ASK).location == PAGE


@pytest.mark.one_database
def test_claire_sees_how_many_wait_for_the_opening_and_never_who(
    app: Flask, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    organiser = app.test_client()
    cast.sign_in(organiser, cast.claire(db_session, poles.id))
    pages = ["/espace/poles/invitations", "/espace/poles/invitations/courriels",
             "/espace/poles/reglages"]  # fmt: skip
    ask(client)  # and does not confirm
    for page in pages:
        assert "prévenue" not in organiser.get(page).text

    ask_and_confirm(client, db_session, "zoe@example.org")
    for page in pages:
        text = organiser.get(page).text
        assert "1\u00a0personne a demandé à être prévenue de l’ouverture" in text
        assert "zoe@example.org" not in text
    ask_and_confirm(client, db_session, "karim@example.org")
    for page in pages:
        assert "2\u00a0personnes ont demandé à être prévenues" in organiser.get(page).text


def test_nobody_is_written_to_at_the_opening_who_did_not_press_the_button(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    ask(client)
    path = path_in(letters_to(db_session, EMILE)[0].body, "ouverture")
    client.get(path)
    client.head(path)
    assert client.post(path, data={"choix": "confirmer"}).status_code == 400  # without a token
    assert tell(db_session, OPENS) == 0
    openings.forget_what_is_over(db_session, BEFORE + timedelta(days=7))
    assert waiting(db_session) == 1
    openings.forget_what_is_over(db_session, BEFORE + timedelta(days=7, seconds=1))
    db_session.commit()
    assert (waiting(db_session), letters_to(db_session, EMILE)) == (0, [])


def test_whoever_types_the_address_of_somebody_else_makes_three_letters_at_most(
    client: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    for day in range(5):
        clock.now = BEFORE + day * DAY
        for _ in range(2):
            same = ask(client)
            assert same.location == PAGE
    assert len(letters_to(db_session, EMILE)) == 3
    for _ in range(11):
        last = ask(client, "autre@example.org")
    assert last.status_code == 429


def test_an_address_that_asked_for_silence_receives_nothing(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    person = contact(db_session, poles, EMILE)
    unsubscribe(db_session, person, LINKS, everywhere=True, now=BEFORE)
    db_session.commit()
    said = ask(client)
    assert (said.status_code, said.location) == (303, PAGE)
    assert (waiting(db_session), letters_to(db_session, EMILE)) == (0, [])


def test_emile_renounces_before_the_opening_and_nothing_is_kept(
    app: Flask, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    path = ask_and_confirm(client, db_session)
    assert press(client, path, path, choix="renoncer").location == PAGE
    assert "Votre adresse est effacée" in client.get(PAGE).text
    assert (waiting(db_session), tell(db_session, OPENS)) == (0, 0)
    assert letters_to(db_session, EMILE) == []
    deliver(app.extensions["settings"], OPENS)  # what waited has nobody to go to
    assert db_session.scalar(select(func.count()).where(OutboxMessage.sent_at.is_not(None))) == 0
    ask_and_confirm(client, db_session)
    assert tell(db_session, OPENS) == 1


def test_the_letter_follows_the_opening_that_claire_moves(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    ask_and_confirm(client, db_session)
    poles.opens_at = OPENS + 3 * DAY
    db_session.commit()
    assert tell(db_session, OPENS + 2 * DAY) == 0
    assert tell(db_session, OPENS + 3 * DAY) == 1


def test_nobody_is_told_after_the_closing_and_everybody_is_forgotten(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    ask_and_confirm(client, db_session)
    after = CLOSES + timedelta(seconds=1)
    assert tell(db_session, after) == 0
    openings.forget_what_is_over(db_session, after)
    db_session.commit()
    assert (waiting(db_session), letters_to(db_session, EMILE)) == (0, [])


@pytest.mark.parametrize(
    "email", ["", "émile", "a@b", "x" * 400 + "@example.org", "a@b.fr\nBcc: c@d.fr"]
)
def test_a_wrong_address_is_said_and_kept(
    client: FlaskClient, db_session: Session, poles: Consultation, email: str
) -> None:
    said = ask(client, email)
    assert said.status_code == 422
    assert waiting(db_session) == 0


@pytest.mark.parametrize("key", ["x", "0" * 32, "é", "%00"])
def test_nobody_confirms_without_the_letter(
    client: FlaskClient, db_session: Session, poles: Consultation, key: str
) -> None:
    ask(client)
    number = db_session.scalars(select(OpeningRequest.id)).one()
    assert client.get(f"/ouverture/{number}/{key}").status_code in (400, 404)
    assert client.get(f"/ouverture/{'9' * 30}/{LINKS.opening_key(int('9' * 30))}").status_code < 500


def test_a_crowd_is_told_at_the_pace_of_the_consultation_in_few_statements(
    db_session: Session, poles: Consultation
) -> None:
    db_session.add_all(
        OpeningRequest(
            consultation_id=poles.id, email=f"p{n}@x.fr", asked_at=BEFORE, confirmed_at=BEFORE
        )
        for n in range(150)
    )
    db_session.commit()
    with counted_statements() as statements:
        first = tell(db_session, OPENS)
    assert len(statements) <= 6
    rest = [tell(db_session, OPENS + timedelta(minutes=n)) for n in (1, 2, 3)]
    assert [first, *rest] == [60, 60, 30, 0]
    told = select(
        func.count(OutboxMessage.id.distinct()), func.count(OutboxMessage.recipient.distinct())
    )
    assert tuple(db_session.execute(told).one()) == (150, 150)


def test_two_workers_at_the_opening_write_once(
    app: Flask, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    ask_and_confirm(client, db_session)
    make, start, posted = sessionmaker(db.engine), Barrier(2), []

    def work() -> None:
        with make() as session:
            start.wait()
            posted.append(openings.tell(session, "http://localhost", OPENS))
            session.commit()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(posted) == 1
    assert (
        len([each for each in letters_to(db_session, EMILE) if each.key.startswith("opening:")])
        == 1
    )


def test_emile_reads_and_erases_what_he_asked(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    emile = cast.emile(db_session)
    ask_and_confirm(client, db_session, emile.email)
    [known] = people.awaited_openings(db_session, emile.email)
    assert (known["consultation_id"], known["confirmed_at"]) == (poles.id, BEFORE)
    people.forget(db_session, user_id=emile.id, email=emile.email)
    db_session.commit()
    assert waiting(db_session) == 0
