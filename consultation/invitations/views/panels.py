"""What the pages of a consultation show of its invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from consultation.accounts import known
from consultation.accounts.known import Known
from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.consultations.panels import register
from consultation.invitations.following import Campaigns
from consultation.invitations.people import awaited_openings, known_of
from consultation.invitations.queries import book as book_queries
from consultation.invitations.queries import campaigns as campaigns_queries
from consultation.invitations.queries.openings import waiting_for_opening
from consultation.mail import followers
from consultation.web.typography import NBSP, plural


def invitations(
    session: Session, consultation: Consultation, now: datetime
) -> dict[str, Any] | None:
    """Say how far the invited people went; nothing while the address book is empty."""
    figures = book_queries.figures(book_queries.by_standing(session, consultation.id))
    if not figures.contacts:
        return None
    return {
        "contacts": figures.contacts,
        "invited": figures.invited,
        "started": figures.started,
        "sent": figures.sent,
        "bounced": figures.bounced,
        "url": url_for("invitations.index", slug=consultation.slug),
    }


def admission(session: Session, consultation: Consultation, person: User) -> str | None:
    """Return why ``person`` may not begin a response, or ``None``."""
    if not campaigns_queries.keeps_out(session, consultation.id, person.id, person.email):
        return None
    contact = f", ou écrivez à {consultation.contact}" if consultation.contact else ""
    return (
        f"Cette consultation est réservée aux personnes invitées{NBSP}: "
        f"ouvrez le lien reçu par courriel{contact}."
    )


def opening(consultation: Consultation) -> str:
    """Return the address of the page where one asks to be told of the opening."""
    return url_for("invitations.ask_opening", slug=consultation.slug)


def waiting(session: Session, consultation: Consultation) -> int:
    """Count those who asked to be told of the opening."""
    return waiting_for_opening(session, consultation.id)


def kept(session: Session, user: User) -> Known:
    """Say what the address books keep about a person."""
    entries = known_of(session, user_id=user.id, email=user.email)
    messages = sum(len(entry["messages"]) for entry in entries)
    openings = awaited_openings(session, user.email)
    return Known(
        title="Vos invitations",
        lines=[
            ("Carnets d’adresses où vous figurez", plural(len(entries), "carnet", "carnets")),
            ("Invitations et relances", plural(messages, "courriel", "courriels")),
            ("Ouvertures que vous attendez", plural(len(openings), "demande", "demandes")),
        ],
        data={"contacts": entries, "openings": openings},
    )


known.register("invitations", kept, place=50)
register("invitations", invitations)
register("admission", admission)
register("opening", opening)
register("waiting_for_opening", waiting)
followers.register("invitation", Campaigns())
