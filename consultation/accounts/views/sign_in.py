"""Come in and go out: by a letter, by a password."""

from __future__ import annotations

from datetime import datetime

from flask import flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consultation.accounts import attempts, entry, queries
from consultation.accounts.forms import LinkForm, PasswordForm
from consultation.accounts.hashing import TooBusyError
from consultation.accounts.models import User
from consultation.accounts.views import door
from consultation.accounts.views.desk import (
    after,
    blueprint,
    destination,
    network,
    patience,
    too_many,
    vault,
    visit,
)
from consultation.accounts.views.session import open_session, second_factor_required
from consultation.db import db
from consultation.tasks.queue import wake
from consultation.web import kept
from consultation.web.access import public
from consultation.web.frame import now, render
from consultation.web.refusals import refuse

WRONG = "L’adresse électronique ou le mot de passe est incorrect"
BUSY = "Le service est très demandé. Attendez dix secondes, puis réessayez."


@blueprint.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Show both ways in; send a link, or check a password."""
    if request.method == "POST":
        by_password = "password" in request.form or "identifier" in request.form
        return _by_password(PasswordForm()) if by_password else _by_letter(LinkForm())
    if current_user.is_authenticated:
        return redirect(after(destination()), 303)
    return _page(LinkForm(None), PasswordForm(None))


def _by_letter(form: LinkForm) -> ResponseReturnValue:
    if not form.validate():
        return _page(form, PasswordForm(None), form.summary()), 422
    return send_letter(form.email.clean)


def send_letter(email: str) -> ResponseReturnValue:
    """Send a link to ``email``, unless one just left or this network asks too much."""
    if door.just_asked(email):
        flash("Attendez une minute avant de demander un autre lien.", "warn")
        return redirect(door.waiting_page(), 303)
    tries = [("letter from", network())]
    until = attempts.waiting_until(db.session, vault().keys, tries, now())
    if until:
        refuse(429, f"{patience(until).split('.')[0]}. Réessayez dans quelques minutes.")
    attempts.count(db.session, vault().keys, tries, now())
    entry.request_link(db.session, vault(), visit(), email)
    db.session.commit()
    wake("mail")
    door.remember_asking(email)
    return redirect(door.waiting_page(), 303)


def _by_password(form: PasswordForm) -> ResponseReturnValue:
    if not form.validate():
        return _page(LinkForm(None), form, form.summary()), 422
    email = form.identifier.clean
    tries = [("password", email), ("password from", network())]
    until = attempts.waiting_until(db.session, vault().keys, tries, now())
    user = None if until else _checked(email, form.password.data or "")
    if user is None:
        return _refused(form, tries, until)
    attempts.forget(db.session, vault().keys, tries[0])
    if user.email_confirmed_at is None:
        db.session.commit()
        return send_letter(email)
    return come_in(user, by="password", path=destination())


def _checked(email: str, password: str) -> User | None:
    try:
        return entry.check_password(db.session, vault(), email, password, now())
    except TooBusyError:
        refuse(429, BUSY)


def _refused(
    form: PasswordForm, tries: list[attempts.Try], until: datetime | None
) -> ResponseReturnValue:
    if until is None:
        until = attempts.count(db.session, vault().keys, tries, now())
        db.session.commit()
    sentence = patience(until) if until else WRONG
    form.password.errors = [sentence]
    page = _page(LinkForm(None), form, form.summary())
    return too_many(page, until) if until else (page, 422)


def come_in(user: User, *, by: str, path: str | None) -> ResponseReturnValue:
    """Open the session of ``user`` and lead them on; staff give a second factor first."""
    if needs_second_factor(user):
        db.session.commit()
        return door.ask_second_factor(user, by, path)
    entry.record_sign_in(db.session, user, now())
    db.session.commit()
    open_session(user, by=by)
    return redirect(after(path), 303)


def needs_second_factor(user: User) -> bool:
    """Whether a second factor is asked at the door, whatever the session before had given."""
    has_one = queries.credential(db.session, user.id, "totp") is not None
    return has_one or second_factor_required(user)


@blueprint.post("/deconnexion")
@public
def sign_out() -> ResponseReturnValue:
    """Close the session of this browser, and drop what it was keeping."""
    session.clear()
    flash("Vous êtes déconnecté.", "ok")
    return kept.forget(make_response(redirect("/", 303)))


def _page(
    link: LinkForm, password: PasswordForm, errors: list[tuple[str, str]] | None = None
) -> str:
    return render(
        "accounts/sign_in.html",
        link=link,
        password=password,
        errors=errors or [],
        action=url_for("accounts.sign_in", suite=destination()),
        sign_up=url_for("accounts.sign_up", suite=destination()),
    )
