"""The administrator's list of people and of their roles on the site."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consultation.accounts import actions, queries, second_factor
from consultation.accounts.forms import RoleForm
from consultation.accounts.models import User
from consultation.accounts.queries import Search
from consultation.accounts.rules.refusal import Refusal
from consultation.accounts.rules.roles import ROLES
from consultation.accounts.views.desk import blueprint
from consultation.accounts.views.paging import Paging
from consultation.db import db
from consultation.web.access import requires
from consultation.web.frame import now, render
from consultation.web.refusals import refuse


@blueprint.get("/administration/utilisateurs")
@requires("administrator", of="site")
def people() -> ResponseReturnValue:
    """List people, found by name, address or role."""
    role = request.args.get("role", "")
    search = Search(request.args.get("q", "").strip()[:200], role if role in ROLES else None)
    paging = Paging.asked(queries.count_people(db.session, search))
    found = queries.people(db.session, search, offset=paging.offset, limit=paging.size)
    return render(
        "accounts/people.html",
        people=found,
        credentials=queries.kinds_of_credentials(db.session, [user.id for user in found]),
        paging=paging,
        search=search,
        roles=ROLES,
    )


@blueprint.get("/administration/utilisateurs/<int:user_id>")
@requires("administrator", of="site")
def person(user_id: int) -> ResponseReturnValue:
    """Show one person and their roles."""
    return _page(_found(user_id))


@blueprint.post("/administration/utilisateurs/<int:user_id>/roles")
@requires("administrator", of="site")
def grant(user_id: int) -> ResponseReturnValue:
    """Give a role on the site."""
    user, role = _found(user_id), _role()
    given = actions.grant_role(db.session, user, role, None, actor_id=current_user.id, now=now())
    db.session.commit()
    said = "Rôle donné" if given else "Rôle déjà donné"
    flash(f"{said} : {ROLES[role]}.".replace(" :", "\u00a0:"), "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


@blueprint.post("/administration/utilisateurs/<int:user_id>/roles/retirer")
@requires("administrator", of="site")
def revoke(user_id: int) -> ResponseReturnValue:
    """Take back a role on the site."""
    user, role = _found(user_id), _role()
    try:
        actions.revoke_role(db.session, user, role, None, actor_id=current_user.id, now=now())
    except Refusal as refusal:
        db.session.rollback()
        return _page(_found(user_id), [("contenu", str(refusal))]), 422
    db.session.commit()
    flash(f"Rôle retiré : {ROLES[role]}.".replace(" :", "\u00a0:"), "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


@blueprint.post("/administration/utilisateurs/<int:user_id>/sessions")
@requires("administrator", of="site")
def end_sessions_of(user_id: int) -> ResponseReturnValue:
    """End every session of a person whose device is lost."""
    user = _found(user_id)
    actions.end_sessions(db.session, user, actor_id=current_user.id, now=now())
    db.session.commit()
    flash("Toutes ses sessions sont fermées.", "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


@blueprint.post("/administration/utilisateurs/<int:user_id>/double-authentification")
@requires("administrator", of="site")
def reset_second_factor_of(user_id: int) -> ResponseReturnValue:
    """Forget the second factor of a person who lost their telephone and their codes."""
    user = _found(user_id)
    second_factor.reset_by(db.session, user, actor_id=current_user.id, now=now())
    db.session.commit()
    flash("Double authentification réinitialisée. La personne la refait à sa connexion.", "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


def _found(user_id: int) -> User:
    return queries.by_id(db.session, user_id) or abort(404)


def _role() -> str:
    role = request.form.get("role", "")
    if role not in ROLES:
        refuse(400, "Choisissez un rôle de la liste.")
    return role


def _page(user: User, errors: list[tuple[str, str]] | None = None) -> str:
    return render(
        "accounts/person.html",
        person=user,
        form=RoleForm(None),
        roles=ROLES,
        kinds=queries.kinds_of_credentials(db.session, [user.id])[user.id],
        errors=errors or [],
    )
