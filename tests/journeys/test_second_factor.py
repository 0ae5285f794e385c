"""The second factor of staff, through HTTP."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.accounts import actions
from consultation.accounts.models import User
from tests import cast
from tests.journeys.visitors import START, Clock, fill, letters, link_in, name_on, press

pytestmark = pytest.mark.own_app(STAFF_SECOND_FACTOR="yes")
PEOPLE = "/administration/utilisateurs"
SET_UP = "/connexion/double-authentification"


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Clock:
    return Clock(app)


def by_password(client: FlaskClient, user: User, suite: str = "") -> TestResponse:
    path = f"/connexion?suite={suite}" if suite else "/connexion"
    return fill(client, path, identifier=user.email, password=cast.PASSWORD)


def secret_on(client: FlaskClient) -> str:
    page = client.get(SET_UP).get_data(as_text=True)
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found, page
    return found[1].replace(" ", "")


def code_of(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).at(int(clock.now.timestamp()))


def set_up(client: FlaskClient, user: User, clock: Clock) -> tuple[str, list[str]]:
    by_password(client, user)
    secret = secret_on(client)
    answer = fill(client, SET_UP, code=code_of(secret, clock))
    assert answer.status_code == 200
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", answer.get_data(as_text=True))
    cast.sign_out(client)
    clock.forward(seconds=60)
    return secret, codes


def test_awa_reaches_nothing_before_she_sets_up_a_second_factor(
    db_session: Session, client: FlaskClient
) -> None:
    awa = cast.awa(db_session)
    assert by_password(client, awa).location == "/connexion/code"
    assert client.get("/connexion/code").location == SET_UP
    assert client.get(PEOPLE).status_code == 302
    assert name_on(client) is None
    assert awa.last_sign_in_at is None


def test_awa_sets_it_up_and_goes_where_she_was_going(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    awa = cast.awa(db_session)
    by_password(client, awa, suite=PEOPLE)
    secret = secret_on(client)
    wrong = fill(client, SET_UP, code="000000")
    assert wrong.status_code == 422
    assert "Code incorrect" in wrong.get_data(as_text=True)
    assert secret_on(client) == secret
    page = fill(client, SET_UP, code=code_of(secret, clock)).get_data(as_text=True)
    assert len(re.findall(r"<code>\w{5}-\w{5}</code>", page)) == 10
    assert f'href="{PEOPLE}"' in page
    assert client.get(PEOPLE).status_code == 200
    assert letters(db_session, awa.email)[-1].subject == "Double authentification activée"


def test_awa_gives_a_code_at_each_sign_in_and_each_code_serves_once(
    db_session: Session, client: FlaskClient, app: Flask, clock: Clock
) -> None:
    awa = cast.awa(db_session)
    secret, _ = set_up(client, awa, clock)
    code = code_of(secret, clock)
    by_password(client, awa)
    assert fill(client, "/connexion/code", code="12").status_code == 422
    assert fill(client, "/connexion/code", code=f"{code[:3]} {code[3:]}").location == "/moi"
    assert client.get(PEOPLE).status_code == 200
    thief = app.test_client()
    by_password(thief, awa)
    assert fill(thief, "/connexion/code", code=code).status_code == 422


def test_a_code_of_the_minute_before_last_is_too_old(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    awa = cast.awa(db_session)
    secret, _ = set_up(client, awa, clock)
    old = code_of(secret, clock)
    clock.forward(seconds=61)
    by_password(client, awa)
    assert fill(client, "/connexion/code", code=old).status_code == 422


def test_a_recovery_code_serves_once(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    awa = cast.awa(db_session)
    _, codes = set_up(client, awa, clock)
    by_password(client, awa)
    assert fill(client, "/connexion/code", code=codes[3].upper()).location == "/moi"
    cast.sign_out(client)
    by_password(client, awa)
    assert fill(client, "/connexion/code", code=codes[3]).status_code == 422
    assert fill(client, "/connexion/code", code=codes[4]).location == "/moi"


def test_codes_cannot_be_guessed(db_session: Session, client: FlaskClient, clock: Clock) -> None:
    awa = cast.awa(db_session)
    secret, _ = set_up(client, awa, clock)
    by_password(client, awa)
    right = code_of(secret, clock)
    wrong = "000000" if right != "000000" else "000001"
    statuses = [fill(client, "/connexion/code", code=wrong).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert fill(client, "/connexion/code", code=right).status_code == 429


def test_the_second_step_waits_a_quarter_of_an_hour(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    awa = cast.awa(db_session)
    by_password(client, awa)
    clock.forward(minutes=15)
    assert client.get("/connexion/code").location == "/connexion"


def test_the_letter_is_a_first_factor_too(db_session: Session, client: FlaskClient) -> None:
    awa = cast.awa(db_session)
    fill(client, "/connexion", email=awa.email)
    answer = fill(client, link_in(letters(db_session, awa.email)[0]))
    assert answer.location == "/connexion/code"


def test_what_an_ended_session_had_given_is_asked_again(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    awa = cast.awa(db_session)
    set_up(client, awa, clock)
    cast.sign_in(client, awa)
    actions.end_sessions(db_session, awa, actor_id=awa.id, now=START)
    db_session.commit()
    assert by_password(client, awa).location == "/connexion/code"
    assert name_on(client) is None


def test_a_respondent_who_becomes_staff_signs_in_again_with_a_second_factor(
    db_session: Session, client: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    by_password(client, emile)
    assert name_on(client) == "Émile Roux"
    actions.grant_role(db_session, emile, "moderator", 3, actor_id=None, now=START)
    db_session.commit()
    assert name_on(client) is None


def test_emile_needs_none_may_set_one_up_and_may_remove_it(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    emile = cast.emile(db_session)
    assert by_password(client, emile).location == "/moi"
    secret = secret_on(client)
    fill(client, SET_UP, code=code_of(secret, clock))
    cast.sign_out(client)
    clock.forward(seconds=60)
    assert by_password(client, emile).location == "/connexion/code"
    fill(client, "/connexion/code", code=code_of(secret, clock))
    press(client, "/moi/securite", "/moi/double-authentification/retirer")
    cast.sign_out(client)
    assert by_password(client, emile).location == "/moi"


def test_staff_cannot_do_without(db_session: Session, client: FlaskClient, clock: Clock) -> None:
    awa = cast.awa(db_session)
    set_up(client, awa, clock)
    cast.sign_in(client, awa)
    press(client, "/moi/securite", "/moi/double-authentification/retirer")
    page = client.get("/moi/securite").get_data(as_text=True)
    assert "Votre rôle demande une double authentification" in page
    assert "Elle est active" in page


def test_awa_helps_lea_who_lost_her_telephone(
    db_session: Session, client: FlaskClient, app: Flask, clock: Clock
) -> None:
    lea, awa = cast.lea(db_session), cast.awa(db_session)
    desk = app.test_client()
    set_up(desk, lea, clock)
    cast.sign_in(desk, lea)
    cast.sign_in(client, awa)
    page = f"{PEOPLE}/{lea.id}"
    press(client, page, f"{page}/double-authentification")
    assert name_on(desk) is None
    by_password(desk, lea)
    assert desk.get("/connexion/code").location == SET_UP
    journal = client.get("/administration/journal?action=reset_second_factor")
    assert "a réinitialisé la double authentification" in journal.get_data(as_text=True)


def test_nobody_without_a_first_factor_sees_the_second(client: FlaskClient) -> None:
    for path in ("/connexion/code", SET_UP):
        assert client.get(path).location == "/connexion"
