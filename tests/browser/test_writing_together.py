"""Three people, two browsers: who is there, a save by another, a signature, read by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.models import Assignment, Note
from consultation.consultations.models import Consultation
from consultation.questionnaires.queries import forget_compiled
from consultation.responses.models import CoAuthor, Response
from tests import cast
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage, Theme
from tests.browser.visitors import sign_in
from tests.coauthors.making import shared
from tests.coauthors.writing import address, karim, louise, post, visitor, write
from tests.responses.answers import COMPANY
from tests.responses.making import NOW, clock, poles

PROPOSAL = "Quelle est votre proposition principale"


@pytest.fixture
def nadia(app: Flask, db_session: Session) -> User:
    clock(app)
    return cast.nadia(db_session)


@pytest.fixture
def response(db_session: Session, nadia: User) -> Response:
    """The response of Nadia's company, that Louise and Karim write with her."""
    consultation: Consultation = poles(db_session)
    found = shared(db_session, consultation, nadia, louise(db_session), karim(db_session))
    forget_compiled()
    return found


@pytest.fixture
def hers(app: Flask, db_session: Session, nadia: User, browser_page: OpenPage) -> Iterator[Page]:
    page = browser_page()
    sign_in(page, app, nadia)
    yield page
    leave(page, db_session, nadia)


@pytest.fixture
def other(app: Flask, db_session: Session, browser_page: OpenPage) -> Iterator[Page]:
    page = browser_page(width=390)
    sign_in(page, app, louise(db_session))
    yield page
    leave(page, db_session, louise(db_session))


def leave(page: Page, session: Session, person: User) -> None:
    """Leave a section as people do, and wait for its last sign to be written."""
    page.goto("/aide")
    for _ in range(100):
        session.rollback()
        if not session.scalar(select(CoAuthor.section).where(CoAuthor.user_id == person.id)):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{person.display_name} is still there")


def test_two_pages_see_each_other_then_a_save_then_both_versions(
    response: Response, hers: Page, other: Page
) -> None:
    hers.goto(address(response, 8))
    expect(hers.locator("[data-here]")).to_have_text("")
    with other.expect_response("**/presence/8"):
        other.goto(address(response, 8))
    expect(other.locator("[data-here]")).to_have_text(
        "Nadia Benali écrit dans cette partie en ce moment"
    )
    hers.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(hers.locator("[data-here]")).to_contain_text("Louise Petit écrit")

    # Louise saves; the page of Nadia says so without taking the words she is typing.
    other.get_by_label(PROPOSAL).fill("De Louise")
    other.get_by_label(PROPOSAL).blur()
    expect(other.locator("[data-autosave]")).to_contain_text("Brouillon enregistré")
    mine = hers.get_by_label(PROPOSAL)
    mine.press_sequentially("De Nadia")
    hers.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(hers.get_by_text("Louise Petit a enregistré cette partie à 14")).to_be_visible()
    expect(mine).to_have_value("De Nadia")
    assert_accessible(hers)

    hers.get_by_role("link", name="Voir et comparer").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Une version plus récente existe")
    expect(hers.get_by_text("par Louise Petit")).to_be_visible()
    assert_accessible(hers)


def test_whoever_leaves_is_gone_at_once(
    db_session: Session, response: Response, nadia: User, hers: Page, other: Page
) -> None:
    with hers.expect_response("**/presence/8"):
        hers.goto(address(response, 8))
    other.goto(address(response, 8))
    expect(other.locator("[data-here]")).to_contain_text("Nadia Benali écrit")

    leave(hers, db_session, nadia)
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(other.locator("[data-here]")).to_have_text("")


def test_the_journey_of_three_without_a_script(
    app: Flask, db_session: Session, response: Response, nadia: User, browser_page: OpenPage
) -> None:
    writing = visitor(app, louise(db_session))
    for number in sorted(COMPANY):
        write(writing, response, number, COMPANY[number])
    page = browser_page(javascript=False)
    sign_in(page, app, karim(db_session))
    page.goto(address(response))
    page.get_by_role("link", name="Se répartir les parties").click()
    page.get_by_role("group", name="Partie 8").get_by_label("Louise Petit").check()
    page.get_by_role("button", name="Enregistrer la répartition").click()
    expect(page.get_by_text("Confiée à Louise")).to_be_visible()
    page.get_by_role("link", name="Écrire une note").click()
    page.get_by_label("À propos de").select_option(label="Toute la contribution")
    page.get_by_label("Votre note").fill("C'est prêt ?")
    page.get_by_role("button", name="Ajouter la note").click()
    expect(page.get_by_text("C'est prêt ?")).to_be_visible()
    page.goto(address(response, "relire"))
    page.get_by_role("button", name="Demander la signature").first.click()
    expect(page.get_by_text("Signature demandée").first).to_be_visible()

    signatory = browser_page(javascript=False)
    sign_in(signatory, app, nadia)
    signatory.goto(address(response, "relire"))
    signatory.get_by_role("button", name="Signer et envoyer").click()
    expect(signatory.get_by_role("link", name="Cochez la déclaration")).to_be_visible()
    signatory.get_by_label("Je suis habilité à répondre au nom de").check()
    signatory.get_by_role("button", name="Signer et envoyer").click()
    expect(signatory.get_by_text("Signée par Nadia Benali au nom de")).to_be_visible()
    page.goto(address(response, "recu"))
    expect(page.get_by_text("Signée par Nadia Benali au nom de")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_co_authors_can_be_read_by_everybody(
    app: Flask,
    db_session: Session,
    response: Response,
    nadia: User,
    browser_page: OpenPage,
    width: int,
    theme: Theme,
) -> None:
    writing, she = visitor(app, louise(db_session)), louise(db_session).id
    for target in ("section:contribution", "question:proposition"):
        db_session.add(Assignment(response_id=response.id, target=target, user_id=she))
        note = Note(response_id=response.id, author_id=she, target=target, written_at=NOW)
        note.text = "Une note assez longue pour occuper plusieurs lignes. " * 8
        db_session.add(note)
    db_session.commit()
    for number in sorted(COMPANY):
        write(writing, response, number, COMPANY[number])
    page = browser_page(width=width, theme=theme)
    sign_in(page, app, nadia)
    page.goto(address(response, "relire"))
    page.get_by_label("Je suis habilité à répondre au nom de").check()
    page.get_by_role("button", name="Signer et envoyer").click()
    clock(app, NOW + timedelta(minutes=3))
    write(writing, response, 8, {"proposition": "Une autre idée " * 20})
    post(writing, response, "signature")
    rests = ("", "?parties=miennes", 8, "relire", "recu", "repartition", "repartition/8", "notes")
    for rest in (*rests, "renvoyer"):
        where = address(response, rest) if str(rest)[:1] != "?" else address(response) + str(rest)
        page.goto(where)
        assert_accessible(page)
        assert_fits(page)
    page.get_by_role("button", name="Renvoyer avec cette note").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
