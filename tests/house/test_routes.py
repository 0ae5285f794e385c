"""What holds for every address of the platform, without naming one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consultation.web.access import rule_of
from tests.house.statements import counted_statements

pytestmark = pytest.mark.one_database

ARGUMENTS = {"IntegerConverter": 1, "WholeNumber": 1, "PathConverter": "inconnu.txt"}
"""What an address is asked with, by kind of argument; a word otherwise."""

EXPECTED_HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=()",
}
CHANGES = ("INSERT", "UPDATE", "DELETE")


def addresses(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    """Return every rule that accepts ``method``, with an address made of unknown things."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()):
                kinds = rule._converters
                values = {
                    name: ARGUMENTS.get(type(kinds[name]).__name__, "inconnu"[: _most(kinds[name])])
                    for name in kinds
                }
                yield rule, app.url_map.bind("localhost").build(rule.endpoint, values, method)


def test_every_endpoint_says_who_may_call_it(app: Flask) -> None:
    with app.app_context():
        silent = [endpoint for endpoint in app.view_functions if rule_of(endpoint) is None]
    assert silent == []


def test_every_role_is_held_on_something_that_the_address_names(app: Flask) -> None:
    with app.app_context():
        for rule in app.url_map.iter_rules():
            access = rule_of(rule.endpoint)
            if access is not None and access.of not in (None, "site"):
                assert "slug" in rule.arguments, rule


def test_every_answer_carries_the_headers_of_the_house(app: Flask, client: FlaskClient) -> None:
    for rule, address in addresses(app, "GET"):
        answer = client.get(address)
        for name, value in EXPECTED_HEADERS.items():
            assert value in answer.headers.get(name, ""), (rule.endpoint, name)
        assert len(answer.headers.getlist("Content-Security-Policy")) == 1
        assert "Server" not in answer.headers


def test_nothing_is_public_by_accident(app: Flask, client: FlaskClient) -> None:
    for rule, address in addresses(app, "GET"):
        access = rule_of_in(app, rule)
        if access is not None and not access.public:
            answer = client.get(address)
            assert answer.status_code == 302, rule.endpoint
            assert answer.headers["Location"].startswith("/connexion?suite="), rule.endpoint
            assert answer.headers["X-Robots-Tag"] == "noindex", rule.endpoint


def test_nothing_changes_without_a_token(app: Flask, client: FlaskClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for rule, address in addresses(app, method):
            answer, statements = _asked(client, method, address, data={"texte": "sans jeton"})
            assert answer.status_code in (302, 400, 404), rule.endpoint
            if answer.status_code == 302:
                assert answer.headers["Location"].startswith("/connexion?suite="), rule.endpoint
            assert _changes(statements) == [], rule.endpoint


def test_reading_changes_nothing(app: Flask, client: FlaskClient) -> None:
    for rule, address in addresses(app, "GET"):
        _answer, statements = _asked(client, "GET", address)
        assert _changes(statements) == [], rule.endpoint


NO_PAGE_HOLDS_THEM = {"/preferences/langue", "/preferences/theme", "/deconnexion"}
"""Their buttons are on every page: opened in the address bar, they say how to be reached."""


def test_the_address_of_a_form_leads_to_the_page_that_holds_it(app, client) -> None:
    """Whoever reloads a form that was refused opens an address that only takes what is sent."""
    pages = app.url_map.bind("localhost")
    for rule, address in addresses(app, "POST"):
        if pages.test(address, "GET"):
            continue
        answer = client.get(f"{address}?jeton=secret")
        if address in NO_PAGE_HOLDS_THEM:
            assert answer.status_code == 405, rule
            continue
        assert answer.status_code == 303, rule
        above, _, query = answer.location.partition("?")
        assert query == "jeton=secret"
        assert address.startswith(f"{above}/")
        assert pages.test(above, "GET"), rule
        script = client.get(address, headers={"Accept": "application/json"})
        assert script.status_code == 405, rule


@pytest.mark.parametrize("query", ["?q=%00", "?%00=1", "?q=%ff", "?page=%ed%a0%80"])
def test_no_address_chokes_on_what_cannot_be_read(app, client, query) -> None:
    for rule, address in addresses(app, "GET"):
        assert client.get(address + query).status_code == 400, rule.endpoint


@pytest.mark.parametrize("word", ["\0", "\xff", "\xed\xa0\x80"])
def test_no_argument_chokes_on_what_cannot_be_read(app, client, word) -> None:
    for method in ("GET", "POST"):
        for rule, address in addresses(app, method):
            if "inconnu" in address:
                path = {"PATH_INFO": address.replace("inconnu", word)}
                answer = client.open("/", method=method, environ_overrides=path)
                assert answer.status_code == 400, rule.endpoint


ODD_QUERIES = (
    "?page=-1&page=2&page=",
    "?page=99999999999999999999&q=%F0%9F%92%A9",
    "?q=" + "a" * 7000,
    "?" + "&".join(f"champ{number}=x" for number in range(300)),
    "?tri[]=1&tri[$gt]=&__proto__=1",
)


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_an_odd_query_never_makes_a_page_fail(app, client, query) -> None:
    for rule, address in addresses(app, "GET"):
        assert client.get(address + query).status_code < 500, rule.endpoint


def rule_of_in(app: Flask, rule: Rule):
    with app.app_context():
        return rule_of(rule.endpoint)


def _most(converter: object) -> int | None:
    return getattr(converter, "length", None)


def _asked(
    client: FlaskClient, method: str, address: str, **more: object
) -> tuple[TestResponse, list[str]]:
    with counted_statements() as statements:
        return client.open(address, method=method, **more), statements


def _changes(statements: list[str]) -> list[str]:
    return [each for each in statements if each.lstrip().upper().startswith(CHANGES)]
