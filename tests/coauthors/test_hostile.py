"""Every form of the people who write together, and of the organiser, filled to do harm."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.actions import joining
from consultation.coauthors.actions.scene import Scene
from consultation.coauthors.queries.team import members
from consultation.consultations.models import Consultation
from tests import cast
from tests.coauthors.making import colleague, other_company, shared
from tests.house.test_hostile_forms import HOSTILE, _body, _fields
from tests.journeys.visitors import token_of
from tests.responses.making import NOW

pytestmark = pytest.mark.one_database
ROOT = "/consultations/poles/contribution/organisme"
LIST = "/espace/poles/organismes"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def visits(
    app: Flask, db_session: Session, consultation: Consultation
) -> list[tuple[User, list[str]]]:
    """Who opens which pages that hold a form."""
    nadia, paul, emile = cast.nadia(db_session), colleague(db_session), cast.emile(db_session)
    response = shared(db_session, consultation, nadia, emile).id
    shared(db_session, consultation, other_company(db_session))
    scene = Scene(response, consultation.id, nadia.id, NOW)
    joining.ask(db_session, scene, cast.lea(db_session).id, "Bonjour")
    secret = joining.invite(db_session, scene, "juriste@optique.fr", "author").secret
    db_session.commit()
    team = f"{ROOT}/{response}/equipe"
    official = f"{LIST}/{response}"
    return [
        (cast.claire(db_session, consultation.id), [
            f"{official}/signataire", f"{official}/siren", f"{official}/reunir",
        ]),
        (paul, [ROOT, f"/co-redaction/{secret}"]),
        (cast.awa(db_session), [ROOT]),
        (nadia, [team, f"{team}/{emile.id}/retirer"]),
    ]  # fmt: skip


def test_no_form_fails_whatever_every_field_holds(
    client: FlaskClient, visits: list[tuple[User, list[str]]]
) -> None:
    forms = []
    for person, pages in visits:
        cast.sign_in(client, person)
        for page in pages:
            shown = client.get(page)
            assert shown.status_code == 200, page
            for form in html.document_fromstring(shown.text).xpath("//main//form[@method='post']"):
                forms.append((person, urljoin(page, form.get("action") or page), _fields(form)))
    assert len(forms) > 12
    for person, action, fields in forms:
        cast.sign_in(client, person)
        token = {"csrf_token": token_of(client, "/verifier")}
        usual = [(name, token.get(name, value)) for name, value in fields]
        for value in [*HOSTILE.values(), None]:
            wanted = [(name, None if name == "csrf_token" else value) for name, _ in fields]
            sent = client.post(action, data=_body(wanted, usual), content_type=FORM)
            assert sent.status_code < 500, (action, value)


def test_no_secret_of_a_link_makes_a_page_fail(client: FlaskClient, db_session: Session) -> None:
    cast.sign_in(client, cast.emile(db_session))
    for token in ("a", "a" * 5000, "%2e%2e", "é", "0" * 43, "'or'1'='1"):
        assert client.get(f"/co-redaction/{token}").status_code in (404, 410)
        data = {"csrf_token": token_of(client, "/verifier")}
        assert client.post(f"/co-redaction/{token}", data=data).status_code in (404, 410)


def test_the_letters_hold_no_line_that_somebody_slipped_in(
    client: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    nadia = cast.nadia(db_session)
    nadia.organisation.name = "Optique\r\nBcc: tous@example.org"
    response = shared(db_session, consultation, nadia)
    cast.sign_in(client, nadia)
    team = f"{ROOT}/{response.id}/equipe"
    data = {"csrf_token": token_of(client, team), "email": "x@optique.fr", "role": "author"}
    assert client.post(f"{team}/inviter", data=data).status_code == 303
    assert len(members(db_session, response.id)) == 1
