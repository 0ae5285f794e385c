"""One's own ways in: password, sessions."""

from __future__ import annotations

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consultation.accounts import actions, attempts, entry, letters, queries
from consultation.accounts.forms import NewPasswordForm
from consultation.accounts.hashing import TooBusyError
from consultation.accounts.rules.sessions import RECENT
from consultation.accounts.views.desk import blueprint, patience, too_many, vault
from consultation.accounts.views.session import (
    came_in_by_letter_since,
    check_address_proved,
    refresh_session,
)
from consultation.accounts.views.sign_in import BUSY
from consultation.db import db
from consultation.mail.actions import post
from consultation.tasks.queue import wake
from consultation.web.access import requires
from consultation.web.frame import now, render
from consultation.web.refusals import refuse

WRONG = "Ce n’est pas votre mot de passe actuel"


@blueprint.get("/moi/securite")
@requires()
def security() -> ResponseReturnValue:
    """Show the ways in."""
    kinds = queries.kinds_of_credentials(db.session, [current_user.id])[current_user.id]
    return render("accounts/security.html", kinds=kinds)


@blueprint.route("/moi/mot-de-passe", methods=["GET", "POST"])
@requires()
def password() -> ResponseReturnValue:
    """Choose a password, and end the other sessions."""
    check_address_proved()
    about = [current_user.display_name, current_user.email]
    form = NewPasswordForm(about, ask_current=_must_give_the_current_one())
    if request.method == "GET":
        return _page(form)
    if not form.validate():
        return _page(form, form.summary()), 422
    try:
        return _refusal(form) or _change(form.password.data or "")
    except TooBusyError:
        refuse(429, BUSY)


def _must_give_the_current_one() -> bool:
    if queries.credential(db.session, current_user.id, "password") is None:
        return False
    since = came_in_by_letter_since()
    return since is None or now() - since > RECENT


def _refusal(form: NewPasswordForm) -> ResponseReturnValue | None:
    if "current" not in form:
        return None
    tries = [("password", current_user.email)]
    until = attempts.waiting_until(db.session, vault().keys, tries, now())
    given = form.current.data or ""
    if until is None and entry.check_password(
        db.session, vault(), current_user.email, given, now()
    ):
        return None
    if until is None:
        until = attempts.count(db.session, vault().keys, tries, now())
        db.session.commit()
    form.current.errors = [patience(until) if until else WRONG]
    page = _page(form, form.summary())
    return too_many(page, until) if until else (page, 422)


def _change(chosen: str) -> ResponseReturnValue:
    user = current_user._get_current_object()
    actions.change_password(db.session, user, vault().hashing.hash(chosen), now())
    base = current_app.extensions["settings"].public_url
    subject, text = letters.password_changed(user.display_name, base)
    key = f"password-changed:{user.id}:{user.session_version}"
    post(db.session, key=key, to=user.email, subject=subject, text=text, now=now())
    db.session.commit()
    refresh_session(user)
    wake("mail")
    flash("Mot de passe enregistré. Vos autres appareils sont déconnectés.", "ok")
    return redirect(url_for("accounts.security"), 303)


@blueprint.post("/moi/sessions/fermer")
@requires()
def end_sessions() -> ResponseReturnValue:
    """End the sessions of every other device."""
    user = current_user._get_current_object()
    actions.end_sessions(db.session, user, actor_id=user.id, now=now())
    db.session.commit()
    refresh_session(user)
    flash("Vos autres appareils sont déconnectés.", "ok")
    return redirect(url_for("accounts.security"), 303)


def _page(form: NewPasswordForm, errors: list[tuple[str, str]] | None = None) -> str:
    return render("accounts/password.html", form=form, errors=errors or [])
