"""The response of an organisation in a real browser: a telephone and an office screen."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from consultation.coauthors.actions import joining
from consultation.coauthors.actions.scene import Scene
from consultation.consultations.models import Consultation
from tests import cast
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage
from tests.browser.pictures import keep_picture
from tests.browser.visitors import sign_in
from tests.coauthors.making import colleague, other_company, shared
from tests.responses.making import NOW, clock, poles

PAGE = "/consultations/poles"
ROOT = f"{PAGE}/contribution/organisme"
LIST = "/espace/poles/organismes"
LONG = "direction.generale@agence-regionale-de-developpement-economique.example.org"


@pytest.fixture
def consultation(app: Flask, db_session: Session) -> Consultation:
    clock(app)
    return poles(db_session)


def looked_at(page: Page, name: str) -> None:
    keep_picture(page, f"organisations-{name}", whole=True)
    assert_fits(page)
    assert_accessible(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_can_be_read_by_everybody(
    app: Flask, db_session: Session, browser_page: OpenPage, consultation, width, theme
) -> None:
    nadia, emile = cast.nadia(db_session), cast.emile(db_session)
    response = shared(db_session, consultation, nadia, emile)
    other = shared(db_session, consultation, other_company(db_session))
    paul = colleague(db_session)
    scene = Scene(response.id, consultation.id, nadia.id, NOW)
    joining.ask(db_session, scene, paul.id, "Je travaille au siège, à la direction technique.")
    secret = joining.invite(db_session, scene, LONG, "signatory").secret
    db_session.commit()
    team, official = f"{ROOT}/{response.id}/equipe", f"{LIST}/{response.id}"
    visits = {
        nadia: {
            "consultation": PAGE,
            "equipe": team,
            "retirer": f"{team}/{emile.id}/retirer",
            "quitter": f"{team}/quitter",
        },
        emile: {"equipe-auteur": team, "quitter-auteur": f"{team}/quitter"},
        paul: {"choix": PAGE, "deja": ROOT, "lien": f"/co-redaction/{secret}"},
        cast.lea(db_session): {"rejoindre": ROOT, "lien-fini": "/co-redaction/inconnu"},
        cast.claire(db_session, consultation.id): {
            "liste": LIST,
            "un": official,
            "signataire": f"{official}/signataire",
            "siren": f"{official}/siren",
            "reunir": f"{official}/reunir",
        },
    }
    suffix = f"{width}{'d' if theme == 'dark' else ''}"
    page = browser_page(width=width, theme=theme)
    for person, pages in visits.items():
        sign_in(page, app, person)
        for name, path in pages.items():
            page.goto(path)
            looked_at(page, f"{name}-{suffix}")
    page.goto(f"{official}/reunir")
    page.get_by_label("Organisme qui reprend").select_option(str(other.id))
    page.get_by_role("textbox", name="Raison").fill("Fusion au 1er janvier")
    page.get_by_role("button", name="Voir ce qui va se passer").click()
    page.get_by_role("heading", name="Voici ce qui va se passer").wait_for()
    looked_at(page, f"confirmer-{suffix}")


def test_nadia_opens_invites_and_hands_over_without_javascript(
    app: Flask, db_session: Session, browser_page: OpenPage, consultation: Consultation
) -> None:
    nadia = cast.nadia(db_session)
    page = browser_page(width=390, javascript=False)
    sign_in(page, app, nadia)
    page.goto(PAGE)
    page.get_by_role("link", name="Répondre au nom de Optique du Rhône").click()
    page.get_by_role("button", name="Ouvrir la contribution").click()
    page.get_by_label("Adresse électronique").fill("pas-une-adresse")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    assert "Saisissez une adresse" in page.inner_text("main")
    page.get_by_label("Adresse électronique").fill("juriste@optique.fr")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    assert "1 invitation en attente" in page.inner_text("main").replace("\u00a0", " ")
    team = page.url

    sign_in(page, app, cast.emile(db_session))
    page.goto(ROOT)
    page.get_by_role("button", name="Rejoindre cette contribution").click()
    sign_in(page, app, nadia)
    page.goto(team)
    page.get_by_role("button", name="Confier ma signature").click()
    assert page.get_by_role("button", name="Envoyer l’invitation").count() == 0
