"""Every form of every page, filled by somebody who wishes us no good.

The pages are those that a visitor, and a person who holds every role, find by the addresses of
the platform; whatever they send is answered with a page that says what to do, never with a 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote_plus, urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from tests import cast
from tests.consultations.making import DURING, a_consultation
from tests.house.test_routes import addresses

pytestmark = pytest.mark.one_database

ROLES = ("organiser", "moderator", "analyst", "administrator")
LEAVE_ALONE = ("/deconnexion", "/moi/sessions/fermer", "/preferences/theme")
"""What would end the session of the test, or is on every page."""

HOSTILE = {
    "nothing": "",
    "a null character": "%00",
    "half a character": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "a megabyte": "a" * 1_000_000,
    "a formula": quote_plus('=HYPERLINK("http://ailleurs.example")'),
    "markup": quote_plus("</textarea><script>alert(1)</script>"),
    "a template": quote_plus("{{ config }}{% raise %} %(x)s {0}"),
    "a number without end": "9" * 400,
    "a number that is none": "1e999",
    "a date that is none": "2022-02-31T25%3A61",
    "right to left": quote_plus("\u202e\u0000e\u0301\U0001f4a9".replace("\0", "")),
}

Form = tuple[str, str, list[tuple[str, str]], list[str]]
"""Page, action, fields with their values, names of the files."""


@pytest.fixture
def somebody_with_every_role(db_session: Session) -> User:
    cast.emile(db_session)  # the first person of the base: what is done to « 1 » is done to him
    user = cast.awa(db_session)
    for role in ROLES:
        cast._granted(db_session, user, role, None)
    return user


@pytest.fixture(params=["visitor", "everything"])
def forms(
    app: Flask,
    client: FlaskClient,
    db_session: Session,
    request: pytest.FixtureRequest,
    somebody_with_every_role: User,
) -> list[Form]:
    """Return the forms that a visitor, or a person who holds every role, can find."""
    app.extensions["clock"] = lambda: DURING
    a_consultation(db_session)
    if request.param == "everything":
        cast.sign_in(client, somebody_with_every_role)
        with client.session_transaction() as session:
            session["since"] = int(DURING.timestamp())
    return list(found_forms(app, client))


def found_forms(app: Flask, client: FlaskClient) -> Iterator[Form]:
    for _rule, address in addresses(app, "GET"):
        page = address.replace("inconnu", "poles")
        answer = client.get(page)
        assert answer.status_code < 500, page
        if answer.mimetype == "text/html" and answer.status_code == 200:
            for form in html.document_fromstring(answer.text).forms:
                action = urljoin(page, form.get("action") or page)
                if form.method == "POST" and action not in LEAVE_ALONE:
                    files = form.xpath(".//input[@type='file']/@name")
                    yield page, action, _fields(form), files


def _fields(form: html.FormElement) -> list[tuple[str, str]]:
    """Return each name of ``form`` once, buttons included, with a value it may send."""
    fields: dict[str, str] = {}
    for control in form.xpath(".//*[@name]"):
        if control.get("type") != "file":
            fields.setdefault(control.get("name"), control.get("value") or control.text or "1")
    return list(fields.items())


def test_the_forms_of_the_house_are_found(forms: list[Form]) -> None:
    assert len({action for _page, action, _fields, _files in forms}) >= 2


def test_no_form_fails_whatever_every_field_holds(client: FlaskClient, forms) -> None:
    for page, action, fields, _files in forms:
        for value in HOSTILE.values():
            wanted = [(name, None if name == "csrf_token" else value) for name, _ in fields]
            _send(client, page, action, _body(wanted, fields))


def test_no_form_fails_when_one_field_is_missing_repeated_or_unknown(client, forms) -> None:
    for page, action, fields, _files in forms:
        for left_out, _value in fields:
            kept = [(name, None) for name, _ in fields if name != left_out]
            _send(client, page, action, _body(kept, fields))
        twice = [(name, None) for name, _ in fields for _ in range(3)]
        _send(client, page, action, _body([*twice, ("inconnu", "1"), ("", "2")], fields))


def test_no_form_fails_with_a_file_that_lies(client: FlaskClient, forms) -> None:
    for page, action, fields, files in forms:
        for name in files:
            for content, filename in LIES:
                data = {**dict(fields), name: (BytesIO(content), filename)}
                answer = client.post(action, data=data, content_type="multipart/form-data")
                assert answer.status_code < 500, (page, action, name, filename)


LIES = (
    (b"", "vide.pdf"),
    (b"MZ\x90\x00", "contribution.pdf"),
    (b"%PDF-1.7", "..\\..\\autorun.exe"),
    (b"PK\x03\x04" + b"\0" * 100, "tableau.xlsx"),
    (b"%PDF-1.7", "a" * 5000 + ".pdf"),
    (b"%PDF-1.7", "\u202efdp.exe"),
)


def _body(wanted: list[tuple[str, str | None]], fields: list[tuple[str, str]]) -> str:
    """Return a form as sent: ``None`` stands for the value that the page proposed."""
    usual = dict(fields)
    return "&".join(
        f"{quote_plus(name)}={quote_plus(usual[name]) if value is None else value}"
        for name, value in wanted
    )


def _send(client: FlaskClient, page: str, action: str, body: str) -> None:
    answer = client.post(action, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500, (page, action, body[:200])
