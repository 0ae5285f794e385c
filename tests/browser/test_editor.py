"""The editor in a real browser: a telephone and an office screen, light and dark."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests import cast
from tests.authoring.making import EDITOR, address, change, question
from tests.browser.accessibility import assert_accessible, assert_fits
from tests.browser.conftest import OpenPage
from tests.browser.pictures import keep_picture
from tests.browser.visitors import sign_in
from tests.responses.making import answer, begin, clock, consulted, poles, short
from tests.responses.making import form_of as response_form

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
        looked_at(page, f"{name}-{width}{'d' if theme == 'dark' else ''}")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_claire_reads_what_is_wrong_and_what_somebody_else_wrote(
    app: Flask, db_session: Session, browser_page: OpenPage, claire, width, theme
) -> None:
    page = opened(app, browser_page, claire, width=width, theme=theme)
    suffix = f"{width}{'d' if theme == 'dark' else ''}"
    wrong_expression(page)
    looked_at(page, f"editeur-erreur-{suffix}")

    wrong_option(page)
    looked_at(page, f"editeur-option-{suffix}")
    hostile_file(page)
    looked_at(page, f"editeur-fichier-{suffix}")

    page.goto(question("mandat"))
    other = app.test_client()
    cast.sign_in(other, cast._granted(db_session, cast.awa(db_session), "organiser", None))
    change(other, question("mandat"), {"label": "Engagez-vous votre organisme", "required": None})
    page.get_by_label("Intitulé").fill("Parlez-vous pour votre organisme\u00a0?")
    page.get_by_role("button", name="Enregistrer la question").click()
    page.get_by_role("heading", name="Une version plus récente existe").wait_for()
    looked_at(page, f"editeur-conflit-{suffix}")

    page.goto(address("depart"))
    page.get_by_label("Texte du questionnaire").fill(PASTED)
    page.get_by_role("button", name="Lire ce texte").click()
    page.get_by_role("heading", name="Ce qui a été compris").wait_for()
    looked_at(page, f"editeur-rapport-{suffix}")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_claire_says_what_changes_and_emile_reads_it(
    app: Flask, db_session: Session, browser_page: OpenPage, width, theme
) -> None:
    suffix = f"{width}{'d' if theme == 'dark' else ''}"
    clock(app)
    consultation = consulted(db_session, AGREEMENT)
    answered(app, db_session)
    page = opened(
        app, browser_page, cast.claire(db_session, consultation.id), width=width, theme=theme
    )
    page.goto(question("accord"))
    page.get_by_label("Options", exact=True).fill("Oui, même payant\nNon")
    page.get_by_role("button", name="Enregistrer la question").click()
    page.goto(address("publier"))
    page.get_by_label("renommée").check()
    looked_at(page, f"editeur-sens-{suffix}")
    page.get_by_role("button", name="Publier la version 2").click()
    page.get_by_text("Version 2 publiée.").wait_for()

    emile = opened(app, browser_page, cast.emile(db_session), width=width, theme=theme)
    emile.goto("/consultations/poles/contribution")
    emile.get_by_text("confirmez votre réponse").wait_for()
    looked_at(emile, f"confirmer-{suffix}")
    emile.goto("/consultations/poles")
    emile.get_by_role("heading", name="Changements").wait_for()
    looked_at(emile, f"consultation-changements-{suffix}")


def test_claire_writes_a_question_without_javascript(
    app: Flask, browser_page: OpenPage, claire
) -> None:
    page = opened(app, browser_page, claire, width=390, javascript=False)
    page.goto(address("parties", "missions"))
    page.get_by_role("button", name="Question", exact=True).click()
    page.get_by_label("Intitulé").fill("Quelle mission préférez-vous\u00a0?")
    page.get_by_label("Options", exact=True).fill("- Recherche\n- Formation\nAutre")
    page.get_by_role("button", name="Enregistrer la question").click()
    page.get_by_role("button", name="Régler chaque ligne").click()
    page.get_by_role("group", name="Autre").get_by_label("Texte à préciser").check()
    page.get_by_role("button", name="Enregistrer la question").click()
    preview = page.locator(".preview")
    preview.get_by_text("Autre").click()
    assert preview.get_by_label("Précisez votre réponse").is_visible()
    assert "Quelle mission préférez-vous" in preview.inner_text()


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (question("instances"), "Réponses au maximum"),
        (EDITOR, "Titre"),
        (f"{address('listes', 'echelle', 'agreement5')}?lignes=1", "Affichée si"),
    ],
)
def test_claire_presses_enter_in_a_field_and_only_saves(
    app: Flask, browser_page: OpenPage, claire, path, field
) -> None:
    page = opened(app, browser_page, claire)
    page.goto(path)
    page.get_by_label(field, exact=True).first.press("Enter")
    page.get_by_text("Rien n’a changé.").wait_for()
    assert page.url.endswith(path.partition("?")[0])


def wrong_expression(page: Page) -> None:
    page.goto(question("mandat"))
    page.get_by_text("Modifier l’expression").click()
    page.get_by_label("Expression", exact=True).fill("acteur = 'region' and selected(secteur, 'x')")
    page.get_by_role("button", name="Enregistrer la question").click()
    page.get_by_role("alert").wait_for()


def wrong_option(page: Page) -> None:
    page.goto(f"{question('nombre_poles')}?lignes=1")
    option = page.get_by_role("group", name="Rester stable")
    option.get_by_label("Affichée si").fill("acteur = 'region'")
    page.get_by_role("button", name="Enregistrer la question").click()
    page.get_by_role("alert").wait_for()


def hostile_file(page: Page) -> None:
    old = {"name": "ancien.xlsx", "mimeType": "", "buffer": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
    page.goto(address("depart"))
    page.get_by_label("Fichier", exact=True).set_input_files(old)  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire ce fichier").click()
    page.get_by_role("alert").wait_for()


AGREEMENT = short(
    {
        "kind": "single",
        "key": "accord",
        "label": {"fr": "Êtes-vous d’accord ?"},
        "why": {"fr": "Pour savoir s’il faut continuer."},
        "options": [{"value": v, "label": {"fr": v.title()}} for v in ("oui", "non")],
    }
)


def answered(app: Flask, db_session: Session) -> None:
    """Émile agrees and sends."""
    client = app.test_client()
    begin(client, cast.emile(db_session))
    answer(client, 1, {"accord": "oui"})
    check = client.get("/consultations/poles/contribution/relire")
    form = response_form(check, "_etat")
    client.post("/consultations/poles/contribution/envoyer", data=form.fields)


def looked_at(page: Page, name: str) -> None:
    assert_accessible(page)
    assert_fits(page)
    keep_picture(page, name, whole=True)


PASTED = """Enquête sur les pôles
1. Êtes-vous membre d’un pôle ?
- Oui
- Non
2. Que faut-il améliorer ? (facultatif)
"""


def edit_a_label(page: Page) -> None:
    page.goto(question("instances"))
    page.get_by_label("Intitulé").fill("Qui doit siéger dans la gouvernance d’un pôle\u00a0?")
    page.get_by_role("button", name="Enregistrer la question").click()
    page.get_by_text("Question enregistrée.").wait_for()
