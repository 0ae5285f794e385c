"""What was typed is never lost: not when the page is old, not when the session is over."""

from __future__ import annotations

import os
import time
from io import BytesIO

import lxml.html
import pytest

from consultation.web import kept

pytestmark = pytest.mark.one_database

PRIVATE, OPEN, REFILLED = "/essai/privee", "/essai/ouverte", "/essai/reprise"
TEXT = "Une conférence annuelle des financeurs,\r\navec un calendrier « unique » & <commun>."
JSON = {"Accept": "application/json"}


def sent_again(page: str, **more: object) -> tuple[str, dict[str, object]]:
    """Return what the browser sends when the person presses « Envoyer à nouveau »."""
    tree = lxml.html.document_fromstring(page)
    form = next(f for f in tree.forms if "Envoyer à nouveau" in f.text_content())
    fields: dict[str, object] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)  # type: ignore[attr-defined]
    return form.get("action"), {**fields, **more}


def as_sent(text: str) -> list[str]:
    """Return ``text`` as a page gives it back: HTML knows one kind of line end."""
    return [text.replace("\r\n", "\n")]


def kept_files(app):
    return list((app.extensions["settings"].files_path / "kept").glob("*"))


def test_emile_sends_again_from_a_page_that_was_open_too_long(client, person, token) -> None:
    person("emile")
    typed = {"q18": TEXT, "q13": ["a", "b"], "vide": ""}
    page = client.post(PRIVATE, data={**typed, "csrf_token": "ancien"})
    assert page.status_code == 400
    assert "restée ouverte longtemps" in page.text
    path, form = sent_again(page.text)
    answer = client.post(path, data=form)
    assert answer.status_code == 200
    assert answer.get_json() == {
        "q18": as_sent(TEXT),
        "q13": ["a", "b"],
        "vide": [""],
        "csrf_token": form["csrf_token"],
    }


def test_a_visitor_sends_again_without_ever_signing_in(client) -> None:
    page = client.post(f"{OPEN}?page=2", data={"texte": TEXT})
    path, form = sent_again(page.text)
    assert path == f"{OPEN}?page=2"
    assert client.post(path, data=form).get_json()["texte"] == as_sent(TEXT)


def test_what_was_typed_can_be_read_on_the_page_and_runs_nothing(client) -> None:
    page = client.post(OPEN, data={"texte": "<script>alert(1)</script> et du texte"}).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; et du texte" in page


def test_a_password_is_asked_again_and_never_shown(client) -> None:
    page = client.post(OPEN, data={"email": "emile@example.org", "password": "Grenouille-verte-42"})
    assert "Grenouille-verte-42" not in page.text
    path, form = sent_again(page.text, password="Grenouille-verte-42")
    assert client.post(path, data=form).get_json()["password"] == ["Grenouille-verte-42"]


def test_a_file_has_to_be_chosen_again_and_the_page_says_which(client) -> None:
    form = {"texte": TEXT, "annexe": (BytesIO(b"%PDF-1.7"), "contribution écrite.pdf")}
    page = client.post(OPEN, data=form, content_type="multipart/form-data").text
    assert "Choisissez à nouveau le fichier" in page
    assert "contribution écrite.pdf" in page
    assert 'enctype="multipart/form-data"' in page


def test_the_script_of_the_page_gets_a_new_token_and_saves(client, person) -> None:
    person("emile")
    answer = client.post(PRIVATE, data={"q18": TEXT}, headers=JSON)
    assert answer.status_code == 400
    form = {"q18": TEXT, "csrf_token": answer.get_json()["csrf_token"]}
    assert client.post(PRIVATE, data=form, headers=JSON).status_code == 200


def test_the_script_is_told_when_the_session_is_over(client) -> None:
    answer = client.post(PRIVATE, data={"q18": TEXT}, headers=JSON)
    assert answer.status_code == 401
    assert "Connectez-vous" in answer.get_json()["error"]


def test_emile_finds_his_text_after_signing_in_again(client, person, app) -> None:
    away = client.post(PRIVATE, data={"q18": TEXT, "csrf_token": "ancien"})
    assert away.headers["Location"] == "/connexion?suite=/reprise"
    assert "votre texte vous attend" in client.get("/aide").text
    person("emile")
    page = client.get("/reprise").text
    path, form = sent_again(page)
    assert client.post(path, data=form).get_json()["q18"] == as_sent(TEXT)
    assert kept_files(app) == []
    assert "Aucun texte à reprendre" in client.get("/reprise").text


def test_the_text_is_kept_too_when_only_the_person_was_forgotten(client, person, token) -> None:
    form = {"q18": TEXT, "csrf_token": token()}
    assert client.post(PRIVATE, data=form).headers["Location"] == "/connexion?suite=/reprise"
    person("emile")
    assert "calendrier" in client.get("/reprise").text


