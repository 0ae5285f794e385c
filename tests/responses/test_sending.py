"""Sending: everything required, what stays behind said, closed at the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.mail.models import OutboxMessage
from consultation.questionnaires.layout import ANSWERED
from consultation.questionnaires.queries import compiled
from consultation.responses import drafts, queries
from consultation.responses.models import Submission
from consultation.responses.rules import Respondent, unit
from tests import cast
from tests.responses.answers import COMPANY, PERSON
from tests.responses.making import NOW, answer, begin, clock, form_of, poles, section

CONTRIBUTION = "/consultations/poles/contribution"


def fill(client: FlaskClient, answers: dict[int, Any]) -> None:
    for number in sorted(answers):
        answer(client, number, answers[number])


def send(client: FlaskClient) -> TestResponse:
    form = form_of(client.get(f"{CONTRIBUTION}/relire"), "_etat")
    return client.post(form.action, data=form.fields)


def test_gaps_are_listed_with_links_and_the_button_stays(emile: User, client: FlaskClient) -> None:
    fill(client, {**PERSON, 4: {}, 1: {"acteur": "particulier"}})

    page = client.get(f"{CONTRIBUTION}/relire").text
    assert "3\u00a0réponses manquent ou sont à corriger avant l’envoi." in page
    assert '<a href="1#q-region">Question 5</a>' in page
    assert '<button class="btn btn--block-s">Envoyer ma contribution</button>' in page


def test_going_on_with_gaps_shows_the_list(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client, {**PERSON, 4: {}})

    page = send(client)

    assert page.status_code == 422
    assert "<title>Erreur\u00a0: " in page.text
    assert 'href="#r-nombre_poles">Question\u00a017\u00a0: choisissez une réponse' in page.text
    assert queries.counts(db_session, consultation.id) == (1, 0)


def test_a_mistake_kept_in_the_draft_is_not_sent(emile: User, client: FlaskClient) -> None:
    fill(client, {**COMPANY, 6: {**COMPANY[6], "part_etat": 90}})

    page = send(client)

    assert page.status_code == 422
    assert "la somme des trois parts doit être égale à 100\u00a0%" in page.text.lower()


def test_optional_questions_without_an_answer_do_not_stop_emile(
    emile: User, client: FlaskClient
) -> None:
    fill(client, PERSON)

    page = client.get(f"{CONTRIBUTION}/relire").text
    assert "4\u00a0questions facultatives sont sans réponse." in page
    assert send(client).location == f"{CONTRIBUTION}/recu"


def test_hidden_answers_are_left_out_of_what_is_sent(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client, COMPANY)
    answer(client, 1, {"acteur": "particulier"})
    page = client.get(f"{CONTRIBUTION}/relire").text
    assert "ne seront pas envoyées." in page

    assert send(client).status_code == 303
    sent = queries.counted_submission(db_session, consultation.id, emile.id)
    assert sent is not None
    assert sent.answers["acteur"] == "particulier"
    assert not sent.answers.keys() & {"organisme", "siret", "effectif", "besoins_entreprise"}
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None and draft.answers["organisme"] == "Optique du Rhône"
    assert "Optique du Rhône" not in db_session.scalars(select(OutboxMessage.body)).one()


def test_what_is_sent_carries_its_vector_and_its_unit(
    app: Flask, consultation: Consultation, client: FlaskClient, db_session: Session
) -> None:
    nadia = cast.nadia(db_session)
    begin(client, nadia)
    fill(client, COMPANY)
    send(client)

    sent = queries.counted_submission(db_session, consultation.id, nadia.id)
    assert sent is not None and consultation.version_id is not None
    version = compiled(db_session, consultation.version_id)
    acteur = version.items["acteur"]
    assert len(sent.codes) == version.width
    assert sent.codes[acteur.offset : acteur.offset + 3] == bytes([ANSWERED, 2, 0])
    assert sent.profile == {"actor_type": "entreprise_pme", "region": "84"}
    assert not sent.individual
    secret = app.extensions["settings"].secret_key
    person = Respondent(nadia.id, siren="552100554")
    assert sent.unit == unit(version, sent.answers, person, False, secret)


def test_sending_the_same_answers_again_gives_the_same_receipt(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client, PERSON)
    send(client)
    first = queries.counted_submission(db_session, consultation.id, emile.id)
    send(client)
    send(client)

    again = queries.counted_submission(db_session, consultation.id, emile.id)
    assert first is not None and again is not None
    assert (again.id, again.receipt) == (first.id, first.receipt)
    assert len(db_session.scalars(select(OutboxMessage)).all()) == 1


def test_a_correction_is_a_new_submission_and_the_former_one_stays(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client, PERSON)
    send(client)
    clock(app, NOW + timedelta(hours=2))
    answer(client, 8, {"proposition": "Une meilleure idée"})
    send(client)

    texts = db_session.scalars(select(Submission.answers).order_by(Submission.number)).all()
    assert [answers.get("proposition") for answers in texts] == [
        "Une conférence annuelle des financeurs.",
        "Une meilleure idée",
    ]
    assert queries.counts(db_session, consultation.id) == (0, 1)


def test_before_the_opening_nobody_begins(
    app: Flask, consultation: Consultation, client: FlaskClient, db_session: Session
) -> None:
    clock(app, datetime(2022, 1, 15, 9, 0, tzinfo=UTC))
    emile = cast.emile(db_session)
    cast.sign_in(client, emile)
    token = form_token(client)

    page = client.post(f"{CONTRIBUTION}/commencer", data={"csrf_token": token})

    assert page.status_code == 403
    assert "Cette consultation ouvre le 20 janvier 2022 à 9\u00a0h\u00a000." in page.text


@pytest.mark.parametrize(
    ("closes_at", "paris"),
    [
        (datetime(2022, 3, 27, 21, 59, 59, tzinfo=UTC), "27 mars 2022 à 23\u00a0h\u00a059"),
        (datetime(2021, 10, 31, 22, 59, 59, tzinfo=UTC), "31 octobre 2021 à 23\u00a0h\u00a059"),
        (datetime(2022, 3, 11, 17, 0, 0, tzinfo=UTC), "11 mars 2022 à 18\u00a0h\u00a000"),
    ],
    ids=["clocks forward", "clocks back", "an ordinary day"],
)
def test_closing_is_at_the_second_on_the_clocks_of_paris(
    app: Flask, db_session: Session, client: FlaskClient, closes_at: datetime, paris: str
) -> None:
    consultation = poles(db_session, opens_at=closes_at - timedelta(days=30), closes_at=closes_at)
    clock(app, closes_at - timedelta(hours=1))
    emile = cast.emile(db_session)
    begin(client, emile)
    fill(client, PERSON)
    form = form_of(client.get(f"{CONTRIBUTION}/relire"), "_etat")
    words = form_of(client.get(section(8)))

    clock(app, closes_at + timedelta(seconds=1))
    refused = client.post(form.action, data=form.fields)
    assert refused.status_code == 403
    assert f"Cette consultation est terminée depuis le {paris} (heure de Paris)." in refused.text
    assert f'href="{CONTRIBUTION}/relire"' in refused.text
    long = "Une proposition écrite à la toute dernière minute, et même après."
    late = client.post(words.action, data=words.but(proposition=long))
    assert (late.status_code, long in late.text) == (403, True)
    few = client.post(words.action, data=words.but(proposition="Trop peu."))
    assert few.text.count("Trop peu.") == 1
    assert queries.counts(db_session, consultation.id) == (1, 0)

    clock(app, closes_at)
    assert client.post(form.action, data=form.fields).location == f"{CONTRIBUTION}/recu"


def test_after_closing_the_draft_is_readable_and_nothing_can_change(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    answer(client, 8, {"proposition": "Une idée jamais envoyée"})
    path = section(8)
    form = form_of(client.get(path))
    clock(app, consultation.closes_at + timedelta(days=3))
    cast.sign_in(client, emile)

    for place in (path, CONTRIBUTION):
        assert client.get(place).location == f"{CONTRIBUTION}/relire"
    page = client.get(f"{CONTRIBUTION}/relire").text
    assert "Une idée jamais envoyée" in page
    assert "Cette contribution n’a pas été envoyée." in page
    assert "Envoyer ma contribution" not in page and "Modifier" not in page
    late = form.but(proposition="Trop tard", csrf_token=form_token(client))
    told = client.post(path, data=late, headers={"Accept": "application/json"})
    assert told.status_code == 403
    assert "est terminée depuis le" in told.get_json()["error"]


def test_the_receipt_stays_available_after_closing(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient
) -> None:
    fill(client, PERSON)
    send(client)
    clock(app, consultation.closes_at + timedelta(days=300))
    cast.sign_in(client, emile)

    assert "Votre contribution est envoyée" in client.get(f"{CONTRIBUTION}/recu").text
    assert "Voir le reçu" in client.get(f"{CONTRIBUTION}/relire").text


def test_a_consultation_not_published_is_nowhere(client: FlaskClient, db_session: Session) -> None:
    poles(db_session, state="draft", published_at=None)
    cast.sign_in(client, cast.emile(db_session))

    assert client.get(CONTRIBUTION).status_code == 404


@pytest.mark.parametrize("code", ["", "ABCD", "U" * 32, "é" * 32, "0" * 32, "0" * 100_000])
def test_a_code_that_is_no_receipt_is_refused_with_a_sentence(
    client: FlaskClient, db_session: Session, code: str
) -> None:
    form = form_of(client.get("/verifier"), "code")

    page = client.post("/verifier", data=form.but(code=code))

    assert page.status_code == 422
    assert "Vérifiez les 32 caractères" in page.text or "Saisissez le code" in page.text


def form_token(client: FlaskClient) -> str:
    return form_of(client.get("/verifier"), "code").fields["csrf_token"][0]
