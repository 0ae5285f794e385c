"""The charts and crossed tables of results, in a real browser."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from consultation.db import db
from consultation.questionnaires.queries import forget_compiled
from consultation.results.snapshots import forget_figures
from tests import cast
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage
from tests.browser.visitors import sign_in
from tests.consultations.making import AFTER
from tests.results.sample import answered, consulted, people

PAGE = "/espace/poles/resultats?partie=2"


@pytest.fixture
def results(app: Flask):
    app.extensions["clock"] = lambda: AFTER
    with app.app_context():
        found = consulted(db.session)
        answered(db.session, found, people(160, 11))
        claire = cast.claire(db.session, found.id)
        yield lambda page: sign_in(page, app, claire)
    forget_figures()
    forget_compiled()


@pytest.mark.parametrize("query", ["", "&croiser=acteur", "&filtre_acteur=petr&filtre_region=53"])
@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1280, "dark")])
def test_results_pass_axe_and_fit_their_window(
    browser_page: OpenPage, results, query: str, width: int, theme: str
) -> None:
    page = browser_page(width=width, theme=theme)
    results(page)
    page.goto(PAGE + query)
    for summary in page.locator("section details summary").all():
        summary.click()
    assert_accessible(page)
    assert_fits(page)


def test_claire_filters_crosses_and_comes_back_without_javascript(
    browser_page: OpenPage, results
) -> None:
    page = browser_page(javascript=False)
    results(page)
    page.goto(PAGE)
    page.get_by_label("Croiser avec").select_option("region")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator("table.heat").first).to_be_visible()
    page.get_by_label("Type d’organisme").select_option("pme")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_text("Croisement masqué").first).to_be_visible()
    assert "filtre_acteur=pme" in page.url
    page.get_by_role("link", name="Effacer").click()
    expect(page.locator("ul.bars").first).to_be_visible()
