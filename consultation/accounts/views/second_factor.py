"""The second factor: give it at the door, set it up."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consultation.accounts import attempts, entry, letters, queries, second_factor
from consultation.accounts.forms import SecondFactorForm
from consultation.accounts.models import User
from consultation.accounts.views import door
from consultation.accounts.views.desk import (
    after,
    blueprint,
    network,
    patience,
    too_many,
    vault,
)
from consultation.accounts.views.session import (
    check_address_proved,
    open_session,
)
from consultation.db import db
from consultation.mail.actions import post
from consultation.tasks.queue import wake
from consultation.web.access import public, requires
from consultation.web.frame import now, render

WRONG = "Code incorrect. Il change toutes les 30 secondes"
OVER = "Votre connexion a pris trop de temps. Recommencez."


@blueprint.route("/connexion/code", methods=["GET", "POST"])
@public
def give_second_factor() -> ResponseReturnValue:
    """Take the second factor of somebody who gave the first one."""
    pending = door.pending()
    if pending is None:
        return _start_again()
    user, by, path = pending
    if queries.credential(db.session, user.id, "totp") is None:
        return redirect(url_for("accounts.set_up_second_factor"), 303)
    form = SecondFactorForm()
    if request.method == "GET":
        return _door(form)
    if not form.validate():
        return _door(form, form.summary()), 422
    tries = _tries(user)
    until = attempts.waiting_until(db.session, vault().keys, tries, now())
    if until or not second_factor.check(db.session, vault(), user, form.code.data or "", now()):
        return _refused(form, tries, until)
    attempts.forget(db.session, vault().keys, tries[0])
    return _come_in(user, by, path)


def _tries(user: User) -> list[attempts.Try]:
    return [("second factor", str(user.id)), ("code from", network())]


def _refused(
    form: SecondFactorForm, tries: list[attempts.Try], until: datetime | None
) -> ResponseReturnValue:
    if until is None:
        until = attempts.count(db.session, vault().keys, tries, now())
        db.session.commit()
    form.code.errors = [patience(until).partition(",")[0] if until else WRONG]
    page = _door(form, form.summary())
    return too_many(page, until) if until else (page, 422)


def _come_in(user: User, by: str, path: str | None) -> ResponseReturnValue:
    entry.record_sign_in(db.session, user, now())
    db.session.commit()
    open_session(user, by=by, second_factor=True)
    return redirect(after(path), 303)


@blueprint.route("/connexion/double-authentification", methods=["GET", "POST"])
@public
def set_up_second_factor() -> ResponseReturnValue:
    """Set up a second factor, at the door or from one's own space."""
    check_address_proved()
    user = _who()
    if user is None:
        return _start_again()
    form = SecondFactorForm()
    if request.method == "GET":
        return _set_up(form, user)
    if not form.validate():
        return _set_up(form, user, form.summary()), 422
    codes = second_factor.enrol(db.session, vault(), user, _secret(), form.code.data or "", now())
    if codes is None:
        form.code.errors = [WRONG]
        return _set_up(form, user, form.summary()), 422
    return _done(user, codes)


def _who() -> User | None:
    """Return who may set up a factor: signed in, or at the door without one yet."""
    if current_user.is_authenticated:
        found: User = current_user._get_current_object()
        return found
    pending = door.pending()
    if pending is None or queries.credential(db.session, pending[0].id, "totp"):
        return None
    return pending[0]


def _secret() -> str:
    """Return the secret being set up in this session."""
    kept = session.get("enrolment")
    secret = vault().keys.decrypt("enrolment", kept) if isinstance(kept, str) else None
    if secret is None:
        secret = second_factor.new_secret()
        session["enrolment"] = vault().keys.encrypt("enrolment", secret)
    return secret


def _done(user: User, codes: list[str]) -> ResponseReturnValue:
    pending = door.pending()
    by, path = (pending[1], pending[2]) if pending else (session.get("by", "letter"), None)
    base = current_app.extensions["settings"].public_url
    subject, text = letters.second_factor_set_up(user.display_name, base)
    key = f"second-factor:{user.id}:{int(now().timestamp())}"
    post(db.session, key=key, to=user.email, subject=subject, text=text, now=now())
    entry.record_sign_in(db.session, user, now())
    db.session.commit()
    open_session(user, by=by, second_factor=True)
    wake("mail")
    return render("accounts/recovery_codes.html", codes=codes, next=after(path))


@blueprint.post("/moi/double-authentification/retirer")
@requires()
def remove_second_factor() -> ResponseReturnValue:
    """Do without a second factor, for somebody who needs none."""
    if current_user.staff:
        flash("Votre rôle demande une double authentification. Vous pouvez la refaire.", "warn")
    else:
        second_factor.remove(db.session, current_user._get_current_object(), now())
        db.session.commit()
        flash("Double authentification retirée.", "ok")
    return redirect(url_for("accounts.security"), 303)


def _start_again() -> ResponseReturnValue:
    flash(OVER, "warn")
    return redirect(url_for("accounts.sign_in"), 303)


def _door(form: SecondFactorForm, errors: list[tuple[str, str]] | None = None) -> str:
    return render("accounts/second_factor.html", form=form, errors=errors or [])


def _set_up(form: SecondFactorForm, user: User, errors: list[tuple[str, str]] | None = None) -> str:
    secret = _secret()
    return render(
        "accounts/set_up_second_factor.html",
        form=form,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        address=second_factor.address(secret, user),
        errors=errors or [],
    )
