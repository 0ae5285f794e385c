"""Answering in a real browser: readable by everybody, saved as one types, even off line."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.questionnaires.queries import forget_compiled
from consultation.responses import actions, drafts
from consultation.responses.draft import Draft
from tests import cast
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage, Theme
from tests.browser.visitors import sign_in
from tests.responses.answers import COMPANY
from tests.responses.making import NOW, answer, clock, poles, section

CONTRIBUTION = "/consultations/poles/contribution"


@pytest.fixture
def consultation(app: Flask, db_session: Session) -> Consultation:
    clock(app)
    return poles(db_session)


@pytest.fixture
def nadia(db_session: Session, consultation: Consultation) -> User:
    """Nadia, whose response is begun."""
    person = cast.nadia(db_session)
    assert consultation.version_id is not None
    actions.start(
        db_session,
        consultation_id=consultation.id,
        version_id=consultation.version_id,
        user_id=person.id,
        now=NOW,
    )
    db_session.commit()
    forget_compiled()
    return person


def draft_of(session: Session, consultation: Consultation, person: User) -> Draft:
    session.commit()
    found = drafts.draft(session, consultation.id, person.id)
    assert found is not None
    return found


def saved(page: Page) -> None:
    """Wait for the script to say that the draft is saved."""
    words = page.locator("[data-autosave]")
    expect(words).to_contain_text(re.compile("Brouillon enregistré à 14.h.32"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_a_response_can_be_read_by_everybody(
    app: Flask, db_session: Session, nadia: User, browser_page: OpenPage, width: int, theme: Theme
) -> None:
    client = app.test_client()
    cast.sign_in(client, nadia)
    wrong = {**COMPANY[1], "effectif": "environ 250", "siret": "1", "secteur": ["aero", "zzz"]}
    answer(client, 1, wrong)
    page = browser_page(width=width, theme=theme)
    sign_in(page, app, nadia)
    for path in [*(section(n) for n in range(1, 9)), CONTRIBUTION, f"{CONTRIBUTION}/relire"]:
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    for number in sorted(COMPANY):
        answer(client, number, COMPANY[number])
    for path in [*(section(n) for n in range(1, 9)), f"{CONTRIBUTION}/relire", "/verifier"]:
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    page.goto(f"{CONTRIBUTION}/relire")
    page.get_by_role("button", name="Envoyer ma contribution").click()
    assert page.url.endswith("/recu")
    assert_accessible(page)
    assert_fits(page)


def test_both_versions_can_be_read_and_chosen_by_everybody(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page(javascript=False)
    sign_in(page, app, nadia)
    page.goto(section(8))
    page.get_by_label("Quelle est votre proposition principale").fill("Écrit ici")
    elsewhere = app.test_client()
    cast.sign_in(elsewhere, nadia)
    answer(elsewhere, 8, {"proposition": "Écrit ailleurs"})

    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Une version plus récente existe")
    page.get_by_label("Ce que vous venez de saisir").check()
    page.get_by_role("button", name="Enregistrer ces choix").click()

    assert page.url.endswith("/relire")
    answers = draft_of(db_session, consultation, nadia).answers
    assert answers["proposition"] == "Écrit ici"


def test_the_page_saves_by_itself_and_opens_what_an_answer_opens(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(2))
    expect(page.locator("#q-satisfaction")).to_be_hidden()

    page.get_by_label("Membre d’au moins un pôle").check()

    expect(page.locator("#q-satisfaction")).to_be_visible()
    saved(page)
    page.get_by_label("Chercher dans la liste").fill("vegepolys")
    expect(page.get_by_label("Végépolys Valley")).to_be_visible()
    expect(page.get_by_label("Aquimer")).to_be_hidden()
    page.get_by_label("Végépolys Valley").check()
    page.get_by_label("Je les découvre").check()
    expect(page.locator("#q-satisfaction")).to_be_hidden()
    answers = draft_of(db_session, consultation, nadia).answers
    assert answers == {"connaissance": "decouvre", "poles_membres": ["vegepolys-valley"]}


def test_nadia_ranks_without_leaving_the_page_nor_the_keyboard(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(3))
    page.evaluate("window.untouched = true")
    ranked = page.locator("#q-missions_rang ol li:not(.rank__none)")
    for place, value in enumerate(("rd", "europe"), 1):
        page.locator(f"button[value='add:{value}']").press("Enter")
        expect(ranked).to_have_count(place)

    page.locator("button[value='up:europe']").press("Enter")

    expect(ranked.first).to_contain_text("Projets et partenariats européens")
    assert page.evaluate("document.activeElement.value") == "down:europe"
    assert page.evaluate("window.untouched")
    answers = draft_of(db_session, consultation, nadia).answers
    assert answers["missions_rang"] == ["europe", "rd"]


def test_nadia_ranks_faster_than_the_network_and_every_press_counts(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(3))
    held: list[Route] = []
    page.route("**/contribution/3", lambda route: held.append(route), times=1)
    with page.expect_request("**/contribution/3"):
        page.locator("button[value='add:rd']").press("Enter")
    page.locator("button[value='add:europe']").press("Enter")
    held[0].continue_()

    ranked = page.locator("#q-missions_rang ol li:not(.rank__none)")
    expect(ranked).to_have_count(2)
    saved(page)
    answers = draft_of(db_session, consultation, nadia).answers
    assert answers["missions_rang"] == ["rd", "europe"]


def test_off_line_nothing_typed_is_lost_and_typing_goes_on(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(8))
    page.route("**/contribution/8", cut)
    proposal = page.get_by_label("Quelle est votre proposition principale")
    proposal.fill("Écrit pendant la coupure")
    proposal.blur()
    expect(page.locator("[data-autosave]")).to_contain_text(
        "Non enregistré, gardé sur cet appareil. Nouvelle tentative dans 30 s"
    )
    proposal.press_sequentially(" et après")
    assert "proposition" not in draft_of(db_session, consultation, nadia).answers

    page.unroute("**/contribution/8")
    page.reload()

    expect(proposal).to_have_value("Écrit pendant la coupure et après")
    saved(page)
    answers = draft_of(db_session, consultation, nadia).answers
    assert answers["proposition"] == "Écrit pendant la coupure et après"
    assert page.evaluate("localStorage.length") == 0


PROPOSAL = "Quelle est votre proposition principale"


@pytest.mark.parametrize("press", ["Enregistrer et continuer", "Revenir à la liste des parties"])
def test_off_line_a_button_or_a_link_leads_nowhere_and_says_why_beside_it(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
    press: str,
) -> None:
    page = browser_page(width=390)
    sign_in(page, app, nadia)
    page.goto(section(8))
    page.route("**/contribution/8", cut)
    page.get_by_label(PROPOSAL).fill("Écrit pendant la coupure")
    button = page.get_by_role("button", name=press).or_(page.get_by_role("link", name=press))
    button.first.click()

    expect(page.get_by_role("alert")).to_contain_text("gardé sur cet appareil")
    assert page.url.endswith(section(8))
    page.unroute("**/contribution/8")
    button.first.click()

    page.wait_for_url(re.compile("/relire$|/contribution$"))
    answers = draft_of(db_session, consultation, nadia).answers
    assert answers["proposition"] == "Écrit pendant la coupure"
    page.goto(section(8))
    assert page.evaluate("localStorage.length") == 0


def test_a_window_closed_while_its_save_is_on_the_way_loses_nothing(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(8))
    page.route("**/contribution/8", lambda route: None if posts(route) else route.continue_())
    with page.expect_request(lambda request: request.method == "POST" and "/8" in request.url):
        page.get_by_label(PROPOSAL).fill("Écrit juste avant")
        page.get_by_label(PROPOSAL).blur()
    again = page.context.new_page()
    page.close()

    again.goto(section(8))

    expect(again.get_by_label(PROPOSAL)).to_have_value("Écrit juste avant")
    saved(again)
    answers = draft_of(db_session, consultation, nadia).answers
    assert answers["proposition"] == "Écrit juste avant"


def test_a_window_closed_while_typing_sends_what_was_typed(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(8))
    page.get_by_label(PROPOSAL).press_sequentially("Écrit en partant")
    other = page.context.new_page()
    page.close()

    for _ in range(100):
        if draft_of(db_session, consultation, nadia).answers.get("proposition"):
            break
        other.wait_for_timeout(50)
    answers = draft_of(db_session, consultation, nadia).answers
    assert answers["proposition"] == "Écrit en partant"
    other.goto(section(8))
    expect(other.get_by_label(PROPOSAL)).to_have_value("Écrit en partant")
    saved(other)


def test_an_answer_lost_on_the_way_back_is_no_version_of_somebody_else(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(8))

    def deaf(route: Route) -> None:
        if posts(route):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/contribution/8", deaf)
    proposal = page.get_by_label(PROPOSAL)
    proposal.fill("Pris par le serveur")
    proposal.blur()
    expect(page.locator("[data-autosave]")).to_contain_text("gardé sur cet appareil")
    page.unroute("**/contribution/8")
    proposal.press_sequentially(", puis continué")
    page.get_by_role("button", name="Enregistrer et continuer").click()

    page.wait_for_url("**/relire")
    answers = draft_of(db_session, consultation, nadia).answers
    assert answers["proposition"] == "Pris par le serveur, puis continué"


@pytest.mark.parametrize("kept", ["Ce qui est enregistré", "Abandonner ma saisie"])
def test_a_version_that_was_not_chosen_does_not_come_back(
    app: Flask, nadia: User, consultation: Consultation, browser_page: OpenPage, kept: str
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(8))
    elsewhere = app.test_client()
    cast.sign_in(elsewhere, nadia)
    answer(elsewhere, 8, {"proposition": "Écrit ailleurs"})
    proposal = page.get_by_label(PROPOSAL)
    proposal.fill("Écrit ici")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Une version plus récente existe")

    if kept.startswith("Abandonner"):
        page.get_by_role("link", name=kept).click()
    else:
        page.get_by_label(kept).check()
        page.get_by_role("button", name="Enregistrer ces choix").click()
    page.goto(section(8))

    expect(proposal).to_have_value("Écrit ailleurs")
    assert page.evaluate("localStorage.length") == 0


def test_two_windows_of_one_section_put_their_answers_together_as_they_save(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(8))
    elsewhere = app.test_client()
    cast.sign_in(elsewhere, nadia)
    answer(elsewhere, 8, {"suite": "oui"})
    proposal = page.get_by_label(PROPOSAL)
    proposal.fill("Écrit ici")
    proposal.blur()

    words = page.locator("[data-autosave]")
    expect(words).to_contain_text("Une réponse enregistrée entre-temps est reprise")
    expect(page.locator("#q-suite input[value=oui]")).to_be_checked()
    expect(proposal).to_have_value("Écrit ici")
    answers = draft_of(db_session, consultation, nadia).answers
    assert (answers["proposition"], answers["suite"]) == ("Écrit ici", "oui")


def posts(route: Route) -> bool:
    return route.request.method == "POST"


def cut(route: Route) -> None:
    """Cut the line for what is sent, not for what is read."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def test_when_the_session_is_over_the_page_says_so_and_keeps_the_words(
    app: Flask, nadia: User, consultation: Consultation, browser_page: OpenPage
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(8))
    page.context.clear_cookies()
    proposal = page.get_by_label("Quelle est votre proposition principale")
    proposal.fill("Écrit trop tard")
    proposal.blur()

    expect(page.locator("[data-autosave]")).to_contain_text("Connectez-vous")
    sign_in(page, app, nadia)
    page.goto(section(8))
    expect(proposal).to_have_value("Écrit trop tard")
    saved(page)


