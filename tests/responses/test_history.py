"""What was sent stays readable, each time as it was, and what changed is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import decode
from consultation.responses import history
from consultation.responses.models import Response
from consultation.responses.sent import Reading, changes
from tests import cast
from tests.responses.making import NOW, answer, begin, clock, consulted, form_of, short
from tests.responses.test_sending import send
from tests.responses.test_withdrawing import withdraw

CONTRIBUTION = "/consultations/poles/contribution"


def fr(text: str) -> dict[str, str]:
    return {"fr": text}


def options(*labels: str) -> list[dict[str, Any]]:
    return [{"value": f"v{n}", "label": fr(label)} for n, label in enumerate(labels)]


MEMBER = {
    "kind": "single",
    "key": "membre",
    "label": fr("Membre ?"),
    "options": options("Oui", "Non"),
}
WHY = {
    "kind": "short_text",
    "key": "pourquoi",
    "label": fr("Pourquoi ?"),
    "relevant": "membre == 'v1'",
}
IDEA = {"kind": "long_text", "key": "proposition", "label": fr("Une idée ?")}
QUESTIONNAIRE = short(MEMBER, WHY, IDEA)


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    """A consultation of three questions."""
    return consulted(db_session, QUESTIONNAIRE)


def sent_twice(app: Flask, client: FlaskClient) -> None:
    """Émile sends « Non, trop cher », then corrects it the day after."""
    answer(client, 1, {"membre": "v1", "pourquoi": "Trop cher", "proposition": "Rien"})
    send(client)
    clock(app, NOW + timedelta(hours=3))
    answer(client, 1, {"membre": "v0", "proposition": "Une conférence"})
    send(client)


def test_every_submission_of_emile_is_listed_with_what_became_of_it(
    app: Flask, emile: User, client: FlaskClient, db_session: Session
) -> None:
    sent_twice(app, client)
    withdraw(client)
    send(client)

    page = client.get(f"{CONTRIBUTION}/historique").text
    numbers = [page.index(f"Envoi n°\u00a0{number}") for number in (3, 2, 1)]
    assert numbers == sorted(numbers)
    outcomes = [page.index(word) for word in ("Compté<", ">Retiré<", ">Remplacé<")]
    assert outcomes == sorted(outcomes)
    [response_id] = db_session.scalars(select(Response.id))
    found = history.submissions(db_session, response_id)
    assert [sent.outcome for sent in found] == ["counted", "withdrawn", "replaced"]
    assert [sent.receipt in page for sent in found] == [True] * 3


def test_before_anything_is_sent_the_history_says_so(emile: User, client: FlaskClient) -> None:
    page = client.get(f"{CONTRIBUTION}/historique").text

    assert "Votre brouillon n’a pas été envoyé." in page
    assert "Chaque envoi apparaît ici" in page
    assert client.get(f"{CONTRIBUTION}/envois/1").status_code == 404


def test_each_submission_is_read_as_it_was_sent(
    app: Flask, emile: User, client: FlaskClient
) -> None:
    sent_twice(app, client)

    first, second = (client.get(f"{CONTRIBUTION}/envois/{n}").text for n in (1, 2))
    assert "Trop cher" in first and "Rien" in first and "Une conférence" not in first
    assert "Une conférence" in second and "Trop cher" not in second
    assert "Pourquoi" not in second
    assert "10 février 2022 à 14\u00a0h\u00a032" in first
    assert "10 février 2022 à 17\u00a0h\u00a032" in second


def test_a_submission_keeps_the_words_of_its_version(
    app: Flask,
    consultation: Consultation,
    emile: User,
    client: FlaskClient,
    db_session: Session,
) -> None:
    answer(client, 1, {"membre": "v0"})
    send(client)
    changed = {**MEMBER, "label": fr("Adhérent ?"), "options": options("Tout à fait", "Non")}
    newer = publish_version(
        db_session, decode(short(changed, WHY, IDEA)), lineage="essai", actor_id=None, now=NOW
    )
    consultation.version_id = newer.id
    db_session.commit()
    answer(client, 1, {"membre": "v0", "proposition": "Une conférence"})
    send(client)

    page = client.get(f"{CONTRIBUTION}/envois/1").text
    assert "Membre\u00a0?" in page and "Oui" in page and "Adhérent" not in page
    page = client.get(f"{CONTRIBUTION}/envois/2/depuis/1").text
    assert "Le questionnaire a changé entre ces deux envois" in page
    assert "1\u00a0réponse change." in page and "Tout à fait" not in page


def test_emile_reads_what_he_changed_question_by_question(
    app: Flask, emile: User, client: FlaskClient
) -> None:
    sent_twice(app, client)

    page = client.get(f"{CONTRIBUTION}/envois/2/depuis/1").text
    assert "3\u00a0réponses changent." in page
    assert page.index("Rien") < page.index("Une conférence")
    assert "Trop cher" in page and "Question non posée" in page
    page = client.get(f"{CONTRIBUTION}/envois/2/depuis/2").text
    assert "Aucune réponse ne change." in page


def test_nobody_reads_the_history_of_somebody_else(
    app: Flask, emile: User, client: FlaskClient, db_session: Session
) -> None:
    sent_twice(app, client)
    nadia = app.test_client()
    cast.sign_in(nadia, cast.nadia(db_session))
    places = ("historique", "envois/1", "envois/2/depuis/1", "envois/1.pdf", "brouillon.pdf",
              "retirer", "supprimer")  # fmt: skip

    for place in places:
        answered = nadia.get(f"{CONTRIBUTION}/{place}")
        assert answered.location == "/consultations/poles", place
    begin(nadia, cast.nadia(db_session))
    for place in places[1:4]:
        assert nadia.get(f"{CONTRIBUTION}/{place}").status_code == 404, place


@pytest.mark.parametrize("place", ["envois/0", "envois/3", "envois/99999", "envois/2/depuis/9"])
def test_a_submission_that_is_not_there_is_not_found(
    app: Flask, emile: User, client: FlaskClient, place: str
) -> None:
    sent_twice(app, client)

    assert client.get(f"{CONTRIBUTION}/{place}").status_code == 404


def test_the_history_stays_readable_after_closing(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient
) -> None:
    sent_twice(app, client)
    clock(app, consultation.closes_at + timedelta(days=30))
    cast.sign_in(client, emile)

    for place in ("historique", "envois/1", "envois/2/depuis/1", "brouillon.pdf"):
        assert client.get(f"{CONTRIBUTION}/{place}").status_code == 200, place


# --- what changed, as a rule ---------------------------------------------------------------------


def version() -> CompiledVersion:
    return compile_version(decode(QUESTIONNAIRE))


VERSION = version()
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "membre": st.sampled_from(["v0", "v1"]),
        "pourquoi": st.sampled_from(["Trop cher", "Trop loin"]),
        "proposition": st.sampled_from(["Rien", "Tout"]),
    },
)


def reading(answers: dict[str, Any]) -> Reading:
    return Reading(VERSION, answers, NOW.date())


@given(ANSWERS)
def test_nothing_changes_between_a_submission_and_itself(answers: dict[str, Any]) -> None:
    assert changes(reading(answers), reading(answers)) == []


@given(ANSWERS, ANSWERS)
def test_reading_changes_backwards_tells_the_same_questions(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    there, back = changes(reading(before), reading(after)), changes(reading(after), reading(before))
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {c.line.key: opposite[c.kind] for c in there} == {c.line.key: c.kind for c in back}


@given(ANSWERS, ANSWERS)
def test_every_difference_that_was_sent_is_told(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    old, new = reading(before).path.answers, reading(after).path.answers
    different = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    assert {change.line.key for change in changes(reading(before), reading(after))} == different


def test_emile_compares_any_two_of_his_submissions(
    app: Flask, emile: User, client: FlaskClient
) -> None:
    sent_twice(app, client)
    assert "Comparer l’envoi" not in client.get(f"{CONTRIBUTION}/historique").text
    answer(client, 1, {"membre": "v0", "proposition": "Rien"})
    send(client)

    form = form_of(client.get(f"{CONTRIBUTION}/historique"), "de")
    assert form.fields == {"de": ["1"], "a": ["3"]}
    chosen = client.get(form.action, query_string=form.fields)
    assert chosen.location == f"{CONTRIBUTION}/envois/3/depuis/1"
    assert "2\u00a0réponses changent." in client.get(chosen.location).text
    for wrong in ("", "?de=1", "?de=x&a=2", "?de=-1&a=2", "?de=²&a=1", "?de=999999&a=1"):
        assert client.get(f"{CONTRIBUTION}/historique/comparer{wrong}").status_code == 400, wrong
