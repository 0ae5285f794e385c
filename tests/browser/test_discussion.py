"""The pages of consultations, comments and moderation, in a real browser."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.comments.models import Comment
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.moderation.models import Claim, Decision, Report
from tests import cast
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage
from tests.browser.visitors import sign_in
from tests.comments.making import a_comment
from tests.consultations.making import DURING, a_consultation

QUEUE = "/espace/poles/moderation"
HOME = "/consultations/poles"


@pytest.fixture
def session(app: Flask):
    app.extensions["clock"] = lambda: DURING
    with app.app_context():
        yield db.session


@pytest.fixture
def poles(session: Session) -> Consultation:
    poles = a_consultation(session, target=100)
    emile, nadia = cast.emile(session), cast.nadia(session)
    root = a_comment(session, poles, nadia, "Un seul guichet.", position="favourable")
    a_comment(session, poles, emile, "Voir https://exemple.fr", parent_id=root.id)
    a_comment(session, poles, None, "…", state="removed", ground="insult", decided_at=DURING)
    a_comment(session, poles, emile, "Des incapables, M. Duval.", state="pending")
    a_comment(session, poles, nadia, "Un délai garanti.", state="pending")
    refused = a_comment(session, poles, emile, "Nuls.", state="refused", ground="insult")
    session.add_all(
        [
            Decision(
                consultation_id=poles.id,
                comment_id=refused.id,
                moderator_id=None,
                outcome="refused",
                grounds=["insult"],
                message="Ce mot blesse.",
                revision=1,
                decided_at=DURING,
                waited_seconds=300,
            ),
            Report(
                comment_id=root.id,
                consultation_id=poles.id,
                reporter_key="anonymous",
                reason="off_topic",
                text="Hors sujet",
                created_at=DURING,
            ),
        ]
    )
    session.commit()
    return poles


PUBLIC = ("/", "/?q=licorne", HOME, f"{HOME}/modalites", f"{HOME}/moderation")
EMILES = (
    HOME,
    f"{HOME}/commentaires",
    f"{HOME}/commentaires/1/repondre",
    "/commentaires/1/signaler",
    "/commentaires/6",
    "/commentaires/6/contester",
)
CLAIRES = (
    "/espace",
    "/espace/nouvelle",
    "/espace/poles",
    "/espace/poles/reglages",
    "/espace/poles/equipe",
    QUEUE,
)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_accessible_and_fits(
    app: Flask, session: Session, poles: Consultation, browser_page: OpenPage, width, theme
) -> None:
    claire = cast.claire(session)
    cast._granted(session, claire, "moderator", None)
    for user, paths in ((None, PUBLIC), (cast.emile(session), EMILES), (claire, CLAIRES)):
        page = browser_page(width=width, theme=theme)
        if user:
            sign_in(page, app, user)
        for path in paths:
            answer = page.goto(path)
            assert answer and answer.status == 200, path
            assert_accessible(page)
            assert_fits(page)


def moderating(app: Flask, session: Session, page: Page) -> Page:
    sign_in(page, app, cast.lea(session))
    page.goto(QUEUE)
    return page


def test_lea_moderates_with_the_keyboard_and_switches_the_keys_off(
    app: Flask, session: Session, poles: Consultation, browser_page: OpenPage
) -> None:
    page = moderating(app, session, browser_page())
    expect(page.get_by_text("vos collègues le voient")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_label("Demander une modification")).to_be_checked()
    page.keyboard.press("r")
    expect(page.get_by_label("Refuser")).to_be_checked()
    page.get_by_label("Message à l’auteur").fill("")
    page.get_by_label("Message à l’auteur").press("p")
    expect(page.get_by_label("Refuser")).to_be_checked()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.queue') !== null")
    page.get_by_role("button", name="Désactiver ces raccourcis").click()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("p")
    expect(page.get_by_label("Refuser")).to_be_checked()
    page.reload()
    expect(page.get_by_role("button", name="Activer les raccourcis clavier")).to_be_visible()
    assert session.scalar(select(func.count(Claim.comment_id))) == 1


def test_lea_moderates_without_javascript(
    app: Flask, session: Session, poles: Consultation, browser_page: OpenPage
) -> None:
    page = moderating(app, session, browser_page(javascript=False))
    page.get_by_role("link", name="Un délai garanti.").click()
    assert session.scalar(select(func.count(Claim.comment_id))) == 0
    page.get_by_role("button", name="Réserver l’examen").click()
    expect(page.get_by_text("Vous examinez ce commentaire")).to_be_visible()
    page.get_by_label("Publier").check()
    page.get_by_role("button", name="Enregistrer et passer au suivant").click()
    expect(page.get_by_role("status").first).to_contain_text("Publié.")
    session.expire_all()
    states = session.scalars(select(Comment.state).where(Comment.text == "Un délai garanti."))
    assert states.one() == "published"


def test_emile_comments_without_javascript(
    app: Flask, session: Session, poles: Consultation, browser_page: OpenPage
) -> None:
    page = browser_page(width=390, javascript=False)
    sign_in(page, app, cast.nadia(session))
    app.extensions["clock"] = lambda: DURING.replace(minute=5)
    page.goto(HOME)
    page.get_by_label("Réservé").check()
    page.get_by_label("Votre commentaire").fill("Un calendrier unique, s’il vous plaît.")
    page.get_by_role("button", name="Envoyer le commentaire").click()
    expect(page.get_by_text("En attente de modération").first).to_be_visible()
    assert "#commentaire-" in page.url