def test_a_page_that_can_refill_itself_is_given_the_text_back(client, person, token, app) -> None:
    away = client.post(f"{REFILLED}?partie=3", data={"q18": TEXT, "q13": ["a", "b"]})
    assert away.headers["Location"] == f"/connexion?suite={REFILLED}"
    person("emile")
    assert client.get(REFILLED).get_json() == {"q18": [TEXT], "q13": ["a", "b"]}
    assert client.get(REFILLED).get_json() != {}
    client.post(REFILLED, data={"q18": TEXT, "csrf_token": token()})
    assert client.get(REFILLED).get_json() == {}
    assert kept_files(app) == []


def test_the_text_is_shown_only_in_the_browser_that_typed_it(client, person, app) -> None:
    client.post(PRIVATE, data={"q18": TEXT})
    other = app.test_client()
    with other.session_transaction() as session:
        session["_user_id"] = "lea"
    assert "Aucun texte à reprendre" in other.get("/reprise").text
    other.set_cookie("brouillon", "cle-inventee")
    assert "Aucun texte à reprendre" in other.get("/reprise").text
    other.set_cookie("brouillon", "../../consultation.sqlite3")
    assert "Aucun texte à reprendre" in other.get("/reprise").text


def test_a_visitor_who_is_not_signed_in_never_sees_the_text(client) -> None:
    client.post(PRIVATE, data={"q18": TEXT})
    assert client.get("/reprise").headers["Location"] == "/connexion?suite=/reprise"


def test_nothing_of_the_text_can_be_read_on_the_disk(client, app) -> None:
    client.post(PRIVATE, data={"q18": TEXT, "password": "Grenouille-verte-42"})
    (file,) = kept_files(app)
    assert b"financeurs" not in file.read_bytes()
    assert b"Grenouille" not in file.read_bytes()


def test_a_password_is_not_kept_at_all(client, person) -> None:
    client.post(PRIVATE, data={"q18": TEXT, "password": "Grenouille-verte-42"})
    person("emile")
    page = client.get("/reprise").text
    assert "Grenouille" not in page
    assert 'type="password"' in page


def test_a_text_older_than_twelve_hours_is_gone(client, person, app) -> None:
    client.post(PRIVATE, data={"q18": TEXT})
    (file,) = kept_files(app)
    long_ago = time.time() - kept.LIFE_SECONDS - 60
    os.utime(file, (long_ago, long_ago))
    person("emile")
    assert "Aucun texte à reprendre" in client.get("/reprise").text
    app.test_client().post(PRIVATE, data={"q18": "autre"})
    assert file not in kept_files(app)


def test_the_oldest_texts_give_way_when_the_folder_is_full(client, app, monkeypatch) -> None:
    monkeypatch.setattr(kept, "LARGEST_FOLDER", 5000)
    for number in range(5):
        app.test_client().post(PRIVATE, data={"q18": f"{number}" * 1000})
        for file in kept_files(app):
            os.utime(file, (file.stat().st_mtime - 10,) * 2)
    assert 2 <= len(kept_files(app)) <= 4


def test_emile_erases_a_text_that_is_not_his(client, person, token, app) -> None:
    client.post(PRIVATE, data={"q18": TEXT})
    person("emile")
    answer = client.post("/reprise/effacer", data={"csrf_token": token()})
    assert answer.status_code == 303
    assert kept_files(app) == []
    assert client.get_cookie("brouillon") is None


def test_the_page_keeps_the_text_itself_when_the_disk_refuses(client, app, person) -> None:
    folder = app.extensions["settings"].files_path / "kept"
    folder.write_text("not a folder")
    page = client.post(PRIVATE, data={"q18": TEXT})
    assert page.status_code == 400
    assert "dans un nouvel onglet" in page.text
    path, form = sent_again(page.text)
    person("emile")
    again = client.post(path, data=form)
    path, form = sent_again(again.text)
    assert client.post(path, data=form).get_json()["q18"] == as_sent(TEXT)


def test_somebody_who_fills_the_folder_is_stopped(client, app) -> None:
    answers = [client.post(PRIVATE, data={"q": "x"}).status_code for _ in range(62)]
    assert answers == [302] * 60 + [400] * 2
    assert len(kept_files(app)) == 60


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ailleurs.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_posted_by_another_site_is_neither_kept_nor_offered(
    client, person, app, token, headers
) -> None:
    for name in (None, "emile"):
        person(name)
        form = {"q18": "Achetez sur ailleurs.example", "csrf_token": token()}
        answer = client.post(PRIVATE, data=form, headers=headers)
        assert answer.status_code == 403
        assert "autre site" in answer.text
        assert "Achetez" not in answer.text
    assert kept_files(app) == []


def test_our_own_pages_say_where_they_come_from_and_are_accepted(client, person, token) -> None:
    person("emile")
    form = {"q18": TEXT, "csrf_token": token()}
    for headers in ({"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {}):
        assert client.post(PRIVATE, data=form, headers=headers).status_code == 200
