"""Émile answers the whole questionnaire of 2022, in turn as three kinds of respondents."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.audit.models import AuditEvent
from consultation.mail.models import OutboxMessage
from consultation.responses import proof, queries
from consultation.responses.models import Submission
from tests import cast
from tests.responses.answers import COMPANY, PERSON, REGION, Section
from tests.responses.making import NOW, answer, begin, clock, form_of, poles, section, token_of

CONTRIBUTION = "/consultations/poles/contribution"


def fill_everything(client: FlaskClient, answers: dict[int, Section]) -> None:
    """Answer each section in order; the way there is the one the pages give."""
    number = 1
    for _ in range(30):
        reply = answer(client, number, answers[number])
        assert reply.status_code == 303, reply.text
        if reply.location.endswith("/relire"):
            return
        number = int(re.search(r"/contribution/(\d+)", reply.location)[1])  # type: ignore[index]
    pytest.fail("the pages lead nowhere")


@pytest.mark.parametrize(
    ("answers", "unanswered"),
    [(COMPANY, 3), (REGION, 5), (PERSON, 4)],
    ids=["entreprise_pme", "region", "particulier"],
)
def test_emile_answers_the_eight_sections_up_to_the_receipt(
    app: Flask,
    db_session: Session,
    client: FlaskClient,
    answers: dict[int, Section],
    unanswered: int,
) -> None:
    clock(app)
    consultation = poles(db_session)
    emile = cast.emile(db_session)
    begin(client, emile)
    assert "À remplir" in client.get(CONTRIBUTION).text

    fill_everything(client, answers)

    check = client.get(f"{CONTRIBUTION}/relire")
    assert "manque" not in check.text
    assert check.text.count("Sans réponse") == unanswered
    sent = client.post(f"{CONTRIBUTION}/envoyer", data=form_of(check, "_etat").fields)
    assert (sent.status_code, sent.location) == (303, f"{CONTRIBUTION}/recu")

    page = client.get(sent.location).text
    submission = db_session.scalars(select(Submission)).one()
    assert submission.receipt in page
    assert "10 février 2022 à 14\u00a0h\u00a032" in page
    assert queries.counts(db_session, consultation.id) == (0, 1)
    assert submission.answers["acteur"] == answers[1]["acteur"]

    (letter,) = db_session.scalars(select(OutboxMessage))
    assert letter.recipient == "emile@example.org"
    assert submission.receipt in letter.body
    assert "Classez les trois missions" in letter.body
    verbs = db_session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)).all()
    assert verbs[-2:] == ["start_response", "submit_response"]

    verified = client.get("/verifier")
    typed = submission.receipt.lower().replace("-", " ")
    verified = client.post("/verifier", data={"csrf_token": token_of(verified), "code": typed})
    assert "Oui, ce reçu correspond" in verified.text
    assert "conférence annuelle" not in verified.text


def test_emile_goes_on_from_another_machine_and_corrects_what_he_sent(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    clock(app)
    consultation = poles(db_session)
    emile = cast.emile(db_session)
    begin(client, emile)
    for number in (1, 2, 3):
        answer(client, number, PERSON[number])

    elsewhere = app.test_client()
    cast.sign_in(elsewhere, emile)
    assert "Reprendre à la partie 4" in elsewhere.get(CONTRIBUTION).text
    for number in range(4, 9):
        answer(elsewhere, number, PERSON[number])
    send(elsewhere)
    first = db_session.scalars(select(Submission)).one()

    clock(app, NOW + timedelta(days=1))
    answer(client, 4, {"nombre_poles": "plus", "nombre_cible": "60"})
    assert "ne sont pas encore envoyées" in client.get(CONTRIBUTION).text
    assert queries.counts(db_session, consultation.id) == (0, 1)
    send(client)

    second = queries.counted_submission(db_session, consultation.id, emile.id)
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    assert first.receipt != second.receipt
    assert (first.answers["nombre_poles"], second.answers["nombre_poles"]) == ("stable", "plus")
    assert "envoi n°\u00a02" in client.get(f"{CONTRIBUTION}/recu").text


def test_the_receipt_is_computed_from_what_was_sent(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    clock(app)
    consultation = poles(db_session)
    begin(client, cast.emile(db_session))
    fill_everything(client, PERSON)
    send(client)

    sent = db_session.scalars(select(Submission)).one()
    version = consultation.version
    assert version is not None and version.digest is not None
    again = proof.leaf_hash(
        proof.document(
            consultation_id=sent.consultation_id,
            version=version.digest,
            number=sent.number,
            answers=sent.answers,
            profile=sent.profile,
            submitted_at=sent.submitted_at,
            salt=sent.salt,
            counted=proof.counted(
                response_id=sent.response_id,
                codes=sent.codes,
                unit=sent.unit,
                individual=sent.individual,
            ),
        )
    )
    assert (again, proof.receipt(again)) == (sent.leaf_hash, sent.receipt)


def test_a_section_that_concerns_nobody_is_said_to_be_so(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    clock(app)
    poles(db_session)
    begin(client, cast.emile(db_session))
    answer(client, 2, {"connaissance": "decouvre"})
    reply = answer(client, 5, {"echelle_pilotage": ["regional"], "bilan_regionalisation": "3"})

    assert reply.location.endswith("/6")
    assert "25." not in client.get(section(6)).text


def send(client: FlaskClient) -> None:
    """Press « Envoyer ma contribution » on the page that shows everything."""
    check = client.get(f"{CONTRIBUTION}/relire")
    sent = client.post(f"{CONTRIBUTION}/envoyer", data=form_of(check, "_etat").fields)
    assert sent.location == f"{CONTRIBUTION}/recu", sent.text
