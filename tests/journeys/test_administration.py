"""What an administrator does, and what nobody else reaches."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultation.accounts import actions
from consultation.accounts.models import User
from tests import cast
from tests.journeys.visitors import START, Clock, name_on, press

PEOPLE = "/administration/utilisateurs"
JOURNAL = "/administration/journal"


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Clock:
    return Clock(app)


@pytest.fixture
def awa(db_session: Session, client: FlaskClient) -> User:
    awa = cast.awa(db_session)
    cast.sign_in(client, awa)
    return awa


@pytest.mark.parametrize("path", [PEOPLE, f"{PEOPLE}/1", JOURNAL])
def test_only_an_administrator_of_the_site_opens_the_administration(
    db_session: Session, app: Flask, path: str
) -> None:
    for person in (cast.emile, cast.nadia, cast.claire, cast.lea):
        client = app.test_client()
        cast.sign_in(client, person(db_session))
        assert client.get(path).status_code == 403
    assert app.test_client().get(path).status_code == 302


def test_an_administrator_of_one_consultation_is_not_one_of_the_site(
    db_session: Session, client: FlaskClient
) -> None:
    claire = cast.claire(db_session)
    actions.grant_role(db_session, claire, "administrator", 4, actor_id=None, now=START)
    db_session.commit()
    cast.sign_in(client, claire)
    assert client.get(PEOPLE).status_code == 403


def test_awa_finds_nadia_by_a_piece_of_her_name(
    db_session: Session, client: FlaskClient, awa: User
) -> None:
    cast.nadia(db_session)
    cast.emile(db_session)
    page = client.get(f"{PEOPLE}?q=BENA").get_data(as_text=True)
    assert "Nadia Benali" in page
    assert "Émile Roux" not in page
    assert "Optique du Rhône" in page


def test_awa_finds_the_moderators(db_session: Session, client: FlaskClient, awa: User) -> None:
    cast.lea(db_session, 7)
    cast.emile(db_session)
    page = client.get(f"{PEOPLE}?role=moderator").get_data(as_text=True)
    assert "Léa Martin" in page
    assert "Émile Roux" not in page


def test_a_percent_sign_is_a_letter_like_another(client: FlaskClient, awa: User) -> None:
    assert "Personne ne correspond" in client.get(f"{PEOPLE}?q=%25").get_data(as_text=True)


def test_awa_turns_the_pages_of_a_long_list(
    db_session: Session, client: FlaskClient, awa: User
) -> None:
    for number in range(60):
        db_session.add(
            User(email=f"p{number:02}@example.org", display_name=f"P {number}", created_at=START)
        )
    db_session.commit()
    first = client.get(f"{PEOPLE}?q=example").get_data(as_text=True)
    assert "Page 1 sur 2" in first
    assert "q=example&amp;page=2" in first
    last = client.get(f"{PEOPLE}?q=example&page=999").get_data(as_text=True)
    assert "Page 2 sur 2" in last
    assert "p59@example.org" in last


def test_awa_gives_and_takes_back_a_role(
    db_session: Session, client: FlaskClient, awa: User
) -> None:
    emile = cast.emile(db_session)
    page = f"{PEOPLE}/{emile.id}"
    press(client, page, f"{page}/roles", role="analyst")
    db_session.expire_all()
    assert emile.holds("analyst", 12)
    assert "Analyste du site entier" in client.get(page).get_data(as_text=True)
    press(client, page, f"{page}/roles/retirer", role="analyst")
    db_session.expire_all()
    assert not emile.holds("analyst", 12)


def test_a_role_given_twice_is_given_once(
    db_session: Session, client: FlaskClient, awa: User
) -> None:
    emile = cast.emile(db_session)
    page = f"{PEOPLE}/{emile.id}"
    for _ in range(2):
        assert press(client, page, f"{page}/roles", role="analyst").status_code == 303
    db_session.expire_all()
    assert len(emile.grants) == 1


def test_the_last_administrator_cannot_be_removed(
    db_session: Session, client: FlaskClient, awa: User
) -> None:
    page = f"{PEOPLE}/{awa.id}"
    answer = press(client, page, f"{page}/roles/retirer", role="administrator")
    assert answer.status_code == 422
    assert "Nommez d’abord un autre administrateur" in answer.get_data(as_text=True)
    db_session.expire_all()
    assert awa.holds("administrator")


def test_with_two_administrators_one_may_go(
    db_session: Session, client: FlaskClient, awa: User
) -> None:
    emile = cast.emile(db_session)
    actions.grant_role(db_session, emile, "administrator", None, actor_id=None, now=START)
    db_session.commit()
    page = f"{PEOPLE}/{emile.id}"
    answer = press(client, page, f"{page}/roles/retirer", role="administrator")
    assert answer.status_code == 303


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["roi", "", "administrator\n", "é" * 1000])
def test_a_role_that_does_not_exist_is_refused(
    db_session: Session, client: FlaskClient, awa: User, role: str
) -> None:
    page = f"{PEOPLE}/{cast.emile(db_session).id}"
    assert press(client, page, f"{page}/roles", role=role).status_code == 400


def test_awa_closes_the_sessions_of_a_stolen_computer(
    db_session: Session, client: FlaskClient, app: Flask, awa: User
) -> None:
    stolen, emile = app.test_client(), cast.emile(db_session)
    cast.sign_in(stolen, emile)
    page = f"{PEOPLE}/{emile.id}"
    press(client, page, f"{page}/sessions")
    assert name_on(stolen) is None


def test_nobody_is_at_a_number_without_account(client: FlaskClient, awa: User) -> None:
    assert client.get(f"{PEOPLE}/987654").status_code == 404


# --- the journal -----------------------------------------------------------------------------


def test_the_journal_says_who_gave_which_role(
    db_session: Session, client: FlaskClient, awa: User
) -> None:
    emile = cast.emile(db_session)
    page = f"{PEOPLE}/{emile.id}"
    press(client, page, f"{page}/roles", role="moderator")
    found = client.get(f"{JOURNAL}?action=grant&auteur=Awa@example.org").get_data(as_text=True)
    assert "a donné un rôle" in found
    assert "Modérateur" in found
    assert "Émile Roux" in found


def test_the_journal_is_read_by_days_of_paris(
    db_session: Session, client: FlaskClient, awa: User, clock: Clock
) -> None:
    emile = cast.emile(db_session)
    late = START.replace(day=10, hour=23, minute=30)  # already the 11th in Paris
    actions.end_sessions(db_session, emile, actor_id=awa.id, now=late)
    db_session.commit()
    clock.forward(days=20)
    cast.sign_in(client, awa)
    wanted = f"action=end_sessions&objet={emile.id}"
    tenth = client.get(f"{JOURNAL}?{wanted}&du=2022-02-10&au=2022-02-10")
    eleventh = client.get(f"{JOURNAL}?{wanted}&du=11/02/2022&au=2022-02-11")
    assert "Aucun évènement pour ces critères" in tenth.get_data(as_text=True)
    assert "11 février 2022 à 0" in eleventh.get_data(as_text=True)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("du=demain", "Saisissez une date"),
        ("au=2022-02-30", "Saisissez une date"),
        ("du=0001-01-01", "Saisissez une date"),
        ("auteur=personne", "Saisissez une adresse complète"),
    ],
)
def test_a_filter_that_means_nothing_says_so(
    client: FlaskClient, awa: User, query: str, sentence: str
) -> None:
    answer = client.get(f"{JOURNAL}?{query}")
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_the_journal_leaves_as_a_spreadsheet_and_says_who_took_it(
    db_session: Session, client: FlaskClient, awa: User
) -> None:
    actions.journal(
        db_session, "=1+1", awa, START + timedelta(hours=1), actor_id=awa.id, details={"a": "é"}
    )
    db_session.commit()
    answer = press(client, JOURNAL, f"{JOURNAL}/export?auteur={awa.id}")
    text = answer.get_data().decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {"'=1+1", "export_journal"} <= {line["action"] for line in lines}
    assert all(line["auteur"] == str(awa.id) for line in lines)
    page = client.get(f"{JOURNAL}?action=export_journal").get_data(as_text=True)
    assert "a exporté le journal" in page
