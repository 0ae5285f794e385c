"""The frame in a real browser: the pages of the footer, the refusals, the menu, the two choices."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage

PAGES = [
    "/accessibilite",
    "/donnees-personnelles",
    "/mentions-legales",
    "/plan-du-site",
    "/aide",
    "/nulle-part",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_the_frame_can_be_read_by_everybody(browser_page: OpenPage, width, theme):
    page = browser_page(width=width, theme=theme)
    for path in PAGES:
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


def test_the_pages_still_fit_a_window_of_320_pixels(browser_page: OpenPage) -> None:
    page = browser_page(width=320)
    for path in PAGES:
        page.goto(path)
        assert_fits(page)


def test_the_first_tab_leads_to_the_content(browser_page: OpenPage) -> None:
    page = browser_page()
    page.goto("/aide")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


@pytest.mark.parametrize("javascript", [True, False])
def test_the_menu_of_a_telephone_opens_and_changes_the_language(
    browser_page: OpenPage, javascript
) -> None:
    page = browser_page(width=390, javascript=javascript)
    page.goto("/aide")
    page.get_by_text("Menu", exact=True).click()
    assert_fits(page)
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/aide")
    page.get_by_text("Menu", exact=True).click()
    assert page.get_by_role("button", name="Français").is_visible()


def test_nadia_keeps_a_light_page_on_a_dark_device(browser_page: OpenPage) -> None:
    page = browser_page(theme="dark")
    page.goto("/aide")
    assert _brightness(page) < 60
    page.get_by_role("button", name="Toujours afficher le thème clair").click()
    page.wait_for_url("**/aide")
    assert _brightness(page) > 200
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert_accessible(page)
    page.get_by_role("button", name="Suivre le thème de mon appareil").click()
    page.wait_for_url("**/aide")
    assert _brightness(page) < 60


def test_a_page_open_too_long_gives_the_text_back(app: Flask, browser_page: OpenPage) -> None:
    page = browser_page(width=390)
    page.goto("/aide")
    page.evaluate("document.querySelector('#choix [name=csrf_token]').value = 'ancien'")
    page.get_by_role("button", name="Toujours afficher le thème clair").click()
    assert page.get_by_role("heading", level=1).inner_text() == (
        "Cette page est restée ouverte longtemps"
    )
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Envoyer à nouveau").click()
    page.wait_for_url("**/aide")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def _brightness(page) -> float:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [int(part) for part in colour.strip("rgb()").split(",")]
    return sum(channels) / 3
