"""Every form of writing together, filled by somebody who wishes us no good."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from tests import cast
from tests.coauthors.making import shared
from tests.coauthors.writing import address, louise, post, visitor, write
from tests.house.test_hostile_forms import HOSTILE, _body, _fields

pytestmark = pytest.mark.one_database
PAGES = ("", "8", "relire", "repartition", "repartition/8", "notes", "renvoyer")


@pytest.fixture(params=["signatory", "author"])
def room(
    app: Flask, db_session: Session, consultation: Consultation, request: pytest.FixtureRequest
) -> tuple[FlaskClient, str]:
    """A shared response with a note of each, and the browser of one of its co-authors."""
    nadia, other = cast.nadia(db_session), louise(db_session)
    response = shared(db_session, consultation, nadia, other)
    clients = {"signatory": visitor(app, nadia), "author": visitor(app, other)}
    for client in clients.values():
        post(client, response, "notes", target="question:proposition", text="Une note")
    write(clients["author"], response, 8, {"proposition": "Une idée"})
    return clients[request.param], address(response)


def forms_of(room: tuple[FlaskClient, str]):
    client, root = room
    for rest in PAGES:
        page = f"{root}/{rest}" if rest else root
        answer = client.get(page)
        if answer.status_code == 200:
            for form in html.document_fromstring(answer.text).forms:
                action = urljoin(page, form.get("action") or page)
                if form.method == "POST" and action.startswith(root):
                    yield action, _fields(form)
        else:
            assert answer.status_code == 403, page
    token = html.document_fromstring(client.get(root).text).xpath("//input[@name='csrf_token']")
    sign = [("csrf_token", token[0].get("value")), ("revision", "1"), ("quitte", "")]
    yield f"{root}/presence/8", sign


def test_no_form_fails_whatever_every_field_holds(room: tuple[FlaskClient, str]) -> None:
    found = list(forms_of(room))
    assert len(found) > 6
    for action, fields in found:
        for value in HOSTILE.values():
            wanted = [(name, None if name == "csrf_token" else value) for name, _ in fields]
            send(room[0], action, _body(wanted, fields))
        for left_out, _ in fields:
            kept = [(name, None) for name, _ in fields if name != left_out]
            send(room[0], action, _body(kept, fields))
        twice = [(name, None) for name, _ in fields for _ in range(3)]
        send(room[0], action, _body([*twice, ("inconnu", "1"), ("", "2")], fields))


def send(client: FlaskClient, action: str, body: str) -> None:
    answer = client.post(action, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500, (action, body[:200])


@pytest.mark.parametrize("sur", ["", "rien", "0", "-1", "9" * 400, "x" * 5000, "é\u202e", "%00"])
def test_notes_about_what_does_not_exist_are_all_the_notes(
    room: tuple[FlaskClient, str], sur: str
) -> None:
    client, root = room
    for name in ("q", "partie"):
        answer = client.get(f"{root}/notes", query_string={name: sur})
        assert answer.status_code == 200
        assert answer.text.count("Une note</p>") == 2