def test_a_newer_version_stops_the_script_and_the_button_compares(
    app: Flask, nadia: User, consultation: Consultation, browser_page: OpenPage
) -> None:
    page = browser_page()
    sign_in(page, app, nadia)
    page.goto(section(8))
    elsewhere = app.test_client()
    cast.sign_in(elsewhere, nadia)
    answer(elsewhere, 8, {"proposition": "Écrit ailleurs"})
    proposal = page.get_by_label("Quelle est votre proposition principale")
    proposal.fill("Écrit ici")
    proposal.blur()

    expect(page.locator("[data-autosave]")).to_contain_text("Une version plus récente existe")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Une version plus récente existe")


def test_without_a_script_the_return_key_saves_and_stays(
    app: Flask,
    db_session: Session,
    consultation: Consultation,
    nadia: User,
    browser_page: OpenPage,
) -> None:
    page = browser_page(javascript=False)
    sign_in(page, app, nadia)
    page.goto(section(4))
    page.get_by_label("Réduire").or_(page.locator("[value=moins]")).first.check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_text("Votre réponse ouvre 2")).to_be_visible()
    page.get_by_label("Quel nombre vous paraît adapté").fill("40")
    page.get_by_label("Quel nombre vous paraît adapté").press("Enter")

    assert page.url.split("#")[0].endswith(section(4))
    assert draft_of(db_session, consultation, nadia).answers["nombre_cible"] == 40
