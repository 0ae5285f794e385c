"""Every form of the editor, filled by somebody who wishes us no good."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy.orm import Session

from consultation.questionnaires.format import decode
from consultation.settings import ROOT
from tests import cast
from tests.authoring.making import EDITOR, address, change, form_of, question, send
from tests.house.test_hostile_forms import HOSTILE, LEAVE_ALONE, LIES, _body, _fields
from tests.questionnaires.formats.test_hostile_apart import REFUSED
from tests.responses.making import clock, consulted

pytestmark = pytest.mark.one_database

BLOCKS = [
    json.loads(block)
    for block in re.findall(
        r"(?s)```json\n(.*?)```", (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    )
]
KEYS = [block["key"] for block in BLOCKS[1:]]
PAGES = [
    EDITOR,
    *(question(key) for key in KEYS),
    f"{question('connaissance')}?lignes=1",
    f"{question('effectif')}?questions=1&autres=1&contrainte=1",
    f"{question('connaissance')}?langue=en",
    address("parties", "profil"),
    f"{address('listes', 'echelle', 'accord')}?lignes=1",
    address("depart"),
    address("publier"),
    address("essai"),
    address("supprimer", "rappel"),
]


@pytest.fixture
def claire(app: Flask, client: FlaskClient, db_session: Session) -> FlaskClient:
    """Claire, before a questionnaire that has every kind of question and a draft."""
    clock(app)
    data = json.loads(json.dumps(BLOCKS[0]))
    data["sections"][0]["questions"] += BLOCKS[1:]
    consultation = consulted(db_session, decode(data))
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    change(client, question("connaissance"), {"label": "Connaissez-vous un pôle ?"})
    return client


def forms_of(client: FlaskClient, path: str) -> list[tuple[str, list[tuple[str, str]], list[str]]]:
    page = client.get(path)
    assert page.status_code == 200, path
    found = []
    for form in lxml_html.document_fromstring(page.text).forms:
        action = form.get("action") or path
        if form.method == "POST" and action not in LEAVE_ALONE:
            found.append((action, _fields(form), form.xpath(".//input[@type='file']/@name")))
    return found


def ask(client: FlaskClient, action: str, body: str) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = client.post(action, data=body, content_type=kind)
    assert answer.status_code < 500, (action, body[:300])


@pytest.mark.parametrize("page", PAGES)
def test_no_form_fails_whatever_every_field_holds(claire: FlaskClient, page: str) -> None:
    for action, fields, _files in forms_of(claire, page):
        for value in HOSTILE.values():
            kept = ("csrf_token", "_vu", "_revision", "_essai")
            wanted = [(name, None if name in kept else value) for name, _ in fields]
            ask(claire, action, _body(wanted, fields))


@pytest.mark.parametrize("page", [PAGES[0], *PAGES[-8:]])
def test_no_form_fails_when_a_field_is_missing_or_repeated(claire, page: str) -> None:
    for action, fields, _files in forms_of(claire, page):
        for left_out, _value in fields:
            ask(claire, action, _body([(n, None) for n, _ in fields if n != left_out], fields))
        ask(claire, action, _body([(name, None) for name, _ in fields for _ in range(3)], fields))


def test_no_button_fails_on_any_page(claire: FlaskClient) -> None:
    buttons = "up down duplicate question section options sans-avis autres contrainte condition"
    for page in PAGES[:20]:
        form = form_of(claire.get(page), "_vu")
        for button in [*buttons.split(), "langue:en", "langue:xx", "partie:9", "inconnu:", ":"]:
            assert send(claire, form, do=button).status_code < 500, (page, button)


def test_files_that_lie_get_one_sentence(claire: FlaskClient) -> None:
    form = form_of(claire.get(address("depart")), "fichier-file")
    for content, name in [*LIES, (b"PK\x03\x04" + b"\xff" * 2000, "enquete.xlsx")]:
        upload = {"fichier-file": (BytesIO(content), name)}
        answer = claire.post(form.action, data={**form.fields, **upload})
        assert answer.status_code == 422, name
        assert "error-msg" in answer.text, name


@pytest.mark.parametrize(
    "what",
    [
        "entities that expand", "a sheet that inflates", "a cell at the end of the sheet",
        "5,000 groups inside one another", "aliases that expand",
    ],
)  # fmt: skip
def test_a_file_made_to_hurt_gets_one_sentence_on_the_page(claire: FlaskClient, what: str) -> None:
    content, name = REFUSED[what]()
    form = form_of(claire.get(address("depart")), "fichier-file")
    upload = {"fichier-file": (BytesIO(content), name)}
    answer = claire.post(form.action, data={**form.fields, **upload})

    assert answer.status_code == 422
    assert answer.text.count("error-msg") == 1


def test_a_page_of_choices_filled_at_random_never_fails(claire: FlaskClient) -> None:
    form = form_of(claire.get(question("acteur")))
    change(claire, question("acteur"), {"label": "Vous êtes", "kind": "multiple"})
    choices = form_of(send(claire, form, {"label": "Qui êtes-vous"}), "_choix")
    for value in ("mine", "theirs", "", "autre", "9" * 400):
        for name in ("choix.label", "choix._tout", "choix.inconnu"):
            assert send(claire, choices, {name: value}).status_code < 500
