"""What people see when something does not work."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from sqlalchemy.exc import OperationalError

from consultation.web import errors
from consultation.web.refusals import refuse

pytestmark = pytest.mark.one_database

JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("code", [code for code in errors.EXPLANATIONS if code < 500])
def test_every_refusal_says_what_happened_and_what_to_do(client, app, monkeypatch, code) -> None:
    monkeypatch.setitem(app.view_functions, "essai.ouverte", lambda: refuse(code, "Faites ceci."))
    answer = client.get("/essai/ouverte")
    assert answer.status_code == code
    assert errors.EXPLANATIONS[code].title in answer.text
    assert "Faites ceci." in answer.text
    assert f"<h1>{code}" not in answer.text


def test_an_unknown_address_has_a_way_back(client) -> None:
    answer = client.get("/nulle-part")
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.text
    assert 'href="/"' in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_wrong_method_says_so_and_names_the_right_ones(client, token) -> None:
    answer = client.post("/aide", data={"csrf_token": token()})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "les liens et les boutons" in answer.text


@pytest.mark.parametrize(
    "path", ["//evil.example/enregistrer", "/\\evil.example/a", "/%2f%2fevil.example/a"]
)
def test_no_address_leads_to_another_site(client, path) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": unquote(path)})
    assert not (answer.location or "").startswith(("//", "/\\", "http://evil", "https://evil"))


def test_a_page_too_heavy_says_the_limit(client, app, token) -> None:
    form = {"csrf_token": token(), "texte": "x" * 2000}
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = client.post("/essai/ouverte", data=form, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "12\u00a0Mo" in answer.text


def test_a_field_of_more_than_three_megabytes_is_too_heavy(client, token) -> None:
    form = {"csrf_token": token(), "texte": "x" * (3 * 1024 * 1024 + 10)}
    assert client.post("/essai/ouverte", data=form).status_code == 413


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_of_thousands_of_fields_is_too_heavy(client, token, kind) -> None:
    form = {"csrf_token": token(), **{f"champ{number}": "" for number in range(3100)}}
    assert client.post("/essai/ouverte", data=form, content_type=kind).status_code == 413


def test_somebody_too_fast_is_told_how_long_to_wait_and_keeps_the_text(client, token) -> None:
    text = "Une conférence annuelle des financeurs"
    form = {"csrf_token": token(), "texte": text, "password": "Grenouille-verte-42"}
    assert [client.post("/essai/limite", data=form).status_code for _ in range(2)] == [200, 200]
    answer = client.post("/essai/limite", data=form)
    assert answer.status_code == 429
    assert "secondes, puis réessayez" in answer.text
    assert text in answer.text
    assert "Envoyer à nouveau" in answer.text
    assert "Grenouille-verte-42" not in answer.text


def test_a_failure_of_ours_is_ours_and_gives_the_address_of_a_person(client, app) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/essai/panne")
    assert answer.status_code == 500
    assert "de notre côté" in answer.text
    assert "contact@example.org" in answer.text
    assert "on purpose" not in answer.text


def test_a_failure_is_told_even_when_no_page_can_be_drawn(client, app, monkeypatch) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_arguments: object, **_context: object) -> str:
        raise OperationalError("SELECT 1", {}, Exception("the disk is gone"))

    monkeypatch.setattr(errors, "render_template", broken)
    page = errors.LAST_RESORT.format(errors.EXPLANATIONS[500])
    with app.test_request_context("/essai/panne"):
        assert errors._page(500, errors.EXPLANATIONS[500]) == page
    assert "Revenir aux consultations" in page


def test_a_silent_database_is_a_503_that_says_when_to_come_back(client, app, monkeypatch) -> None:
    def silent() -> None:
        raise OperationalError("SELECT secret", {}, Exception("no route to the server"))

    monkeypatch.setitem(app.view_functions, "essai.ouverte", silent)
    answer = client.get("/essai/ouverte")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "momentanément indisponible" in answer.text
    assert "secret" not in answer.text
    assert client.get("/essai/ouverte", headers=JSON).get_json().keys() == {"error"}


def test_the_script_of_a_page_gets_a_sentence_and_not_a_page(client) -> None:
    answer = client.get("/nulle-part", headers=JSON)
    assert answer.status_code == 404
    assert answer.content_type == "application/json"
    assert answer.get_json() == {"error": errors.EXPLANATIONS[404].sentence}


def test_a_number_that_no_column_can_hold_is_a_page_that_does_not_exist(client) -> None:
    assert client.get(f"/essai/{2**63 - 1}/page").status_code == 200
    assert client.get(f"/essai/{2**63}/page").status_code == 404
    assert client.get(f"/essai/{'9' * 400}/page").status_code == 404
