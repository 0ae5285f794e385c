"""One's own space and what becomes of a response, in a real browser: small, large, light, dark."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests import cast
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage, Theme
from tests.browser.visitors import sign_in
from tests.comments.making import a_comment
from tests.responses.making import NOW, answer, begin, clock, consulted, short
from tests.responses.test_sending import send

CONTRIBUTION = "/consultations/poles/contribution"
LONG = "Anticonstitutionnellement" * 8
OPTIONS = [{"value": "oui", "label": {"fr": "Oui"}}, {"value": "non", "label": {"fr": "Non"}}]
QUESTIONS = (
    {"kind": "single", "key": "accord", "label": {"fr": "D’accord ?"}, "options": OPTIONS},
    {"kind": "long_text", "key": "idee", "label": {"fr": "Une idée ?"}},
)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_the_space_can_be_read_by_everybody(
    app: Flask, db_session: Session, browser_page: OpenPage, width: int, theme: Theme
) -> None:
    clock(app)
    consultation = consulted(db_session, short(*QUESTIONS))
    emile = cast.emile(db_session)
    client = app.test_client()
    begin(client, emile)
    page = browser_page(width=width, theme=theme)
    sign_in(page, app, emile)

    def look(*places: str) -> None:
        for place in places:
            page.goto(place)
            assert_accessible(page)
            assert_fits(page)

    look("/moi", f"{CONTRIBUTION}/historique", f"{CONTRIBUTION}/supprimer")
    answer(client, 1, {"accord": "oui", "idee": LONG})
    send(client)
    clock(app, NOW + timedelta(minutes=5))
    answer(client, 1, {"accord": "non", "idee": f"{LONG}\nautrement"})
    send(client)
    for state in ("pending", "published", "returned", "refused", "removed"):
        a_comment(db_session, consultation, emile, LONG, state=state)
    look(
        "/moi",
        *(f"/moi/{end}" for end in ("notifications", "contributions", "commentaires", "donnees")),
        *(f"{CONTRIBUTION}/{end}" for end in ("recu", "historique", "envois/1", "retirer")),
        f"{CONTRIBUTION}/envois/2/depuis/1",
    )
    page.goto(f"{CONTRIBUTION}/retirer")
    page.get_by_role("button", name="Retirer ma contribution").click()
    expect(page.get_by_role("status")).to_contain_text("Votre contribution est retirée")
    look(f"{CONTRIBUTION}/historique", CONTRIBUTION, f"{CONTRIBUTION}/relire")


@pytest.mark.one_database
def test_emile_withdraws_with_the_keyboard_alone_and_without_a_script(
    app: Flask, db_session: Session, browser_page: OpenPage
) -> None:
    clock(app)
    consulted(db_session, short(*QUESTIONS))
    emile = cast.emile(db_session)
    client = app.test_client()
    begin(client, emile)
    answer(client, 1, {"accord": "oui"})
    send(client)
    page = browser_page(javascript=False)
    sign_in(page, app, emile)

    page.goto(f"{CONTRIBUTION}/recu")
    page.get_by_role("link", name="Retirer ma contribution").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Retirer ma contribution").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/historique$"))
    expect(page.get_by_role("status")).to_contain_text("Votre contribution est retirée")
    page.go_back()  # to a page that has nothing left to offer
    expect(page).to_have_url(re.compile("/historique$"))
    expect(page.get_by_text("Retiré", exact=True)).to_be_visible()


@pytest.mark.one_database
def test_going_back_to_a_section_after_a_withdrawal_loses_nothing(
    app: Flask, db_session: Session, browser_page: OpenPage
) -> None:
    clock(app)
    consulted(db_session, short(*QUESTIONS))
    emile = cast.emile(db_session)
    client = app.test_client()
    begin(client, emile)
    answer(client, 1, {"accord": "oui", "idee": "Une idée"})
    send(client)
    writing, leaving = browser_page(), browser_page()
    sign_in(writing, app, emile)
    sign_in(leaving, app, emile)
    writing.goto(f"{CONTRIBUTION}/1")
    leaving.goto(f"{CONTRIBUTION}/retirer")
    leaving.get_by_role("button", name="Retirer ma contribution").click()

    writing.get_by_label("Une idée").fill("Une autre idée")
    writing.get_by_role("button", name="Enregistrer et continuer").click()

    expect(writing).to_have_url(re.compile("/relire$"))
    expect(writing.get_by_text("Votre contribution est retirée")).to_be_visible()
    expect(writing.get_by_text("Une autre idée")).to_be_visible()
