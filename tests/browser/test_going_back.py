"""The back button: a browser puts old words in a new page, and nothing may be overwritten by it."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests import cast
from tests.authoring.making import question
from tests.browser.conftest import OpenPage
from tests.browser.visitors import sign_in
from tests.responses.making import begin, clock, consulted, poles, section, short


def saved(page: Page, field: str, words: str, button: str) -> None:
    page.get_by_label(field).fill(words)
    page.get_by_role("button", name=button, exact=True).last.click()
    page.get_by_role("status").get_by_text("nregistré").first.wait_for()


@pytest.mark.parametrize("javascript", [True, False])
def test_claire_goes_back_and_does_not_undo_what_awa_wrote(
    app: Flask, db_session: Session, browser_page: OpenPage, javascript: bool
) -> None:
    clock(app)
    consultation = poles(db_session)
    claire = browser_page(javascript=javascript)
    sign_in(claire, app, cast.claire(db_session, consultation.id))
    awa = browser_page(javascript=javascript)
    sign_in(awa, app, cast._granted(db_session, cast.awa(db_session), "organiser", None))
    claire.goto(question("mandat"))
    saved(claire, "Intitulé", "Les mots de Claire", "Enregistrer la question")
    awa.goto(question("mandat"))
    saved(awa, "Intitulé", "Les mots d’Awa", "Enregistrer la question")

    claire.go_back()
    assert claire.get_by_label("Intitulé").input_value() == "Les mots d’Awa"
    saved(claire, "Aide", "Une aide de Claire", "Enregistrer la question")
    awa.goto(question("mandat"))
    assert awa.get_by_label("Intitulé").input_value() == "Les mots d’Awa"
    assert awa.get_by_label("Aide").input_value() == "Une aide de Claire"


@pytest.mark.parametrize("javascript", [True, False])
def test_nadia_goes_back_and_does_not_undo_what_she_wrote_since(
    app: Flask, db_session: Session, browser_page: OpenPage, javascript: bool
) -> None:
    clock(app)
    label = {"fr": "Votre avis"}
    consulted(db_session, short({"kind": "short_text", "key": "avis", "label": label}))
    user = cast.nadia(db_session)
    begin(app.test_client(), user)
    office, train = browser_page(javascript=javascript), browser_page(javascript=javascript)
    for page in (office, train):
        sign_in(page, app, user)
        page.goto(section(1))
    saved(office, "Votre avis", "Écrit au bureau", "Enregistrer")
    train.reload()
    saved(train, "Votre avis", "Écrit dans le train", "Enregistrer")

    office.go_back()
    assert office.get_by_label("Votre avis").input_value() == "Écrit dans le train"
