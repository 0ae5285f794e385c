"""One's own space: contributions, profile."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consultation.accounts import actions
from consultation.accounts.actions import OrganisationProfile
from consultation.accounts.forms import ProfileForm, choices
from consultation.accounts.notices import is_unread, notices
from consultation.accounts.panels import panels_of
from consultation.accounts.views.desk import SPACE, after, blueprint, destination
from consultation.db import db
from consultation.territories.queries import regions
from consultation.territories.reading import INDIVIDUAL, actor_types
from consultation.web.access import requires
from consultation.web.frame import now, render
from consultation.web.kept import refills, waiting_for

FIRST = 3
"""Notices shown in the space itself."""

MOST_UNREAD = 50
"""Beyond this many, unread notices are not counted one by one."""

ELSEWHERE = [("national", "National / plusieurs régions"), ("etranger", "Hors de France")]


@blueprint.get(SPACE)
@requires()
def space() -> ResponseReturnValue:
    """Show everything that is one's own."""
    moment = now()
    latest = notices(db.session, current_user, moment, limit=MOST_UNREAD + 1)
    unread = [notice for notice in latest if is_unread(notice, current_user)]
    return render(
        "accounts/space.html",
        panels=panels_of(db.session, current_user, moment),
        latest=latest[:FIRST],
        unread=len(unread),
        most=MOST_UNREAD,
        is_unread=is_unread,
    )


@blueprint.route("/moi/profil", methods=["GET", "POST"])
@refills
@requires()
def profile() -> ResponseReturnValue:
    """Say who one is and for whom one answers."""
    form = _form()
    if request.method == "GET":
        return render("accounts/profile.html", form=form, errors=[])
    if not form.validate():
        return render("accounts/profile.html", form=form, errors=form.summary()), 422
    _save(form)
    flash("Profil enregistré.", "ok")
    return redirect(after(destination()), 303)


def _save(form: ProfileForm) -> None:
    alone = form.actor_type.data == INDIVIDUAL
    organisation = OrganisationProfile(
        name=form.organisation.data or "",
        size=form.size.data or None,
        siret=form.siret.clean or None,
    )
    actions.change_profile(
        db.session,
        current_user,
        display_name=form.display_name.clean,
        actor_type=form.actor_type.data,
        region_code=form.region.data,
        organisation=None if alone else organisation,
        now=now(),
    )
    db.session.commit()


def _form() -> ProfileForm:
    """Return the form as posted, as left by a session that ended, or as recorded."""
    posted = request.form if request.method == "POST" else waiting_for(request.path)
    form = ProfileForm(posted, data=_recorded())
    form.actor_type.choices = choices((k.code, k.french) for k in actor_types().values())
    known = [(region.code, region.name) for region in regions(db.session)]
    form.region.choices = choices([*known, *ELSEWHERE])
    return form


def _recorded() -> dict[str, str | None]:
    organisation = current_user.organisation
    return {
        "display_name": current_user.display_name,
        "actor_type": current_user.actor_type or "",
        "region": current_user.region_code or "",
        "organisation": organisation.name if organisation else "",
        "size": (organisation.size or "") if organisation else "",
        "siret": (organisation.siret or "") if organisation else "",
    }
