"""Write a shared response as its co-authors do: open a section, type, save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.accounts.models import User
from consultation.responses.models import Response
from tests import cast
from tests.responses.making import fields_of, form_of, token_of

ROOT = "/consultations/poles/contribution/organisme"


def address(response: Response | int, rest: object = "") -> str:
    """Return the address of a page of a shared response."""
    number = response if isinstance(response, int) else response.id
    return f"{ROOT}/{number}" + (f"/{rest}" if rest != "" else "")


def visitor(app: Flask, person: User) -> FlaskClient:
    """Return a browser in which ``person`` is signed in."""
    client = app.test_client()
    cast.sign_in(client, person)
    return client


def write(
    client: FlaskClient, response: Response | int, number: int, answers: Mapping[str, Any]
) -> TestResponse:
    """Open a section of a shared response, type ``answers``, press the button."""
    form = form_of(client.get(address(response, number)))
    return client.post(form.action, data={**form.fields, **fields_of(answers)})


def post(client: FlaskClient, response: Response | int, rest: str, **fields: Any) -> TestResponse:
    """Post ``fields`` with the token of the person."""
    token = token_of(client.get(address(response)))
    return client.post(address(response, rest), data={"csrf_token": token, **fields})


def louise(session: Session) -> User:
    """Louise Petit, a colleague of Nadia."""
    return cast._person(session, "louise@example.org", "Louise Petit", "entreprise_pme", "84")


def karim(session: Session) -> User:
    """Karim Haddad, another colleague of Nadia."""
    return cast._person(session, "karim@example.org", "Karim Haddad", "entreprise_pme", "84")
