"""Who may open what."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from consultation.web import frame
from consultation.web.access import Access, rule_of

pytestmark = pytest.mark.one_database

OPEN, SIGNED_IN, SITE = "/essai/ouverte", "/essai/privee", "/essai/site"
TEAM, QUEUE = "/essai/poles/equipe", "/essai/poles/file"
TO_SIGN_IN = 302
MATRIX = {
    None: {OPEN: 200, SIGNED_IN: TO_SIGN_IN, SITE: TO_SIGN_IN, TEAM: TO_SIGN_IN, QUEUE: TO_SIGN_IN},
    "emile": {OPEN: 200, SIGNED_IN: 200, SITE: 403, TEAM: 403, QUEUE: 403},
    "lea": {OPEN: 200, SIGNED_IN: 200, SITE: 403, TEAM: 403, QUEUE: 200},
    "claire": {OPEN: 200, SIGNED_IN: 200, SITE: 403, TEAM: 200, QUEUE: 200},
    "awa": {OPEN: 200, SIGNED_IN: 200, SITE: 200, TEAM: 403, QUEUE: 403},
}
CASES = [(name, path, status) for name, row in MATRIX.items() for path, status in row.items()]


@pytest.mark.parametrize(("name", "path", "status"), CASES)
def test_each_person_opens_what_is_theirs_and_nothing_else(client, person, name, path, status):
    person(name)
    assert client.get(path).status_code == status


@pytest.mark.parametrize(("name", "path", "status"), CASES)
def test_sending_a_form_follows_the_same_rule(client, person, token, name, path, status):
    person(name)
    assert client.post(path, data={"csrf_token": token()}).status_code == status


def test_a_visitor_comes_back_to_the_page_asked_after_signing_in(client) -> None:
    address = client.get(f"{TEAM}?page=2&q=p%C3%B4le").headers["Location"]
    assert urlsplit(address).path == "/connexion"
    assert parse_qs(urlsplit(address).query)["suite"] == [f"{TEAM}?page=2&q=p%C3%B4le"]


def test_emile_is_told_which_account_he_is_using(client, person) -> None:
    person("emile")
    page = client.get(TEAM).text
    assert "emile@example.org" in page
    assert "Cette page ne vous est pas ouverte" in page


def test_a_visitor_learns_nothing_of_which_grounds_exist(client) -> None:
    assert client.get("/essai/inconnu/equipe").status_code == TO_SIGN_IN


def test_claire_sees_a_404_for_a_ground_that_does_not_exist(client, person) -> None:
    person("claire")
    assert client.get("/essai/inconnu/equipe").status_code == 404


def test_the_view_finds_what_the_role_is_held_on(client, person) -> None:
    person("claire")
    assert client.get(TEAM).get_json() == {"slug": "poles", "ground": 1}


def test_the_script_of_a_page_is_told_that_the_session_is_over(client) -> None:
    answer = client.get(SIGNED_IN, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "Connectez-vous" in answer.get_json()["error"]


def test_the_rule_of_an_endpoint_can_be_read(app) -> None:
    with app.app_context():
        assert rule_of("essai.equipe") == Access(public=False, roles=("organiser",), of="ground")
        assert rule_of("essai.ouverte") == Access(public=True)
        assert rule_of("nowhere") is None
        assert rule_of(None) is None


def test_what_only_some_people_may_read_is_left_out_of_search_engines(client, person) -> None:
    person("emile")
    assert client.get(SIGNED_IN).headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/aide").headers


def test_each_member_of_a_team_sees_the_tabs_they_may_open(client, person, app) -> None:
    tabs = [
        frame.Tab("bureau", "Tableau de bord", "essai.bureau"),
        frame.Tab("modere", "Modération", "essai.modere"),
        frame.Tab("ailleurs", "Pas encore construit", "essai.nulle_part"),
    ]
    frame.set_staff_tabs(app, tabs)
    person("claire")
    page = client.get("/essai/poles/bureau").text
    assert page.count('href="/essai/poles/bureau" aria-current="page"') == 2
    assert "Modération" not in page
    person("lea")
    page = client.get("/essai/poles/modere").text
    assert "Tableau de bord" not in page
    assert page.count("Modération") == 2
    assert "Pas encore construit" not in page
    assert 'href="/espace"' in page


def test_only_people_with_a_role_see_the_way_to_the_organisers(client, person) -> None:
    assert 'href="/espace"' not in client.get("/aide").text
    person("emile")
    page = client.get("/aide").text
    assert 'href="/espace"' not in page
    assert 'href="/moi"' in page
    assert 'form="sortie"' in page
