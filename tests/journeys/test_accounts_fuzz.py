"""Whatever is sent to the forms of the accounts: a sentence, never a failure, nothing half done."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.accounts.models import Organisation, User
from consultation.territories.actions import load
from tests import cast
from tests.journeys.visitors import Clock, token_of

pytestmark = pytest.mark.one_database

FORMS = {
    "/connexion": ["email", "identifier", "password", "suite"],
    "/connexion/envoye": ["email", "code"],
    "/inscription": ["display_name", "email", "password", "accepted", "website"],
    "/moi/profil": ["display_name", "actor_type", "region", "organisation", "size", "siret"],
    "/moi/mot-de-passe": ["current", "password"],
}
NASTY = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "x" * 1_000_000,
    "é" * 100_000,
    "-1",
    "1e999",
    "null",
    "[]",
    "{}",
    "'; DROP TABLE users; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "%00%ff",
    "a@b.fr\r\nBcc: c@d.fr",
    "\u202e\u200b\ufeff",
    "\x01\x0b\x85\ufdd0\U0001ffff",
    "٣٣٣٣٣٣",
]
values = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))
SENTENCE = re.compile(r"[A-ZÉÀÊ][^<>]{10,}")


@pytest.fixture
def emile(app: Flask, db_session: Session) -> FlaskClient:
    Clock(app)
    load(db_session)
    client = app.test_client()
    cast.sign_in(client, cast.emile(db_session))
    return client


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def send(client: FlaskClient, path: str, fields: dict[str, list[str]], token: str) -> Any:
    """Post a form byte for byte, lone surrogates included."""
    from urllib.parse import quote_from_bytes

    pairs = [("csrf_token", token), *((n, v) for n, many in fields.items() for v in many)]
    body = "&".join(
        f"{quote_from_bytes(encoded(n))}={quote_from_bytes(encoded(v))}" for n, v in pairs
    )
    return client.post(
        path, data=body, content_type="application/x-www-form-urlencoded", buffered=True
    )


@pytest.mark.parametrize("path", FORMS)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_anything_typed_gets_an_answer_in_french(
    emile: FlaskClient, app: Flask, db_session: Session, path: str, data: st.DataObject
) -> None:
    names = st.one_of(st.sampled_from(FORMS[path]), st.text(min_size=1, max_size=8))
    fields = data.draw(st.dictionaries(names, st.lists(values, min_size=1, max_size=2)))
    client = emile if path.startswith("/moi") else app.test_client()
    before = _stored(db_session)
    answer = send(client, path, fields, token_of(client, path))
    assert answer.status_code < 500
    assert answer.status_code != 200
    if answer.status_code >= 400:
        assert SENTENCE.search(answer.get_data(as_text=True))
        assert _stored(db_session) == before


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_every_field_filled_with_the_same_poison(
    emile: FlaskClient, app: Flask, db_session: Session, path: str, nasty: str
) -> None:
    client = emile if path.startswith("/moi") else app.test_client()
    before = _stored(db_session)
    fields = {name: [nasty] for name in FORMS[path]}
    answer = send(client, path, fields, token_of(client, path))
    assert 400 <= answer.status_code < 500
    assert _stored(db_session) == before


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_token_gives_back_what_was_typed(
    emile: FlaskClient, app: Flask, path: str
) -> None:
    client = emile if path.startswith("/moi") else app.test_client()
    typed = "une phrase assez longue pour être relue"
    answer = client.post(path, data={FORMS[path][0]: typed})
    assert answer.status_code == 400
    if FORMS[path][0] != "current":
        assert typed in answer.get_data(as_text=True)


def _stored(session: Session) -> tuple[int | None, ...]:
    session.expire_all()
    return tuple(session.scalar(select(func.count()).select_from(t)) for t in (User, Organisation))
