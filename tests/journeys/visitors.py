"""What the journeys share: a clock moved by hand, forms sent as a browser does, letters read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.mail.models import OutboxMessage

START = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)


class Clock:
    """The clock of an application, moved by hand."""

    def __init__(self, app: Flask, start: datetime = START) -> None:
        self.now = start
        app.extensions["clock"] = self

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        """Let time pass: ``forward(minutes=5)``."""
        self.now += timedelta(**duration)


def token_of(client: FlaskClient, path: str) -> str:
    """Return the form token of the page at ``path``."""
    page = client.get(path, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, f"no form on {path}"
    return found[1]


def fill(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send the form of ``path`` with its token, as a browser that has just shown it."""
    token = token_of(client, path)
    return client.post(path, data={"csrf_token": token, **fields})


def press(client: FlaskClient, page: str, path: str, **fields: str) -> TestResponse:
    """Send to ``path`` a form found on another ``page``."""
    return client.post(path, data={"csrf_token": token_of(client, page), **fields})


def letters(session: Session, to: str) -> list[OutboxMessage]:
    """Return what was posted to an address, in order."""
    statement = select(OutboxMessage).where(OutboxMessage.recipient == to)
    return list(session.scalars(statement.order_by(OutboxMessage.id)))


def link_in(letter: OutboxMessage) -> str:
    """Return the local address of the link in a letter."""
    found = re.search(r"http\S+/connexion/lien/\S+", letter.body)
    assert found, letter.body
    return urlsplit(found[0]).path


def code_in(letter: OutboxMessage) -> str:
    """Return the six digits of a letter, as they are written."""
    found = re.search(r"^ +(\d{3} \d{3})$", letter.body, re.MULTILINE)
    assert found, letter.body
    return found[1]


def name_on(client: FlaskClient) -> str | None:
    """Return who the site believes this browser is, or ``None``."""
    answer = client.get("/moi")
    if answer.status_code != 200:
        return None
    found = re.search(r'class="lead"><span data-typed>([^<]+)', answer.get_data(as_text=True))
    return found[1] if found else ""
