"""How a consultation invites."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from consultation.db import db
from consultation.invitations.actions.settings import set_settings
from consultation.invitations.forms import SettingsForm
from consultation.invitations.queries import campaigns as campaigns_queries
from consultation.invitations.views.desk import ORGANISER, blueprint, consultation, here, person
from consultation.web.frame import now, render


@blueprint.route("/espace/<slug>/invitations/reglages", methods=["GET", "POST"])
@ORGANISER
def settings(slug: str) -> ResponseReturnValue:
    """Choose how fast letters leave and who may answer."""
    found = campaigns_queries.settings_of(db.session, consultation().id)
    if request.method == "GET":
        form = SettingsForm(None, obj=found)
        return render("invitations/settings.html", consultation=consultation(), form=form)
    form = SettingsForm()
    if not form.validate():
        page = render(
            "invitations/settings.html",
            consultation=consultation(),
            form=form,
            errors=form.summary(),
        )
        return page, 422
    set_settings(
        db.session,
        consultation().id,
        per_minute=form.per_minute.data or found.per_minute,
        invited_only=bool(form.invited_only.data),
        actor_id=person().id,
        now=now(),
    )
    db.session.commit()
    flash("Règles enregistrées.", "ok")
    return redirect(here("settings"), 303)
