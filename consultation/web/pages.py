"""The pages that the footer leads to: accessibility, personal data, legal notice, map, help."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from werkzeug.exceptions import HTTPException

from consultation.web import kept
from consultation.web.access import public
from consultation.web.cookies import cookie_name

ACCESSIBILITY_STATUS = "non conforme"
"""« totalement conforme », « partiellement conforme », or this one until an audit exists."""

SITE_MAP = (
    ("Consultations", (("Toutes les consultations", "/"), ("Vérifier un reçu", "/verifier"))),
    (
        "Votre compte",
        (
            ("Se connecter", "/connexion"),
            ("Créer un compte", "/inscription"),
            ("Mon espace", "/moi"),
            ("Mon profil", "/moi/profil"),
            ("Mes données", "/moi/donnees"),
            ("Espace organisateur", "/espace"),
        ),
    ),
    (
        "À propos du site",
        (
            ("Aide et contact", "/aide"),
            ("Accessibilité", "/accessibilite"),
            ("Données personnelles", "/donnees-personnelles"),
            ("Mentions légales", "/mentions-legales"),
        ),
    ),
)
"""Headings and their links: a label and a local path."""

blueprint = Blueprint("pages", __name__)


@blueprint.get("/accessibilite")
@public
def accessibility() -> str:
    """Show the accessibility statement."""
    return render_template("web/accessibility.html")


@blueprint.get("/donnees-personnelles")
@public
def personal_data() -> str:
    """Show what is known of people, why, and for how long."""
    return render_template(
        "web/personal_data.html",
        cookies=_cookies(),
        log_retention_days=current_app.extensions["settings"].log_retention_days,
    )


@blueprint.get("/mentions-legales")
@public
def legal_notice() -> str:
    """Show who publishes and who hosts the site."""
    return render_template("web/legal_notice.html")


@blueprint.get("/plan-du-site")
@public
def site_map() -> str:
    """Show the pages that can be reached without knowing a consultation."""
    sections = [
        (heading, [link for link in links if _exists(link[1])]) for heading, links in SITE_MAP
    ]
    return render_template("web/site_map.html", sections=sections)


@blueprint.get("/aide")
@public
def help_page() -> str:
    """Answer the usual questions and give the address of a person."""
    return render_template("web/help.html")


def _exists(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path)
    except HTTPException:
        return False
    return True


def _cookies() -> list[tuple[str, str, str]]:
    """Return every cookie that the site may set: name, role, life."""
    return [
        (
            current_app.config["SESSION_COOKIE_NAME"],
            "Garder votre connexion et protéger les formulaires",
            "Jusqu’à la fermeture du navigateur",
        ),
        (cookie_name("langue"), "Retenir la langue choisie", "Un an"),
        (cookie_name("theme"), "Retenir le thème choisi", "Un an"),
        (cookie_name(kept.COOKIE), "Vous rendre un texte après la connexion", "12\u00a0heures"),
    ]
