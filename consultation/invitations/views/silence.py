"""Unsubscribe, without signing in: one press on a page, or one press in the mail reader.

The address holds a secret and the cookies count for nothing: no token protects it, so that mail
readers can post to it (RFC 8058).
"""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.invitations.actions import silence
from consultation.invitations.models import Contact
from consultation.invitations.queries import person as person_queries
from consultation.invitations.views.desk import blueprint, links
from consultation.web.access import public
from consultation.web.frame import csrf, now, render
from consultation.web.refusals import refuse
from consultation.web.security import leave_out_of_search_engines
from consultation.web.typography import NBSP

CHOICES = ("consultation", "site", "reabonner")
"""What the buttons of the page post."""

GONE = f"Votre adresse n’est plus dans le carnet{NBSP}: plus aucun courriel ne vous est envoyé."


@blueprint.get("/desabonnement/<int:number>/<key>")
@public
def show_unsubscription(number: int, key: str) -> ResponseReturnValue:
    """Show the button that unsubscribes."""
    leave_out_of_search_engines()
    return _page(_contact(number, key), key)


@blueprint.post("/desabonnement/<int:number>/<key>")
@csrf.exempt
@public
def unsubscribe(number: int, key: str) -> ResponseReturnValue:
    """Unsubscribe, or subscribe again; a mail reader posts and reads the status only.

    A program that posts anything else, because it tries every address of a letter, changes nothing.
    """
    leave_out_of_search_engines()
    contact = _contact(number, key)
    choice, one_click = request.form.get("choix", ""), _one_click()
    if choice not in CHOICES and not one_click:
        return _page(contact, key), 422
    if choice == "reabonner" and not one_click:
        silence.resubscribe(db.session, contact, links(), now=now())
    else:
        everywhere = choice == "site"
        silence.unsubscribe(db.session, contact, links(), everywhere=everywhere, now=now())
    db.session.commit()
    if one_click:
        return "", 200, {"Content-Type": "text/plain; charset=utf-8"}
    if choice == "reabonner":
        flash("Vous êtes réabonné. Les prochains courriels vous parviennent à nouveau.", "ok")
    return redirect(request.path, 303)


def _one_click() -> bool:
    """Whether this is the post of RFC 8058; some mail readers forget to say that it is a form."""
    said = request.form.get("List-Unsubscribe") or request.get_data(as_text=True)[:100].strip()
    return said.lower().removeprefix("list-unsubscribe=") == "one-click"


def _page(contact: Contact, key: str) -> str:
    return render(
        "invitations/unsubscribe.html",
        contact=contact,
        consultation=db.session.get_one(Consultation, contact.consultation_id),
        everywhere=person_queries.silent_everywhere(
            db.session, links().address_hash(contact.email)
        ),
        key=key,
    )


def _contact(number: int, key: str) -> Contact:
    if not links().wrote(number, key):
        raise NotFound
    contact = person_queries.contact(db.session, number)
    if contact is None or not links().unsubscribes(number, contact.email, key):
        refuse(410, GONE)
    return contact
