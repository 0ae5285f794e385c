"""The address book: its list, adding and removing somebody, the page of each person."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from consultation.accounts.forms import choices
from consultation.accounts.views.paging import Paging
from consultation.consultations.forms import blame
from consultation.consultations.rules import Refused
from consultation.db import db
from consultation.invitations.actions import address_book, silence
from consultation.invitations.actions.links import revoke_link
from consultation.invitations.forms import ContactForm
from consultation.invitations.queries import book as book_queries
from consultation.invitations.queries import person as person_queries
from consultation.invitations.queries.book import Search
from consultation.invitations.queries.openings import waiting_for_opening
from consultation.invitations.views import wording
from consultation.invitations.views.desk import (
    ORGANISER,
    actor_pairs,
    blueprint,
    consultation,
    found_entry,
    here,
    links,
    person,
    region_pairs,
)
from consultation.web.frame import now, render
from consultation.web.typography import plural


@blueprint.get("/espace/<slug>/invitations")
@ORGANISER
def index(slug: str) -> ResponseReturnValue:
    """List the contacts, found by words or by state."""
    state = request.args.get("etat", "")
    search = Search(
        request.args.get("q", "").strip()[:200], state if state in book_queries.FILTERS else None
    )
    at = consultation()
    figures = book_queries.figures(book_queries.by_standing(db.session, at.id))
    narrowed = bool(search.text or search.state)
    total = book_queries.count_entries(db.session, at.id, search) if narrowed else figures.contacts
    paging = Paging.asked(total)
    return render(
        "invitations/index.html",
        consultation=at,
        figures=figures,
        entries=book_queries.entries(
            db.session, at.id, search, offset=paging.offset, limit=paging.size
        ),
        paging=paging,
        search=search,
        waiting=waiting_for_opening(db.session, at.id),
        words=wording,
    )


@blueprint.route("/espace/<slug>/invitations/ajouter", methods=["GET", "POST"])
@ORGANISER
def add(slug: str) -> ResponseReturnValue:
    """Add somebody by hand."""
    form = _form()
    if request.method == "POST" and form.validate():
        try:
            address_book.add_contact(
                db.session,
                consultation().id,
                form.contact(),
                links(),
                actor_id=person().id,
                now=now(),
            )
            db.session.commit()
            flash("Contact ajouté.", "ok")
            return redirect(here("index"), 303)
        except Refused as refused:
            db.session.rollback()
            blame(form, refused)
    page = render(
        "invitations/add.html", consultation=consultation(), form=form, errors=form.summary()
    )
    return page, 422 if request.method == "POST" else 200


def _form() -> ContactForm:
    form = ContactForm() if request.method == "POST" else ContactForm(None)
    form.actor_type.choices = choices(actor_pairs())
    form.region.choices = choices(region_pairs())
    return form


@blueprint.get("/espace/<slug>/invitations/contacts/<int:number>")
@ORGANISER
def contact(slug: str, number: int) -> ResponseReturnValue:
    """Show one person: what is known, what was sent, what came back."""
    entry = found_entry(number)
    return render(
        "invitations/contact.html",
        consultation=consultation(),
        entry=entry,
        log=person_queries.log(db.session, number),
        bounces=person_queries.bounces(db.session, number),
        link=person_queries.live_link(db.session, number),
        names={**dict(actor_pairs()), **dict(region_pairs())},
        words=wording,
    )


@blueprint.post("/espace/<slug>/invitations/contacts/<int:number>/retirer")
@ORGANISER
def remove(slug: str, number: int) -> ResponseReturnValue:
    """Remove somebody from the address book."""
    entry = found_entry(number)
    address_book.remove_contact(db.session, entry.contact, actor_id=person().id, now=now())
    db.session.commit()
    flash("Contact retiré. Son lien n’ouvre plus rien.", "ok")
    return redirect(here("index"), 303)


@blueprint.post("/espace/<slug>/invitations/contacts/<int:number>/revoquer")
@ORGANISER
def revoke(slug: str, number: int) -> ResponseReturnValue:
    """Revoke the personal link of somebody."""
    entry = found_entry(number)
    revoked = revoke_link(db.session, entry.contact, actor_id=person().id, now=now())
    db.session.commit()
    said = "Lien révoqué. Le prochain courriel en porte un autre."
    flash(said if revoked else "Ce contact n’a pas de lien en cours.", "ok" if revoked else "warn")
    return redirect(here("contact", number=number), 303)


@blueprint.post("/espace/<slug>/invitations/contacts/<int:number>/reessayer")
@ORGANISER
def try_again(slug: str, number: int) -> ResponseReturnValue:
    """Allow writing again to an address that was refused."""
    entry = found_entry(number)
    silence.try_again(db.session, consultation().id, entry.contact, actor_id=person().id, now=now())
    db.session.commit()
    flash("Les prochains courriels partent à nouveau à cette adresse.", "ok")
    return redirect(here("contact", number=number), 303)


@blueprint.post("/espace/<slug>/invitations/reessayer")
@ORGANISER
def try_all_again(slug: str) -> ResponseReturnValue:
    """Allow writing again to every address that was refused."""
    number = silence.try_again(db.session, consultation().id, None, actor_id=person().id, now=now())
    db.session.commit()
    flash(f"{plural(number, 'adresse', 'adresses')} à nouveau dans les prochains envois.", "ok")
    return redirect(here("index"), 303)
