"""The browser and axe, tried on a good page and on a bad one before the real pages trust them."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage
from tests.browser.pictures import keep_picture

pytestmark = pytest.mark.own_app

PAGE = (
    '<!doctype html><html lang="fr"><head><title>Un | Deux</title></head>'
    "<body><main><h1>Un</h1>{}</main></body></html>"
)


@pytest.fixture
def show(app: Flask, browser_page: OpenPage):
    """Serve ``body`` from the real application and open it."""

    def open_with(body: str, **view):
        @app.get("/inspection")
        def inspection() -> Response:
            return Response(PAGE.format(body))

        inspection.is_public = True
        page = browser_page(**view)
        page.goto("/inspection")
        return page

    return open_with


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_window_has_the_width_and_theme_asked(show, width, theme) -> None:
    page = show("<p>Bonjour</p>", width=width, theme=theme)
    assert page.evaluate("innerWidth") == width
    assert page.evaluate(f"matchMedia('(prefers-color-scheme: {theme})').matches")
    assert_accessible(page)
    assert_fits(page)


def test_axe_sees_a_field_without_a_label(show) -> None:
    page = show('<input name="nom">')
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(page)


def test_a_page_too_wide_for_a_telephone_is_seen(show) -> None:
    page = show("<p>" + "x" * 400 + "</p>", width=390)
    with pytest.raises(AssertionError, match="px wide"):
        assert_fits(page)


def test_a_picture_is_kept(show, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SCREENSHOTS", str(tmp_path))
    picture = keep_picture(show("<p>Bonjour</p>", width=390), "bonjour")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_visitor_without_javascript_reads_the_page(show) -> None:
    page = show("<p>Bonjour</p>", javascript=False)
    assert page.get_by_text("Bonjour").is_visible()
