"""Who works on a consultation."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.accounts import queries as people
from consultation.consultations.forms import ROLES, MemberForm, blame
from consultation.consultations.rules import Refused
from consultation.consultations.team import actions, queries
from consultation.consultations.views.desk import blueprint
from consultation.db import db
from consultation.web.access import requires
from consultation.web.frame import now, render
from consultation.web.limits import limiter
from consultation.web.refusals import refuse

TEAM_MAKERS = requires("organiser", "administrator", of="consultation")


@blueprint.get("/espace/<slug>/equipe")
@TEAM_MAKERS
def team(slug: str) -> ResponseReturnValue:
    """Show the team."""
    return _page(MemberForm(None))


@blueprint.post("/espace/<slug>/equipe")
@TEAM_MAKERS
@limiter.limit("60 per hour")
def add_member(slug: str) -> ResponseReturnValue:
    """Give a role to someone who has an account."""
    form = MemberForm()
    if form.validate():
        try:
            user = actions.welcome(
                db.session,
                g.consultation,
                form.address,
                form.role.data,
                actor_id=current_user.id,
                now=now(),
            )
            db.session.commit()
            flash(f"{user.display_name} rejoint l’équipe.", "ok")
            return _back(slug)
        except Refused as refused:
            db.session.rollback()
            blame(form, refused)
    return _page(form), 422


@blueprint.post("/espace/<slug>/equipe/<int:number>/retirer")
@TEAM_MAKERS
def remove_member(slug: str, number: int) -> ResponseReturnValue:
    """Take a role back."""
    user, role = people.by_id(db.session, number), request.form.get("role", "")
    if user is None or role not in ROLES:
        raise NotFound
    name = user.display_name
    try:
        taken = actions.dismiss(
            db.session, g.consultation, user, role, actor_id=current_user.id, now=now()
        )
    except Refused as refused:
        db.session.rollback()
        refuse(409, f"{refused.sentence}.")
    if not taken:
        raise NotFound
    db.session.commit()
    flash(f"{name} n’a plus le rôle {ROLES[role].lower()}.", "ok")
    still_here = any(
        current_user.holds(r, g.consultation.id) for r in ("organiser", "administrator")
    )
    return _back(slug) if still_here else redirect(url_for("consultations.workspace"), 303)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("consultations.team", slug=slug), 303)


def _page(form: MemberForm) -> str:
    return render(
        "consultations/team.html",
        consultation=g.consultation,
        form=form,
        errors=form.summary(),
        members=queries.members(db.session, g.consultation.id),
        roles=ROLES,
    )
