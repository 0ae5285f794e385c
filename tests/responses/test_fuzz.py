"""Whatever is posted: no failure, a sentence in French, and nothing stored by half."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.questionnaires.starters.shelf import starter
from consultation.responses import drafts, queries
from tests.responses.making import form_of, section

CONTRIBUTION = "/consultations/poles/contribution"
JSON = {"Accept": "application/json"}
KEYS = [q.key for s in starter("poles_2022").sections for q in s.questions]
SUFFIXES = ["", ".other", ".move", ".remove", ".version", ".rd", ".day", ".month", ".year", ".zzz"]
OWN = ["_questions", "_revision", "_apres", "_choix", "csrf_token", "_etat", "inconnu", "__proto__"]

NAMES = st.one_of(
    st.sampled_from(KEYS).flatmap(lambda key: st.sampled_from([key + s for s in SUFFIXES])),
    st.sampled_from(OWN),
    st.text(max_size=20),
)
STRANGE = [
    b"",
    b"\0",
    b"abc\0def",
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xff\xfe",
    b"-1",
    b"1e999",
    b"NaN",
    b"9" * 400,
    b"add:rd",
    b"up:",
    b"<script>alert(1)</script>",
    b"{{ 7*7 }}",
    b"' OR 1=1 --",
    b"x" * 1_000_000,
    "é".encode() * 15_000,
    "\u202e\u2066".encode(),
]
VALUES = st.sampled_from(STRANGE) | st.text(max_size=50).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=8)


def body(fields: list[tuple[str, bytes]]) -> bytes:
    """Encode a form, however wrong its values."""
    pairs = [(name.encode("utf-8", "surrogatepass"), value) for name, value in fields]
    return "&".join("=".join(map(quote_from_bytes, pair)) for pair in pairs).encode()


def post(client: FlaskClient, path: str, fields: list[tuple[str, bytes]], **more: Any) -> Any:
    kind = "application/x-www-form-urlencoded"
    return client.post(path, data=body(fields), content_type=kind, **more)


def honest(client: FlaskClient, path: str) -> list[tuple[str, bytes]]:
    """Return what the page at ``path`` posts when nothing is touched."""
    fields = form_of(client.get(path)).fields
    return [(name, value.encode()) for name, values in fields.items() for value in values]


def is_refused_well(reply: Any) -> bool:
    """Tell whether a refusal says something in French."""
    text = reply.get_json()["error"] if reply.is_json else re.sub(r"<[^>]+>", " ", reply.text)
    return bool(re.search(r"[a-zàâçéèêîôû]+ez\b|votre|Une version", text))


@pytest.fixture
def state(db_session: Session, consultation: Consultation, emile: User) -> Any:
    """Return what is stored of Émile's draft."""

    def read() -> Any:
        db_session.expire_all()
        draft = drafts.draft(db_session, consultation.id, emile.id)
        assert draft is not None
        return {key: (saved.revision, saved.answers) for key, saved in draft.sections.items()}

    return read


@pytest.mark.one_database
@pytest.mark.parametrize("number", range(1, 9))
@settings(max_examples=12)
@given(fields=FIELDS, script=st.booleans())
def test_a_section_takes_anything_or_refuses_it_whole(
    client: FlaskClient,
    state: Any,
    number: int,
    fields: list[tuple[str, bytes]],
    script: bool,
) -> None:
    path, before = section(number), state()
    mixed = [*honest(client, path), *fields]
    reply = post(client, path, mixed, headers=JSON if script else {})

    assert reply.status_code < 500
    if reply.status_code >= 400:
        assert is_refused_well(reply)
        assert state() == before
    else:
        assert client.get(path).status_code == 200
        assert client.get(f"{CONTRIBUTION}/relire").status_code == 200
        assert client.get(CONTRIBUTION).status_code == 200


@settings(max_examples=20)
@given(fields=FIELDS)
def test_a_form_made_by_hand_never_breaks_a_section(
    client: FlaskClient, state: Any, fields: list[tuple[str, bytes]]
) -> None:
    token = next(value for name, value in honest(client, section(1)) if name == "csrf_token")
    reply = post(client, section(1), [("csrf_token", token), *fields])

    assert reply.status_code < 500
    assert reply.status_code < 400 or is_refused_well(reply)
    assert client.get(section(1)).status_code == 200


@pytest.mark.one_database
@settings(max_examples=15)
@given(fields=FIELDS, where=st.sampled_from(["envoyer", "commencer"]))
def test_what_surrounds_a_sending_never_breaks_it(
    client: FlaskClient,
    consultation: Consultation,
    db_session: Session,
    state: Any,
    fields: list[tuple[str, bytes]],
    where: str,
) -> None:
    token = next(value for name, value in honest(client, section(1)) if name == "csrf_token")
    reply = post(client, f"{CONTRIBUTION}/{where}", [("csrf_token", token), *fields])

    assert reply.status_code < 500
    assert reply.status_code < 400 or is_refused_well(reply)
    assert queries.counts(db_session, consultation.id) == (1, 0)


@pytest.mark.one_database
@settings(max_examples=20)
@given(code=VALUES)
def test_no_code_breaks_the_page_that_verifies(
    client: FlaskClient, db_session: Session, code: bytes
) -> None:
    fields = form_of(client.get("/verifier"), "code").fields
    token = fields["csrf_token"][0].encode()
    reply = post(client, "/verifier", [("csrf_token", token), ("code", code)])

    assert reply.status_code in (400, 413, 422, 429)
    assert is_refused_well(reply)


@pytest.mark.parametrize("script", [True, False])
def test_without_its_token_a_form_changes_nothing(
    client: FlaskClient, state: Any, script: bool
) -> None:
    fields = [("proposition", "Une idée".encode()), ("_revision", b"0")]
    reply = post(client, section(8), fields, headers=JSON if script else {})

    assert reply.status_code == 400
    assert is_refused_well(reply)
    assert state() == {}
    assert "Une idée" in reply.text or script


def test_a_text_of_a_million_letters_is_given_back_and_not_stored(
    client: FlaskClient, state: Any
) -> None:
    form = form_of(client.get(section(8)))
    page = client.post(form.action, data=form.but(proposition="e" * 1_000_000, suite="oui"))

    assert page.status_code == 422
    assert "raccourcissez ce texte" in page.text
    assert "e" * 1_000_000 in page.text
    assert state() == {}
    told = client.post(form.action, data=form.but(proposition="e" * 1_000_000), headers=JSON)
    assert told.status_code == 422
    assert told.get_json()["error"].startswith("Rien n’est enregistré. Question\u00a036")


def test_a_text_a_little_too_long_is_kept_and_said(client: FlaskClient, state: Any) -> None:
    form = form_of(client.get(section(8)))
    reply = client.post(form.action, data=form.but(proposition="é" * 5001))

    assert reply.location == section(8)
    assert "5000 caractères au plus, il en compte 5001" in client.get(section(8)).text
    assert state()["contribution"][1]["proposition"] == "é" * 5001


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: FlaskClient, emile: User, method: str) -> None:
    assert getattr(client, method)(section(1)).status_code in (400, 405)


@pytest.mark.parametrize("path", [f"{CONTRIBUTION}/envoyer", f"{CONTRIBUTION}/commencer"])
def test_nothing_changes_by_following_a_link(client: FlaskClient, emile: User, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, CONTRIBUTION)
