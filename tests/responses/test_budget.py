"""The budget of a page of a questionnaire: 4 SQL statements and 20 kB of HTML, at any length."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from tests import cast
from tests.house.client import settle_the_session_of_the_test
from tests.house.statements import counted_statements
from tests.responses.answers import COMPANY
from tests.responses.making import answer, begin, consulted, fields_of, form_of, section, token_of

STATEMENTS, BYTES = 4, 20_000
CONTRIBUTION = "/consultations/poles/contribution"


class Measuring:
    """Asks for pages and counts the SQL statements of each."""

    def __init__(self, app: Flask, person: User) -> None:
        # The client of Flask itself: the inspecting one counts for itself, out of our sight.
        self.client = FlaskClient(app, app.response_class)
        cast.sign_in(self.client, person)

    def measure(self, ask: Callable[[], TestResponse]) -> tuple[TestResponse, int]:
        def counting() -> tuple[TestResponse, int]:
            with counted_statements() as statements:
                reply = ask()
            return reply, len(statements)

        settle_the_session_of_the_test()
        return Context().run(counting)

    def get(self, path: str) -> tuple[TestResponse, int]:
        return self.measure(lambda: self.client.get(path))

    def post(self, path: str, data: Any, **more: Any) -> tuple[TestResponse, int]:
        return self.measure(lambda: self.client.post(path, data=data, **more))


@pytest.fixture
def measuring(app: Flask, emile: User) -> Measuring:
    return Measuring(app, emile)


@pytest.mark.parametrize("number", range(1, 9))
def test_each_section_of_the_real_questionnaire_keeps_its_budget(
    measuring: Measuring, emile: User, client: FlaskClient, number: int
) -> None:
    for before in range(1, number):
        answer(client, before, COMPANY[before])
    sizes = []
    for given in ({}, COMPANY[number]):
        page, statements = measuring.get(section(number))
        sizes.append(len(page.data))
        assert (page.status_code, statements) == (200, STATEMENTS - 1)
        data = {**form_of(page).fields, **fields_of(given), "_apres": "rester"}
        saved, statements = measuring.post(section(number), data)
        assert (saved.status_code, statements) == (303, STATEMENTS)
    page, _ = measuring.get(section(number))
    sizes.append(len(page.data))
    print(f"section {number}: {STATEMENTS - 1} + {STATEMENTS} statements, {sizes} bytes")
    assert max(sizes) <= BYTES


@pytest.mark.parametrize("number", [2, 3])
def test_the_longest_sections_keep_their_budget_in_english_with_everything_ticked(
    measuring: Measuring, consultation: Consultation, client: FlaskClient, number: int
) -> None:
    token = token_of(client.get(CONTRIBUTION))
    client.post("/preferences/langue", data={"csrf_token": token, "langue": "en"})
    assert consultation.version is not None
    clusters = [c["value"] for c in consultation.version.definition["lists"]["clusters"]]
    answers = {**COMPANY[number], "mission_retirer": ["rd", "marche", "europe"]}
    if number == 2:
        answers["poles_membres"] = clusters
    answer(client, number, answers)
    page = client.get(section(number))

    assert page.text.count("checked") >= (60 if number == 2 else 12)
    assert len(page.data) <= BYTES


def test_the_script_of_a_page_costs_no_more_than_its_buttons(
    measuring: Measuring, emile: User
) -> None:
    page, _ = measuring.get(section(2))
    data = {**form_of(page).fields, "connaissance": "adherent"}
    saved, statements = measuring.post(section(2), data, headers={"Accept": "application/json"})

    assert (saved.status_code, statements) == (200, STATEMENTS)
    assert len(saved.data) < 500


def test_the_pages_around_the_sections_keep_their_budget(
    measuring: Measuring, emile: User, client: FlaskClient
) -> None:
    for number in sorted(COMPANY):
        answer(client, number, COMPANY[number])
    page, statements = measuring.get(f"{CONTRIBUTION}/relire")
    assert statements == STATEMENTS - 1
    measuring.post(f"{CONTRIBUTION}/envoyer", form_of(page, "_etat").fields)

    sent = ("", "/1", "/relire", "/recu", "/historique", "/envois/1", "/retirer")
    for path in (f"{CONTRIBUTION}{rest}" for rest in sent):
        page, statements = measuring.get(path)
        assert (page.status_code, statements <= STATEMENTS) == (200, True), path


@pytest.mark.parametrize("size", [10, 39, 150])
def test_the_statements_do_not_depend_on_the_length(
    app: Flask, db_session: Session, client: FlaskClient, size: int
) -> None:
    consulted(db_session, of_size(size))
    emile = cast.emile(db_session)
    begin(client, emile)
    measuring = Measuring(app, emile)

    page, reading = measuring.get(section(1))
    data = {**form_of(page).fields, "q0": "a", "q1": "Un mot"}
    _, writing = measuring.post(section(1), data)

    assert (reading, writing) == (STATEMENTS - 1, STATEMENTS)


def of_size(size: int) -> dict[str, Any]:
    """Return a questionnaire of ``size`` questions, eight to a section, in four kinds."""
    options = [{"value": v, "label": {"fr": f"Réponse {v}"}} for v in "abcd"]
    kinds: list[dict[str, Any]] = [
        {"kind": "single", "options": options},
        {"kind": "short_text"},
        {"kind": "multiple", "options": options},
        {"kind": "number", "relevant": "q0 == 'a'"},
    ]
    questions = [
        {**kinds[n % 4], "key": f"q{n}", "label": {"fr": f"Question {n}"}} for n in range(size)
    ]
    sections = [
        {"key": f"s{n}", "title": {"fr": f"Partie {n}"}, "questions": questions[n : n + 8]}
        for n in range(0, size, 8)
    ]
    return {"code": "longue", "title": {"fr": "Longue"}, "sections": sections}
