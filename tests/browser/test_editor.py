"""The editor in a real browser: a telephone and an office screen, light and dark."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests import cast
from tests.authoring.making import EDITOR, address, question
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage
from tests.browser.pictures import keep_picture
from tests.browser.visitors import sign_in
from tests.responses.making import clock, poles

PAGES = {
    "editeur": question("instances"),
    "editeur-tableau": question("positionnement"),
    "editeur-options": f"{question('nombre_poles')}?lignes=1",
    "editeur-condition": f"{question('part_privee')}?questions=1",
    "editeur-partie": address("parties", "missions"),
    "editeur-reglages": EDITOR,
    "editeur-liste": f"{address('listes', 'echelle', 'agreement5')}?lignes=1",
    "editeur-depart": address("depart"),
    "editeur-comparer": address("comparer"),
    "editeur-publier": address("publier"),
    "editeur-essai": address("essai"),
    "editeur-papier": address("imprimer"),
    "editeur-controles": address("controles"),
    "editeur-supprimer": address("supprimer", "acteur"),
}


@pytest.fixture
def claire(app: Flask, db_session: Session) -> object:
    clock(app)
    consultation = poles(db_session)
    return cast.claire(db_session, consultation.id)


def opened(app: Flask, browser_page: OpenPage, claire: object, **view: object) -> Page:
    page = browser_page(**view)
    sign_in(page, app, claire)  # type: ignore[arg-type]
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_claire_reads_every_page_of_the_editor(
    app: Flask, browser_page: OpenPage, claire, width, theme
) -> None:
    page = opened(app, browser_page, claire, width=width, theme=theme)
    edit_a_label(page)
    for name, path in PAGES.items():
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
        keep_picture(page, f"{name}-{width}{'d' if theme == 'dark' else ''}", whole=True)


def edit_a_label(page: Page) -> None:
    page.goto(question("instances"))
    page.get_by_label("Intitulé").fill("Qui doit siéger dans la gouvernance d’un pôle\u00a0?")
    page.get_by_role("button", name="Enregistrer la question").click()
    page.get_by_text("Question enregistrée.").wait_for()
