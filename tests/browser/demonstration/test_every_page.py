"""Every page of the demonstration, for each person, passes axe in both themes and both widths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from lxml import html as lxml_html
from playwright.sync_api import Page
from sqlalchemy import select

from consultation.accounts.models import User
from consultation.db import db
from tests import cast
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage
from tests.browser.pictures import keep_picture
from tests.browser.visitors import sign_in

PEOPLE = ("visitor", "repondant", "organisateur", "moderateur", "analyste", "admin")
OPEN = "/consultations/poles-de-competitivite"
CLOSED = "poles-de-competitivite-2022"
HOME = "consultations.home"
MOST_PAGES = 400


def person(app: Flask, name: str) -> User:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == f"{name}@example.org")).one()
        assert user.grants is not None
        db.session.expunge_all()
        return user


def pages_of(app: Flask, name: str) -> dict[str, str]:
    """Return one address for each page endpoint that this person reaches by following links."""
    client = app.test_client()
    if name != "visitor":
        cast.sign_in(client, person(app, name))
    adapter = app.url_map.bind("localhost")
    found: dict[str, str] = {}
    met, waiting = {"/"}, ["/"]
    while waiting and len(met) < MOST_PAGES:
        address = waiting.pop(0)
        endpoint = adapter.match(urlsplit(address).path)[0]
        if endpoint in found:
            continue
        with client.get(address, follow_redirects=True) as answer:
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            text = answer.text
        found[endpoint] = address
        for link in lxml_html.document_fromstring(text).xpath("//main//a/@href | //nav//a/@href"):
            path = urlsplit(link)._replace(fragment="").geturl()
            if path.startswith("/") and path not in met and adapter.test(urlsplit(path).path):
                met.add(path)
                waiting.append(path)
    return found


def looks(page: Page) -> Iterator[str]:
    """Show the page in both widths and both themes, one after the other."""
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            yield f"{width}-{theme}"


def seen_as(page: Page, name: str) -> None:
    """Keep a picture of the whole page when somebody wants to look: EVERY_PICTURE=1."""
    if os.environ.get("EVERY_PICTURE"):
        keep_picture(page, name, whole=True)


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_that_a_person_reaches_is_accessible(
    app: Flask, browser_page: OpenPage, name: str
) -> None:
    before = PEOPLE[: PEOPLE.index(name)]
    seen = {endpoint for other in before for endpoint in pages_of(app, other)}
    addresses = {e: a for e, a in pages_of(app, name).items() if e not in seen or e == HOME}
    page = browser_page()
    if name != "visitor":
        sign_in(page, app, person(app, name))

    assert addresses
    for endpoint, address in addresses.items():
        page.goto(address)
        for look in looks(page):
            assert_fits(page)
            assert_accessible(page)
            seen_as(page, f"{name}-{endpoint}-{look}")


def test_every_step_of_the_questionnaire_is_accessible(app: Flask, browser_page: OpenPage) -> None:
    page = browser_page()
    sign_in(page, app, person(app, "repondant"))
    page.goto(OPEN)
    page.get_by_role("button", name="Répondre à titre personnel").click()
    for number in range(1, 9):
        page.goto(f"{OPEN}/contribution/{number}")
        for look in looks(page):
            assert_fits(page)
            assert_accessible(page)
            seen_as(page, f"section-{number}-{look}")
    page.goto(f"{OPEN}/contribution/6")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("input[name=part_etat]").fill("environ 40")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.wait_for_function("document.title.startsWith('Erreur')")
    for look in looks(page):
        assert_accessible(page)
        seen_as(page, f"section-error-{look}")


@pytest.mark.picture
def test_the_pictures_of_the_readme(app: Flask, browser_page: OpenPage) -> None:
    respondent, organiser, moderator = browser_page(), browser_page(), browser_page()
    sign_in(respondent, app, person(app, "repondant"))
    respondent.goto(OPEN)
    respondent.get_by_role("button", name="Répondre à titre personnel").click()
    respondent.goto(f"{OPEN}/contribution/5")
    respondent.locator("input[type=radio]").first.check()
    keep_picture(respondent, "questionnaire")
    sign_in(organiser, app, person(app, "organisateur"))
    organiser.goto(f"/espace/{CLOSED}/resultats?partie=3")
    keep_picture(organiser, "results")
    sign_in(moderator, app, person(app, "moderateur"))
    moderator.goto("/espace/poles-de-competitivite/moderation")
    keep_picture(moderator, "moderation")
