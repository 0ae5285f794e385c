"""The entry of people, through HTTP, as they would live it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.mail.models import OutboxMessage
from tests import cast

START = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Clock:
    clock = Clock()
    app.extensions["clock"] = clock
    return clock


class Clock:
    """The clock of a test, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send the form of ``path`` with its token, as a browser that has just shown it."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return client.post(path, data={"csrf_token": found[1], **fields})


def letters(session: Session, to: str) -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.recipient == to)
    return list(session.scalars(statement.order_by(OutboxMessage.id)))


def test_emile_comes_in_with_his_password(db_session: Session, client: FlaskClient) -> None:
    cast.emile(db_session)
    answer = post(
        client, "/connexion", identifier="Emile@Example.org", password=cast.PASSWORD
    )
    assert answer.status_code == 303
    assert answer.location == "/moi"
