"""The pages that the footer leads to: accessibility, personal data, legal notice, map, help."""

from __future__ import annotations

from flask import Blueprint, render_template

from consultation.web.access import public

ACCESSIBILITY_STATUS = "non conforme"
"""« totalement conforme », « partiellement conforme », or this one until an audit exists."""

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
    return render_template("web/personal_data.html")


@blueprint.get("/mentions-legales")
@public
def legal_notice() -> str:
    """Show who publishes and who hosts the site."""
    return render_template("web/legal_notice.html")


@blueprint.get("/plan-du-site")
@public
def site_map() -> str:
    """Show every kind of page."""
    return render_template("web/site_map.html")


@blueprint.get("/aide")
@public
def help_page() -> str:
    """Answer the usual questions and give the address of a person."""
    return render_template("web/help.html")
