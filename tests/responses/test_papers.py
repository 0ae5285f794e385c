"""What Émile sent, on paper: tagged, complete, and never read as markup."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.responses.models import Submission
from tests import cast
from tests.papers import marks_of, text_of
from tests.responses.answers import COMPANY
from tests.responses.making import NOW, answer, begin, clock, consulted, short
from tests.responses.test_sending import fill, send
from tests.responses.test_withdrawing import withdraw

CONTRIBUTION = "/consultations/poles/contribution"
IDEA = {
    "kind": "long_text",
    "key": "proposition",
    "label": {"fr": "Une idée ?"},
    "max_length": 12_000,
}

FOOTER = re.compile(r"\d+/\d+")


def words(data: bytes) -> str:
    return " ".join(text_of(data).split())


@pytest.fixture
def one_question(db_session: Session, client: FlaskClient) -> User:
    """Émile, his response to a consultation of one question begun."""
    consulted(db_session, short(IDEA))
    person = cast.emile(db_session)
    begin(client, person)
    return person


@pytest.mark.one_database
def test_nadia_s_whole_contribution_is_a_tagged_document(
    db_session: Session, consultation: Consultation, client: FlaskClient
) -> None:
    nadia = cast.nadia(db_session)
    begin(client, nadia)
    fill(client, COMPANY)
    send(client)

    answered = client.get(f"{CONTRIBUTION}/envois/1.pdf")

    assert answered.mimetype == "application/pdf"
    assert answered.headers["Cache-Control"] == "private, no-store"
    assert all(marks_of(answered.data).values())
    sent, text = db_session.scalars(select(Submission)).one(), words(answered.data)
    for said in (
        "Contribution, envoi n° 1",
        "L’avenir des pôles de compétitivité",
        "Reçue le : 10 février 2022 à 14 h 32 (heure de Paris)",
        sent.receipt,
        "Au nom de : Optique du Rhône",
        "Instruments d’optique",
        "Les Régions connaissent leurs entreprises. Elles répondent.",
        "1 250,5",
        "Sans réponse",
    ):
        assert said in text, said
    assert "Brouillon" not in text


@pytest.mark.one_database
def test_a_draft_says_on_every_page_that_it_was_not_sent(
    one_question: User, client: FlaskClient
) -> None:
    answer(client, 1, {"proposition": "Un mot. " * 1400})

    data = client.get(f"{CONTRIBUTION}/brouillon.pdf").data

    text = words(data)
    pages = data.count(b"/Type/Page/")
    assert pages > 2
    assert text.count("Brouillon, non envoyé") >= pages
    assert "Numéro de reçu" not in text
    assert all(marks_of(data).values())


@pytest.mark.one_database
@pytest.mark.parametrize(
    "typed",
    [
        '#import "x"',
        "$ x^2 $ et \\ puis *gras* _it_ `code` @ref <b>",
        "#panic() // commentaire /* suite */ = titre",
        "Une phrase. " * 830,
        "a" * 10_000,
        "رأي المواطنين مهم جدا",
        "Bravo 😀 👩‍👩‍👧 🇫🇷 👍🏽",
        "漢字かな",
        "ligne 1\n\n\n- puce\n+ autre",
        "\u202eevil \u200b \u0301",
    ],
    ids=["import", "maths", "panic", "long", "one word", "arabic", "emoji", "japanese", "lines",
         "controls"],
)  # fmt: skip
def test_the_words_of_emile_are_data_whatever_they_are(
    one_question: User, client: FlaskClient, typed: str
) -> None:
    answer(client, 1, {"proposition": typed})
    send(client)

    answered = client.get(f"{CONTRIBUTION}/envois/1.pdf")

    assert answered.status_code == 200 and all(marks_of(answered.data).values())
    found = FOOTER.sub("", "".join(text_of(answered.data).split())).replace("\u200b", "")
    if typed.isascii():
        assert "".join(typed.split()) in found
    else:
        drawn = [c for c in typed if c.isalpha() and c not in "漢字かな"]
        assert set(drawn) <= set(found)


def test_nul_never_reaches_the_paper(one_question: User, client: FlaskClient) -> None:
    assert answer(client, 1, {"proposition": "un\0deux"}).status_code == 400


@pytest.mark.one_database
def test_the_paper_of_a_withdrawn_submission_says_when_it_was(
    app: Flask, one_question: User, client: FlaskClient
) -> None:
    answer(client, 1, {"proposition": "Une idée"})
    send(client)
    clock(app, NOW + timedelta(days=1))
    withdraw(client)

    text = words(client.get(f"{CONTRIBUTION}/envois/1.pdf").data)
    assert "Contribution : retirée le 11 février 2022 à 14 h 32 (heure de Paris)" in text


@pytest.mark.one_database
def test_thirty_papers_a_minute_are_enough(one_question: User, client: FlaskClient) -> None:
    statuses = [client.get(f"{CONTRIBUTION}/brouillon.pdf").status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
