"""What the pages of the room share: the blueprint, who may organise, the links, the words."""

from __future__ import annotations

from flask import Blueprint, current_app, g, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.accounts.models import User
from consultation.accounts.views.desk import vault
from consultation.audit.wording import describe
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.invitations.links import Links
from consultation.invitations.models import Campaign
from consultation.invitations.queries import book as book_queries
from consultation.invitations.queries import campaigns as campaigns_queries
from consultation.invitations.queries.book import Entry
from consultation.invitations.reading.line import Known
from consultation.settings import Settings
from consultation.territories.queries import regions
from consultation.territories.reading import actor_types
from consultation.web.access import requires

blueprint = Blueprint("invitations", __name__)
ORGANISER = requires("organiser", of="consultation")
ELSEWHERE = [("national", "National / plusieurs régions"), ("etranger", "Hors de France")]

describe(
    {
        "import_contacts": "a importé des contacts",
        "add_contact": "a ajouté un contact",
        "remove_contact": "a retiré un contact",
        "revoke_invitation": "a révoqué un lien personnel",
        "use_invitation": "a suivi son lien personnel",
        "unsubscribe": "s’est désabonné des invitations",
        "resubscribe": "s’est réabonné aux invitations",
        "retry_address": "a permis d’écrire à nouveau à des adresses",
        "create_campaign": "a préparé un envoi",
        "change_campaign": "a modifié un envoi",
        "schedule_campaign": "a programmé un envoi",
        "cancel_campaign": "a arrêté un envoi",
        "set_invitations": "a changé les règles d’invitation",
    }
)


def consultation() -> Consultation:
    """Return the consultation of the address."""
    found: Consultation = g.consultation
    return found


def person() -> User:
    """Return who is signed in."""
    found: User = current_user._get_current_object()
    return found


def links() -> Links:
    """Return what makes and recognises the links of letters."""
    settings: Settings = current_app.extensions["settings"]
    return Links(vault().keys, settings.public_url)


def region_pairs() -> list[tuple[str, str]]:
    """Return the regions that a contact may have: code and name."""
    return [*((region.code, region.name) for region in regions(db.session)), *ELSEWHERE]


def actor_pairs() -> list[tuple[str, str]]:
    """Return the types of actors that a contact may have: code and name."""
    return [(kind.code, kind.french) for kind in actor_types().values()]


def known() -> Known:
    """Return the words that a file of contacts may use."""
    return Known.of(actor_pairs(), region_pairs())


def found_entry(number: int) -> Entry:
    """Return a contact of the consultation, or a 404."""
    found = book_queries.entry(db.session, consultation().id, number)
    if found is None:
        raise NotFound
    return found


def found_campaign(number: int) -> Campaign:
    """Return a campaign of the consultation, or a 404."""
    found = campaigns_queries.campaign(db.session, consultation().id, number)
    if found is None:
        raise NotFound
    return found


def here(endpoint: str, **values: object) -> str:
    """Return the address of a page of this room for the consultation."""
    return url_for(f"invitations.{endpoint}", slug=consultation().slug, **values)  # type: ignore[arg-type]
