"""The pages of the accounts in a real browser: readable by everybody, usable without a mouse."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from consultation.territories.actions import load
from tests import cast
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage, Theme
from tests.browser.visitors import sign_in
from tests.journeys.visitors import code_in, letters

PUBLIC = ["/connexion", "/connexion/envoye", "/connexion/lien/trop-vieux", "/inscription"]
OWN = [
    "/moi",
    "/moi/profil",
    "/moi/securite",
    "/moi/mot-de-passe",
    "/connexion/double-authentification",
]
ADMINISTRATION = [
    "/administration/utilisateurs",
    "/administration/utilisateurs?q=personne",
    "/administration/utilisateurs/1",
    "/administration/journal",
    "/administration/journal?du=demain",
]


def look_at(page: Page, paths: list[str]) -> None:
    for path in paths:
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_the_accounts_can_be_read_by_everybody(
    app: Flask, db_session: Session, browser_page: OpenPage, width: int, theme: Theme
) -> None:
    load(db_session)
    page = browser_page(width=width, theme=theme)
    look_at(page, PUBLIC)
    page.goto("/connexion")
    page.get_by_text("Se connecter avec un mot de passe").click()
    page.get_by_label("Mot de passe").press("Enter")
    assert page.title().startswith("Erreur")
    assert_accessible(page)
    sign_in(page, app, cast.awa(db_session))
    look_at(page, OWN + ADMINISTRATION)


@pytest.mark.parametrize("javascript", [True, False])
def test_zoe_signs_up_with_the_keyboard(
    db_session: Session, browser_page: OpenPage, javascript: bool
) -> None:
    page = browser_page(width=390, javascript=javascript)
    page.goto("/inscription")
    page.get_by_label("Nom et prénom").fill("Zoé Petit")
    page.keyboard.press("Tab")
    page.keyboard.type("zoe@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("Hibou-des-neiges-77")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_timeout(1000)  # slower than a program
    page.keyboard.press("Enter")
    page.wait_for_url("**/connexion/envoye")
    [letter] = letters(db_session, "zoe@example.org")
    page.get_by_label("Code à 6 chiffres").fill(code_in(letter))
    page.keyboard.press("Enter")
    page.wait_for_url("**/moi")
    assert page.get_by_role("heading", level=1).inner_text() == "Mon espace"
