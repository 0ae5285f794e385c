"""Every form of the invitations, filled by somebody who wishes us no good."""

from __future__ import annotations

import io
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.invitations.models import Contact, ContactImport
from tests import cast
from tests.consultations.making import DURING, a_consultation
from tests.house.test_hostile_forms import HOSTILE, LIES, _body, _fields
from tests.invitations.making import LINKS, campaign, contact, path_in, post, posted
from tests.journeys.visitors import token_of

pytestmark = pytest.mark.one_database
ROOT = "/espace/poles/invitations"


@pytest.fixture
def pages(app: Flask, db_session: Session, client: FlaskClient) -> list[str]:
    """Every page of the room that holds a form, for Claire."""
    app.extensions["clock"] = lambda: DURING
    consultation = a_consultation(db_session)
    number = contact(db_session, consultation, "zoe@pole.example.org", bounced_at=DURING).id
    invited = contact(db_session, consultation, "yan@pole.example.org").id
    draft = campaign(db_session, consultation, planned=False).id
    campaign(db_session, consultation)
    post(app)
    planned = campaign(db_session, consultation, send_at=DURING + timedelta(days=1)).id
    given = ContactImport(
        consultation_id=consultation.id,
        file_name="contacts.csv",
        data=b"mail\nxim@pole.example.org\nfaux\n",
        report={"kept": 1, "errors": 1, "duplicates": 0, "lines": [], "sample": [], "fields": []},
        created_at=DURING,
    )
    db_session.add(given)
    db_session.commit()
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    return [
        path_in(posted(db_session, "yan@pole.example.org")[0].body),
        LINKS.unsubscribe(number, "zoe@pole.example.org").removeprefix("http://localhost"),
        f"{ROOT}?etat=bounced",
        f"{ROOT}/ajouter",
        f"{ROOT}/importer",
        f"{ROOT}/importer/{given.id}",
        f"{ROOT}/contacts/{number}",
        f"{ROOT}/contacts/{invited}",
        f"{ROOT}/courriels/nouveau",
        f"{ROOT}/courriels/{draft}",
        f"{ROOT}/courriels/{draft}/modifier",
        f"{ROOT}/courriels/{planned}",
        f"{ROOT}/reglages",
    ]


Form = tuple[str, list[tuple[str, str]], list[str]]


def forms_of(client: FlaskClient, page: str) -> list[Form]:
    """Return action, fields and file names of each form of ``page`` that changes something."""
    found = []
    for form in html.document_fromstring(client.get(page).text).forms:
        action = urljoin(page, form.get("action") or page)
        if form.method == "POST" and action.startswith((ROOT, "/invitation", "/desabonnement")):
            files = form.xpath(".//input[@type='file']/@name")
            found.append((action, _fields(form), [str(name) for name in files]))
    return found


def test_no_form_fails_whatever_every_field_holds(client: FlaskClient, pages: list[str]) -> None:
    forms = [form for page in pages for form in forms_of(client, page)]
    for action, fields, _ in forms:
        for value in HOSTILE.values():
            wanted = [(name, None if name == "csrf_token" else value) for name, _ in fields]
            check(client, action, _body(wanted, fields))
    met = {action.rpartition("/")[2] for action, _, _ in forms}
    assert {"ajouter", "importer", "confirmer", "programmer", "essai", "arreter"} <= met
    assert len(met) >= 16


def test_no_form_fails_with_each_field_wrong_in_turn(client: FlaskClient, pages: list[str]) -> None:
    for action, fields, _ in [form for page in pages for form in forms_of(client, page)]:
        for wrong, _value in fields:
            for value in ("", "%00", "9" * 400, "a" * 30_000, "%F0%9F%92%A9", "-1"):
                wanted = [(name, value if name == wrong else None) for name, _ in fields]
                check(client, action, _body(wanted, fields))
            kept = [(name, None) for name, _ in fields if name != wrong]
            check(client, action, _body(kept, fields))


def test_no_file_that_lies_makes_the_import_fail(client: FlaskClient, pages: list[str]) -> None:
    for content, name in (*LIES, (b"\xef\xbb\xbf", "a.csv"), (b"mail\r" * 9, "a.csv")):
        token = token_of(client, f"{ROOT}/importer")
        data = {"csrf_token": token, "file": (io.BytesIO(content), name)}
        answer = client.post(f"{ROOT}/importer", data=data, content_type="multipart/form-data")
        assert answer.status_code < 500, name


def test_nothing_is_stored_by_half(
    client: FlaskClient, db_session: Session, pages: list[str]
) -> None:
    before = set(db_session.scalars(select(Contact.email)))
    token = token_of(client, f"{ROOT}/ajouter")
    for siret in ("1", "9" * 14, "=1+1", "\u0660" * 14):
        data = {"csrf_token": token, "email": "neuf@pole.example.org", "siret": siret}
        assert client.post(f"{ROOT}/ajouter", data=data).status_code == 422
    assert set(db_session.scalars(select(Contact.email))) == before


def check(client: FlaskClient, action: str, body: str) -> None:
    answer = client.post(action, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500, (action, body[:200])
    if 400 <= answer.status_code < 500 and answer.mimetype == "text/html":
        assert "<main" in answer.text
