"""Ask to be told of an opening: an address, a letter, a button. No account is needed."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.consultations.models import Consultation
from consultation.consultations.rules import phase
from consultation.consultations.views.desk import readable
from consultation.db import db
from consultation.invitations.actions import openings
from consultation.invitations.forms import OpeningForm
from consultation.invitations.models import OpeningRequest
from consultation.invitations.views.desk import blueprint, links
from consultation.tasks.queue import wake
from consultation.web.access import public
from consultation.web.frame import now, render
from consultation.web.limits import limiter
from consultation.web.refusals import refuse
from consultation.web.security import leave_out_of_search_engines
from consultation.web.typography import NBSP

FORGOTTEN = (
    f"Cette demande n’existe plus{NBSP}: votre adresse est effacée, rien ne vous est envoyé."
)


@blueprint.route("/consultations/<slug>/ouverture", methods=["GET", "POST"])
@public
@limiter.limit("10 per hour", methods=["POST"])
def ask_opening(slug: str) -> ResponseReturnValue:
    """Ask for an address, and send it a letter to confirm."""
    consultation = readable(slug)
    page = url_for("consultations.show", slug=slug)
    if phase(consultation, now()) != "coming":
        return redirect(page, 303)
    if request.method == "GET":
        return _asking(consultation, OpeningForm(None))
    form = OpeningForm()
    if not form.validate():
        return _asking(consultation, form), 422
    openings.ask(db.session, consultation, form.email.clean, links(), now())
    db.session.commit()
    wake("mail")
    flash(
        f"Un courriel part à l’adresse {form.email.clean}{NBSP}: ouvrez-le pour confirmer. "
        "Regardez aussi dans les courriers indésirables.",
        "ok",
    )
    return redirect(page, 303)


def _asking(consultation: Consultation, form: OpeningForm) -> str:
    return render(
        "invitations/ask_opening.html",
        consultation=consultation,
        form=form,
        errors=form.summary(),
    )


@blueprint.get("/ouverture/<int:number>/<key>")
@public
def show_opening(number: int, key: str) -> ResponseReturnValue:
    """Show the buttons that confirm and that renounce: opening a link changes nothing."""
    leave_out_of_search_engines()
    asked = _found(number, key)
    consultation = db.session.get_one(Consultation, asked.consultation_id)
    return render(
        "invitations/opening.html",
        asked=asked,
        consultation=consultation,
        coming=phase(consultation, now()) == "coming",
        key=key,
    )


@blueprint.post("/ouverture/<int:number>/<key>")
@public
def settle_opening(number: int, key: str) -> ResponseReturnValue:
    """Confirm, or renounce and be forgotten."""
    leave_out_of_search_engines()
    asked = _found(number, key)
    consultation = db.session.get_one(Consultation, asked.consultation_id)
    if request.form.get("choix") == "renoncer":
        openings.forget(db.session, [asked.id])
        db.session.commit()
        flash("C’est noté. Votre adresse est effacée.", "ok")
        return redirect(url_for("consultations.show", slug=consultation.slug), 303)
    openings.confirm(db.session, asked, consultation, now())
    db.session.commit()
    return redirect(request.path, 303)


def _found(number: int, key: str) -> OpeningRequest:
    if not links().wrote_opening(number, key):
        raise NotFound
    return db.session.get(OpeningRequest, number) or refuse(410, FORGOTTEN)
