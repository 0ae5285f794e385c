"""What no view should have to read is refused with a sentence, wherever it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultation.lib.legible import legible
from tests.house.page_rules import NO_PAGE_HOLDS

pytestmark = pytest.mark.one_database

OPEN = "/essai/ouverte"


@pytest.mark.parametrize(
    "address",
    [
        f"{OPEN}?q=%00",
        f"{OPEN}?q=a%00b",
        f"{OPEN}?%00=a",
        f"{OPEN}?q=%ff",
        f"{OPEN}?q=%ed%a0%80",
        f"{OPEN}?q=%c3",
        "/essai/%00/equipe",
    ],
)
def test_an_address_that_cannot_be_read_is_refused(client, address) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "caractères illisibles" in answer.text


@pytest.mark.parametrize("path", ["/essai/\xff/equipe", "/\xed\xa0\x80", "/essai/\0/equipe"])
def test_a_path_of_wrong_bytes_is_refused(client, path) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 400
    assert "caractères illisibles" in answer.text


def test_an_endless_address_is_refused(client) -> None:
    answer = client.get(f"{OPEN}?q={'a' * 9000}")
    assert answer.status_code == 414
    assert "trop longue" in answer.text


@pytest.mark.parametrize("address", [f"{OPEN}?q=p%C3%B4le", f"{OPEN}?q=100%", f"{OPEN}?q=%zz&&=&;"])
def test_an_odd_address_that_can_be_read_is_accepted(client, address) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("typed", ["a\0b", "\0"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_text_with_a_null_character_is_refused_with_a_sentence(client, token, typed, kind):
    for form in ({"texte": typed}, {typed: "valeur"}):
        form = {"csrf_token": token(), **form}
        answer = client.post(OPEN, data=form, content_type=kind)
        assert answer.status_code == 400
        assert "retapez ce passage" in answer.text


@pytest.mark.parametrize("typed", ["\ud800", {"q": ["\ud800"]}, {"\udfff": 1}, ["a", "\0"]])
def test_the_same_holds_for_what_a_script_sends(client, typed) -> None:
    answer = client.post(OPEN, data=json.dumps(typed), content_type="application/json")
    assert answer.status_code == 400


def test_a_pit_of_brackets_is_refused_too(client) -> None:
    for depth in (60, 100_000):
        answer = client.post(OPEN, data="[" * depth + "]" * depth, content_type="application/json")
        assert answer.status_code == 400


def test_bytes_that_are_no_text_are_never_a_failure(client, token) -> None:
    body = f"csrf_token={token()}&texte=".encode() + b"%ff%fe\xff\xfe"
    answer = client.post(OPEN, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "retapez ce passage" in answer.text
    broken = b'--x\r\nContent-Disposition: form-data; name="texte"\r\n\r\n\xff\xfe'
    answer = client.post(OPEN, data=broken, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400


UNSEEN = "\x01\x7f\x9f\ufdd0\uffff\U0001ffff\U0010fffe"


def test_what_nobody_can_see_is_taken_out_and_the_rest_is_kept() -> None:
    assert legible(f"p{UNSEEN}ôle") == "pôle"
    assert (
        legible("une ligne\r\n\tune autre, l’été\u200d 🙂")
        == "une ligne\r\n\tune autre, l’été\u200d 🙂"
    )
    assert legible("deux\x0blignes\x0ccollées\x85ici") == "deux lignes collées ici"


@given(typed=st.text(max_size=40))
def test_what_is_kept_can_be_in_a_page_and_nothing_that_can_is_lost(typed: str) -> None:
    found = legible(typed)
    assert not NO_PAGE_HOLDS.search(found)
    assert legible(found) == found
    if typed.isprintable():
        assert found == typed


def test_a_form_that_was_pasted_from_a_document_is_given_back_without_it(app, token) -> None:
    """The page of an expired form shows again what was typed in it."""
    client = app.test_client()
    token()
    answer = client.post(OPEN, data={f"texte{UNSEEN}": f"Une phrase{UNSEEN} collée"})
    assert answer.status_code == 400
    assert "Une phrase collée" in answer.text
    assert not NO_PAGE_HOLDS.search(answer.text)


@settings(max_examples=60)
@given(
    fields=st.lists(
        st.tuples(st.text(max_size=8), st.text(max_size=30) | st.just("\0")), max_size=6
    ),
    path=st.text(max_size=12),
    query=st.binary(max_size=20),
)
def test_whatever_is_sent_is_answered_with_a_page(client, token, fields, path, query) -> None:
    form = [("csrf_token", token()), *fields]
    answer = client.post(OPEN, data=_encoded(form), query_string=query.decode("latin-1"))
    assert answer.status_code < 500
    assert client.get("/essai/" + path.replace("\ud800", "")).status_code < 500


def _encoded(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return form
