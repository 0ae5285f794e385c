"""The pages of the footer, the frame around every page, and the two choices it offers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import request
from lxml import html

from consultation.app import create_app
from consultation.settings import SettingsError
from consultation.web import limits
from tests import databases

pytestmark = pytest.mark.one_database

FOOTER = {
    "/accessibilite": "Déclaration d’accessibilité",
    "/donnees-personnelles": "Données personnelles",
    "/mentions-legales": "Mentions légales",
    "/plan-du-site": "Plan du site",
    "/aide": "Aide et contact",
}
STATEMENT = [
    "État de conformité",
    "Résultats des tests",
    "Contenus non accessibles",
    "Non-conformités",
    "Dérogations pour charge disproportionnée",
    "Contenus non soumis à l’obligation d’accessibilité",
    "Établissement de cette déclaration",
    "Technologies utilisées",
    "Outils d’évaluation",
    "Pages vérifiées",
    "Retour d’information et contact",
    "Voies de recours",
]


def read(answer):
    return html.document_fromstring(answer.text)


@pytest.mark.parametrize(("path", "title"), FOOTER.items())
def test_every_link_of_the_footer_leads_to_its_page(client, path, title) -> None:
    page = read(client.get(path))
    assert page.xpath("//h1")[0].text_content() == title
    assert {*FOOTER} <= {*page.xpath("//footer//a/@href")}


def test_the_site_says_that_it_was_never_audited(client) -> None:
    words = " ".join(read(client.get("/aide")).xpath("//footer")[0].text_content().split())
    assert "Accessibilité : non conforme" in words
    assert client.get("/accessibilite").text.count("non conforme") >= 2


def test_the_accessibility_statement_has_its_sections_in_order(client) -> None:
    page = read(client.get("/accessibilite"))
    assert [heading.text_content() for heading in page.xpath("//h2 | //h3")] == STATEMENT
    assert "Défenseur des droits" in page.text_content()


def test_every_cookie_that_is_set_is_declared(client, person, token) -> None:
    page = read(client.get("/donnees-personnelles"))
    declared = {cell.text_content() for cell in page.xpath("//th[@scope='row']/code")}
    fields = {"csrf_token": token(), "langue": "en", "theme": "light"}
    client.post("/preferences/langue", data=fields)
    client.post("/preferences/theme", data=fields)
    client.post("/essai/privee", data={"texte": "x", "csrf_token": token()})
    assert {cookie.key for cookie in client._cookies.values()} == declared


def test_the_site_map_leads_only_to_pages_that_exist(client, app) -> None:
    links = read(client.get("/plan-du-site")).xpath("//main//a/@href")
    assert "/aide" in links
    addresses = app.url_map.bind("")
    assert all(addresses.match(link) for link in links)


def test_the_legal_notice_admits_what_it_does_not_know(client) -> None:
    page = client.get("/mentions-legales").text
    assert "Cette installation n’a pas encore indiqué son éditeur" in page
    assert page.count("Non renseigné") == 9


@pytest.mark.own_app
def test_the_legal_notice_names_the_publisher_and_the_host(database, tmp_path) -> None:
    app = databases.build(
        database,
        tmp_path,
        PUBLISHER_NAME="Régions de France",
        PUBLISHER_HOST_NAME="Hébergeur & fils",
        PUBLISHER_DATA_PROTECTION_EMAIL="dpo@example.org",
    )
    page = app.test_client().get("/mentions-legales").text
    assert "Hébergeur &amp; fils" in page
    assert "pas encore indiqué" not in page
    assert "dpo@example.org" in app.test_client().get("/donnees-personnelles").text
    databases.close(app)


def test_only_a_demonstration_says_that_its_data_are_made_up(client, database, tmp_path) -> None:
    assert "Démonstration" not in client.get("/aide").text
    app = create_app(databases.settings_for(database, tmp_path, ENVIRONMENT="demonstration"))
    page = read(app.test_client().get("/aide"))
    banner = " ".join(page.xpath("//header//p[@class='banner']")[0].text_content().split())
    assert banner.startswith("Démonstration : données fictives.")
    databases.close(app)


def test_the_frame_of_a_page_is_small(client) -> None:
    page = client.get("/aide").text
    frame = re.sub(r"(?s)(<main.*?>).*(</main>)", r"\1\2", page)
    assert len(frame.encode()) < 5000


def test_emile_chooses_english_and_comes_back_to_his_page(client, token) -> None:
    fields = {"csrf_token": token(), "langue": "en", "retour": "/aide?page=2"}
    answer = client.post("/preferences/langue", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/aide?page=2")
    page = read(client.get("/aide"))
    assert page.get("lang") == "fr"
    assert page.xpath("//button[@name='langue']/@value") == ["fr", "fr"]
    client.post("/preferences/langue", data={**fields, "langue": "fr"})
    assert client.get_cookie("langue") is None


def test_no_script_reads_a_cookie_and_no_other_site_sends_one(client, token) -> None:
    answer = client.post("/preferences/langue", data={"csrf_token": token(), "langue": "en"})
    for line in answer.headers.getlist("Set-Cookie"):
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain" not in line


def test_nadia_keeps_the_light_theme(client, token) -> None:
    assert read(client.get("/aide")).get("data-theme") is None
    client.post("/preferences/theme", data={"csrf_token": token(), "theme": "light"})
    assert read(client.get("/aide")).get("data-theme") == "light"
    client.post("/preferences/theme", data={"csrf_token": token(), "theme": "auto"})
    assert read(client.get("/aide")).get("data-theme") is None


def test_a_choice_that_does_not_exist_is_refused(client, token) -> None:
    for value in ("", "de", "<b>", "en" * 5000):
        fields = {"csrf_token": token(), "langue": value}
        assert client.post("/preferences/langue", data=fields).status_code == 400


def test_a_text_is_shown_in_the_language_chosen_else_in_french(app) -> None:
    texts = {"fr": "Consultation", "en": "Hearing"}
    draw = "{% import 'components/ui.html' as ui %}{{ texts|t }}/{{ ui.said(texts) }}"
    for cookie, shown in (
        ("", "Consultation/Consultation"),
        ("langue=en", 'Hearing/<span lang="en">Hearing</span>'),
    ):
        with app.test_request_context("/", headers={"Cookie": cookie}):
            app.preprocess_request()
            template = app.jinja_env.from_string(draw)
            assert template.render(texts=texts) == shown
            assert template.render(texts={"fr": "Seul"}) == "Seul/Seul"
            assert app.jinja_env.filters["t"](None) == ""
            assert app.jinja_env.filters["t"]("déjà un texte") == "déjà un texte"


@pytest.mark.parametrize("name", ["consultation.css", "enhance.js", "icon.svg"])
def test_a_static_file_is_kept_a_year_under_the_digest_of_the_folder(client, app, name) -> None:
    address = app.jinja_env.globals["static_url"](name)
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    plain = client.get(address)
    assert "Content-Encoding" not in plain.headers
    assert plain.data == Path(app.static_folder, name).read_bytes()


def test_the_file_of_another_version_is_not_kept_for_long(client) -> None:
    answer = client.get("/static/v-000000000000/consultation.css")
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]
    assert client.get("/static/v-000000000000/../settings.py").status_code == 404


def test_behind_https_the_cookies_and_headers_are_those_of_https(database, tmp_path) -> None:
    url = "https://consultations.example"
    app = databases.build(database, tmp_path, PUBLIC_URL=url, TRUSTED_PROXIES="1")
    seen = {}
    app.add_url_rule("/vu", "vu", lambda: seen.update(_seen()) or "")
    client = app.test_client()
    answer = client.get("/aide", base_url=url)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    proxied = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    client.get("/vu", headers=proxied)
    assert seen == {"address": "203.0.113.9", "secure": True}
    databases.close(app)


def test_without_a_proxy_nobody_chooses_their_own_address(database, tmp_path) -> None:
    app = databases.build(database, tmp_path)
    seen = {}
    app.add_url_rule("/vu", "vu", lambda: seen.update(_seen()) or "")
    app.test_client().get("/vu", headers={"X-Forwarded-For": "203.0.113.9"})
    assert seen == {"address": "127.0.0.1", "secure": False}
    databases.close(app)


def _seen() -> dict[str, object]:
    return {"address": request.remote_addr, "secure": request.is_secure}


def test_a_redis_address_without_the_package_stops_the_start(
    database, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(limits, "find_spec", lambda _name: None)
    settings = databases.settings_for(database, tmp_path, REDIS_URL="redis://127.0.0.1:6399/0")
    with pytest.raises(SettingsError, match="Install the redis package"):
        create_app(settings)
