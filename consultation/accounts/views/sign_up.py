"""Create an account."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from consultation.accounts import attempts, entry
from consultation.accounts.forms import SignUpForm
from consultation.accounts.hashing import TooBusyError
from consultation.accounts.views import door
from consultation.accounts.views.desk import blueprint, destination, network, vault, visit
from consultation.accounts.views.sign_in import BUSY
from consultation.db import db
from consultation.tasks.queue import wake
from consultation.web.access import public
from consultation.web.frame import now, render
from consultation.web.refusals import refuse

FASTEST_SECONDS = 1
TOO_FAST = "Vérifiez ce que vous avez saisi, puis envoyez à nouveau"
TOO_MANY = "Beaucoup de comptes viennent d’être créés depuis votre réseau. Réessayez plus tard."


@blueprint.route("/inscription", methods=["GET", "POST"])
@public
def sign_up() -> ResponseReturnValue:
    """Create an account, to confirm by letter."""
    if request.method == "GET":
        session["shown"] = now().timestamp()
        return _page(SignUpForm(None))
    form = SignUpForm()
    return _create(form) if form.validate() else (_page(form, form.summary()), 422)


def _create(form: SignUpForm) -> ResponseReturnValue:
    if form.website.data:
        return redirect(door.waiting_page(), 303)
    if now().timestamp() - float(session.get("shown", 0)) < FASTEST_SECONDS:
        return _page(form, [("contenu", TOO_FAST)]), 422
    _count()
    _record(form)
    wake("mail")
    door.remember_asking(form.email.clean)
    return redirect(door.waiting_page(), 303)


def _count() -> None:
    tries = [("letter from", network())]
    if attempts.waiting_until(db.session, vault().keys, tries, now()):
        refuse(429, TOO_MANY)
    attempts.count(db.session, vault().keys, tries, now())


def _record(form: SignUpForm) -> None:
    try:
        entry.sign_up(
            db.session,
            vault(),
            visit(),
            email=form.email.clean,
            display_name=form.display_name.clean,
            password=form.password.data or None,
        )
        db.session.commit()
    except IntegrityError:
        # The same address, sent twice at the same moment: the other request does the work.
        db.session.rollback()
    except TooBusyError:
        refuse(429, BUSY)


def _page(form: SignUpForm, errors: list[tuple[str, str]] | None = None) -> str:
    return render(
        "accounts/sign_up.html",
        form=form,
        errors=errors or [],
        action=url_for("accounts.sign_up", suite=destination()),
    )
