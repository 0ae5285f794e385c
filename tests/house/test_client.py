"""The inspecting client, tried on a small application of its own and on the real databases."""

from __future__ import annotations

import pytest
from flask import Flask, Response, g
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from consultation.db import db
from tests.house.budgets import DEFAULT

pytestmark = pytest.mark.own_app

PAGE = (
    '<!doctype html><html lang="fr"><head><title>Un | Deux</title></head>'
    "<body><main><h1>Un</h1>{}</main></body></html>"
)


@pytest.fixture
def visited(app: Flask, client: FlaskClient) -> FlaskClient:
    """The real application with three pages of its own."""

    @app.get("/inspection/bonne")
    def good() -> str:
        return PAGE.format("")

    @app.get("/inspection/mauvaise")
    def bad() -> str:
        return PAGE.format("<a href='#'>Plus</a>")

    @app.get("/inspection/bavarde/<int:statements>")
    def chatty(statements: int) -> str:
        for _ in range(statements):
            db.session.execute(text("SELECT 1"))
        return PAGE.format("")

    @app.get("/inspection/permissive")
    def permissive() -> Response:
        return Response(PAGE.format(""), headers={"Content-Security-Policy": "default-src *"})

    @app.get("/inspection/jeton/", defaults={"token": ""})
    @app.get("/inspection/jeton/<token>")
    def tokened(token: str) -> Response:
        field = f'<input type="hidden" name="csrf_token" value="{token}">'
        headers = {"Content-Security-Policy": "default-src *"} if token == "permissif" else {}
        return Response(PAGE.format(f'<form method="post">{field}</form>'), headers=headers)

    @app.get("/inspection/qui")
    def who() -> str:
        return PAGE.format(g.get("person", "personne"))

    for view in (good, bad, chatty, permissive, tokened, who):
        view.is_public = True  # type: ignore[attr-defined]
    return client


def test_a_good_page_is_returned(visited: FlaskClient) -> None:
    assert "<h1>Un</h1>" in visited.get("/inspection/bonne").text


def test_a_bad_page_fails_the_test(visited: FlaskClient) -> None:
    with pytest.raises(AssertionError, match="leads nowhere"):
        visited.get("/inspection/mauvaise")


def test_a_page_that_was_good_fails_as_soon_as_it_is_not(visited: FlaskClient) -> None:
    assert visited.get("/inspection/jeton/un").status_code == 200
    assert visited.get("/inspection/jeton/deux").status_code == 200
    for _ in range(2):
        with pytest.raises(AssertionError, match="0 csrf_token"):
            visited.get("/inspection/jeton/")
    with pytest.raises(AssertionError, match="Content-Security-Policy"):
        visited.get("/inspection/jeton/permissif")


def test_a_page_without_a_strict_policy_fails_the_test(visited: FlaskClient) -> None:
    with pytest.raises(AssertionError, match="Content-Security-Policy"):
        visited.get("/inspection/permissive")


def test_a_page_may_use_its_whole_budget(visited: FlaskClient) -> None:
    visited.get(f"/inspection/bavarde/{DEFAULT}")


def test_one_statement_too_many_fails_the_test(visited: FlaskClient) -> None:
    with pytest.raises(AssertionError, match=f"{DEFAULT + 1} SQL statements"):
        visited.get(f"/inspection/bavarde/{DEFAULT + 1}")


def test_a_request_does_not_see_the_context_of_the_test(
    visited: FlaskClient, db_session: Session
) -> None:
    g.person = "le test"
    assert "personne" in visited.get("/inspection/qui").text
