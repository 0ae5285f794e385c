"""Come in with what a letter holds: its link, or its code typed on another device."""

from __future__ import annotations

from datetime import datetime

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from consultation.accounts import attempts, entry
from consultation.accounts.forms import CodeForm, LinkForm
from consultation.accounts.views import door
from consultation.accounts.views.desk import (
    blueprint,
    browser,
    destination,
    network,
    patience,
    too_many,
    vault,
)
from consultation.accounts.views.sign_in import come_in
from consultation.db import db
from consultation.web.access import public
from consultation.web.frame import now, render
from consultation.web.security import leave_out_of_search_engines

WRONG_CODE = "Ce code n’est pas le bon, ou il a plus de 15 minutes. Vérifiez le dernier courriel"
DROPPED = (
    "Le mot de passe choisi à l’inscription n’est pas gardé, car vous confirmez depuis un autre "
    "appareil. Choisissez-en un dans votre espace."
)


@blueprint.route("/connexion/envoye", methods=["GET", "POST"])
@public
def link_sent() -> ResponseReturnValue:
    """Say that a letter may have left, and check its code."""
    if request.method == "GET":
        return _page(_code_form(None))
    form = _code_form()
    return _check(form) if form.validate() else (_page(form, form.summary()), 422)


def _check(form: CodeForm) -> ResponseReturnValue:
    email = door.asked_email() or form.email.clean
    tries = [("code", email), ("code from", network())]
    until = attempts.waiting_until(db.session, vault().keys, tries, now())
    found = None if until else _used(email, form.code.clean)
    if found is None:
        return _refused(form, tries, until)
    attempts.forget(db.session, vault().keys, tries[0])
    return _come_in(found)


def _used(email: str, code: str) -> entry.Entry | None:
    return entry.use_code(db.session, vault(), email, code, browser(), now())


def _refused(
    form: CodeForm, tries: list[attempts.Try], until: datetime | None
) -> ResponseReturnValue:
    if until is None:
        until = attempts.count(db.session, vault().keys, tries, now())
        db.session.commit()
    form.code.errors = [patience(until) if until else WRONG_CODE]
    page = _page(form, form.summary())
    return too_many(page, until) if until else (page, 422)


@blueprint.route("/connexion/lien/<link>", methods=["GET", "POST"])
@public
def use_link(link: str) -> ResponseReturnValue:
    """Show the button that signs in: programs that open links in letters press nothing."""
    leave_out_of_search_engines()
    if request.method == "POST":
        found = entry.use_link(db.session, vault(), link, browser(), now())
        return _come_in(found) if found else _over()
    if entry.opens(db.session, vault(), link, now()):
        return render("accounts/link.html", link=link)
    return _over()


def _over() -> ResponseReturnValue:
    return render("accounts/link_over.html", link=LinkForm(None)), 410


def _come_in(found: entry.Entry) -> ResponseReturnValue:
    answer = come_in(found.user, by="letter", path=destination() or found.destination)
    if found.password_dropped:
        flash(DROPPED, "warn")
    return answer


def _code_form(*given: None) -> CodeForm:
    form = CodeForm(*given)
    if door.asked_email():
        del form.email
    return form


def _page(form: CodeForm, errors: list[tuple[str, str]] | None = None) -> str:
    return render(
        "accounts/link_sent.html",
        form=form,
        email=door.asked_email(),
        errors=errors or [],
        action=url_for("accounts.link_sent", suite=destination()),
        again=url_for("accounts.sign_in", suite=destination()),
    )
