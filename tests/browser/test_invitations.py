"""The invitations in a real browser: a telephone and an office screen, light and dark."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.invitations.models import Campaign, Contact, Sending
from consultation.territories.actions import load
from consultation.transparency.actions import extend
from consultation.transparency.rules import signing_key
from tests import cast
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage
from tests.browser.pictures import keep_picture
from tests.browser.visitors import sign_in
from tests.consultations.making import CLOSES, DURING, a_consultation
from tests.invitations.making import (
    campaign,
    contact,
    deliver,
    path_in,
    post,
    posted,
    to_server,
)

ROOT = "/espace/poles/invitations"
FILE = (
    "e-mail;nom;organisme;région;remarque\n"
    "contact@pole-des-tres-longs-noms-de-domaine.example.org;Zoé Lê;Pôle d’été;Bretagne;x\n"
    "sans-arobase.example.org;Jean;Pôle mal saisi;;\n"
    "deja@pole.example.org;;;Lotharingie;\n"
)
LONG = "direction.generale@agence-regionale-de-developpement.example.org"


@pytest.fixture
def consultation(app: Flask, db_session: Session) -> Consultation:
    """A consultation with a contact in each situation, and a campaign in each state."""
    app.extensions["clock"] = lambda: DURING
    load(db_session)
    made = a_consultation(db_session)
    contact(db_session, made, LONG, organisation="Agence régionale de développement économique")
    contact(db_session, made, "zoe@pole.example.org", name="Zoé Lê", siret="55210055400013")
    campaign(db_session, made)
    post(app)
    return made


def claire(db_session: Session, consultation: Consultation) -> User:
    return cast.claire(db_session, consultation.id)


def looked_at(page: Page, name: str) -> None:
    keep_picture(page, f"invitations-{name}", whole=True)
    assert_fits(page)
    assert_accessible(page)


def give_file(page: Page) -> None:
    page.goto(f"{ROOT}/importer")
    page.get_by_label("Fichier de contacts").set_input_files(
        {"name": "Pôles.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    )
    page.get_by_role("button", name="Voir ce que contient le fichier").click()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_can_be_read_by_everybody(
    app: Flask, db_session: Session, browser_page: OpenPage, consultation, width, theme
) -> None:
    letter = posted(db_session, "zoe@pole.example.org")[0].body
    link, leave = path_in(letter), path_in(letter, "desabonnement")
    deliver(app.extensions["settings"])
    person = db_session.scalars(select(Contact).where(Contact.email == LONG)).one()
    person.bounced_at, person.unsubscribed_at = DURING, DURING
    db_session.scalars(select(Sending)).first().state = "bounced"  # type: ignore[union-attr]
    reminder = campaign(db_session, consultation, "not_started", days_before=7, hour=9).id
    draft = campaign(db_session, consultation, "draft", planned=False).id
    page = browser_page(width=width, theme=theme)
    sign_in(page, app, claire(db_session, consultation))
    suffix = f"{width}{'d' if theme == 'dark' else ''}"
    paths = {
        "carnet": ROOT,
        "carnet-filtre": f"{ROOT}?etat=bounced",
        "ajouter": f"{ROOT}/ajouter",
        "importer": f"{ROOT}/importer",
        "contact": f"{ROOT}/contacts/{person.id}",
        "courriels": f"{ROOT}/courriels",
        "ecrire": f"{ROOT}/courriels/nouveau",
        "brouillon": f"{ROOT}/courriels/{draft}",
        "programme": f"{ROOT}/courriels/{reminder}",
        "regles": f"{ROOT}/reglages",
        "tableau": "/espace/poles",
        "lien-autre-compte": link,
        "lien-fini": "/invitation/inconnu",
        "desabonner": leave,
    }
    for name, path in paths.items():
        page.goto(path)
        looked_at(page, f"{name}-{suffix}")
    give_file(page)
    looked_at(page, f"apercu-{suffix}")
    page.goto(f"{ROOT}/courriels/nouveau")
    page.get_by_label("Objet").fill("")
    page.get_by_label("Quelques jours avant la clôture").check()
    page.get_by_role("button", name="Enregistrer et relire").click()
    page.get_by_role("alert").wait_for()
    looked_at(page, f"erreur-{suffix}")


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (390, "dark"), (1280, "light")])
def test_an_outage_and_the_register_can_be_read_by_everybody(
    app: Flask, db_session: Session, browser_page: OpenPage, consultation, width, theme
) -> None:
    deliver(to_server(app, 1))
    extend(db_session, signing_key("a secret"), CLOSES + timedelta(minutes=2))
    db_session.commit()
    page = browser_page(width=width, theme=theme)
    sign_in(page, app, claire(db_session, consultation))
    suffix = f"{width}{'d' if theme == 'dark' else ''}"
    for name, path in {"panne": f"{ROOT}/courriels", "registre": "/preuve"}.items():
        page.goto(path)
        looked_at(page, f"{name}-{suffix}")
    page.goto(f"{ROOT}/courriels")
    assert page.get_by_role("status").get_by_text("ne prend plus rien").is_visible()


def test_claire_plans_an_invitation_at_the_opening_with_the_keyboard_alone(
    app: Flask, db_session: Session, browser_page: OpenPage, consultation: Consultation
) -> None:
    consultation.opens_at = DURING + timedelta(days=3)
    db_session.commit()
    page = browser_page(width=1280, theme="light")
    sign_in(page, app, claire(db_session, consultation))
    page.goto(f"{ROOT}/courriels/nouveau")
    press_until(page, "Tab", "input[name=when]")
    page.keyboard.press("ArrowDown")
    press_until(page, "Tab", "main form button")
    page.keyboard.press("Enter")
    page.get_by_text("à l’ouverture").wait_for()
    press_until(page, "Tab", "main form[action$=programmer] button")
    page.keyboard.press("Enter")
    page.get_by_text("Envoi programmé").wait_for()
    made = db_session.scalars(select(Campaign).order_by(Campaign.id.desc())).first()
    assert made is not None and (made.state, made.at_opening) == ("scheduled", True)


def press_until(page: Page, key: str, selector: str, most: int = 60) -> None:
    """Press a key until what has the focus is found by ``selector``."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the keyboard never reaches {selector}")


def test_claire_invites_and_zoe_comes_in_without_javascript(
    app: Flask, db_session: Session, browser_page: OpenPage, consultation: Consultation
) -> None:
    page = browser_page(width=390, javascript=False)
    sign_in(page, app, claire(db_session, consultation))
    give_file(page)
    page.get_by_role("button", name="Ajouter 1").click()
    page.goto(f"{ROOT}/courriels/nouveau")
    page.get_by_label("À une date").check()
    page.get_by_label("Jour d’envoi").fill("2022-02-11")
    page.get_by_label("Heure d’envoi").fill("09:00")
    page.get_by_label("Dès que je l’envoie").check()
    page.get_by_role("button", name="Enregistrer et relire").click()
    page.get_by_role("button", name="Envoyer 1").click()
    db_session.rollback()
    post(app)
    address = "contact@pole-des-tres-longs-noms-de-domaine.example.org"
    link = path_in(posted(db_session, address)[0].body)

    visitor = browser_page(width=390, javascript=False)
    visitor.goto(link)
    visitor.get_by_role("button", name="Continuer").click()
    assert visitor.url.endswith("/consultations/poles")
    visitor.goto("/moi/profil")
    assert visitor.get_by_label("Nom de l’organisme").input_value() == "Pôle d’été"
    assert visitor.get_by_label("Région d’implantation").input_value() == "53"
