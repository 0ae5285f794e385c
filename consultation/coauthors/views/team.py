"""The page of a team: who writes, who signs, who is invited, who asks, who may come."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from consultation.coauthors import letters
from consultation.coauthors.actions import joining
from consultation.coauthors.forms import ROLES, DomainForm, InviteForm
from consultation.coauthors.queries import team as queries
from consultation.coauthors.rules.joining import clean_domain
from consultation.coauthors.views.desk import (
    ONE,
    about,
    blueprint,
    co_author,
    public_url,
    scene,
    signatory,
    team_url,
    write,
)
from consultation.consultations.forms import blame
from consultation.consultations.rules import Refused
from consultation.db import db
from consultation.responses.draft import Draft, Shared
from consultation.responses.views.desk import Desk, user
from consultation.tasks.queue import wake
from consultation.web.access import requires
from consultation.web.frame import render
from consultation.web.limits import limiter
from consultation.web.refusals import refuse

ENTRIES = {
    "founder": "a ouvert cette contribution",
    "domain": "par le domaine de son adresse",
    "invitation": "par une invitation",
    "request": "à sa demande",
    "merger": "par la réunion de deux organismes",
    "team": "désigné par l’organisateur",
}
GONE = "Cette personne n’attend plus. Regardez la liste à nouveau."


@blueprint.get(f"{ONE}/equipe")
@requires(of="consultation")
def team(slug: str, shared: int) -> ResponseReturnValue:
    """Show the team; signatories see how to compose it."""
    at, draft, organisation = co_author(shared)
    if organisation.merged_into is not None:
        return redirect(team_url(slug, organisation.merged_into))
    return page(at, draft, organisation)


@blueprint.post(f"{ONE}/equipe/inviter")
@requires(of="consultation")
@limiter.limit("60 per hour")
def invite(slug: str, shared: int) -> ResponseReturnValue:
    """Invite an address to write."""
    at, draft, organisation = signatory(shared)
    form = InviteForm()
    if form.validate():
        try:
            sent = joining.invite(db.session, scene(at), form.email.clean, form.role.data)
            _post(at, organisation, sent, form.role.data)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            blame(form, refused)
        else:
            wake("mail")
            flash(f"Invitation envoyée à {form.email.clean}.", "ok")
            return _back(at)
    return page(at, draft, organisation, invite_form=form), 422


@blueprint.post(f"{ONE}/equipe/invitations/<int:number>/renvoyer")
@requires(of="consultation")
@limiter.limit("60 per hour")
def invite_again(slug: str, shared: int, number: int) -> ResponseReturnValue:
    """Send an invitation again, with a new link."""
    at, _draft, organisation = signatory(shared)
    found = queries.invitation(db.session, shared, number)
    if found is None:
        refuse(409, GONE)
    sent = joining.invite_again(db.session, scene(at), found)
    _post(at, organisation, sent, found.role)
    db.session.commit()
    wake("mail")
    flash(f"Invitation envoyée à nouveau à {sent.email}. Le lien précédent ne sert plus.", "ok")
    return _back(at)


@blueprint.post(f"{ONE}/equipe/invitations/<int:number>/revoquer")
@requires(of="consultation")
def revoke(slug: str, shared: int, number: int) -> ResponseReturnValue:
    """Take an invitation back."""
    at, _draft, _organisation = signatory(shared)
    found = queries.invitation(db.session, shared, number)
    if found is None:
        refuse(409, GONE)
    joining.revoke(db.session, scene(at), found)
    db.session.commit()
    flash("Invitation révoquée. Son lien n’ouvre plus rien.", "ok")
    return _back(at)


@blueprint.post(f"{ONE}/equipe/demandes/<int:person>/accepter")
@requires(of="consultation")
def grant(slug: str, shared: int, person: int) -> ResponseReturnValue:
    """Accept somebody who asked to join."""
    at, _draft, organisation = signatory(shared)
    asked = _request(shared, person)
    try:
        granted = joining.grant(db.session, scene(at), person)
    except Refused as refused:
        db.session.rollback()
        refuse(409, refused.sentence)
    if granted:
        write(
            shared,
            f"accepted:{person}",
            asked.email,
            letters.accepted(about(at, organisation.name, at.url("tasks"))),
        )
    db.session.commit()
    wake("mail")
    flash(f"{asked.name} participe à la contribution.", "ok")
    return _back(at)


@blueprint.post(f"{ONE}/equipe/demandes/<int:person>/decliner")
@requires(of="consultation")
def decline(slug: str, shared: int, person: int) -> ResponseReturnValue:
    """Decline a request."""
    at, _draft, organisation = signatory(shared)
    asked = _request(shared, person)
    if joining.decline(db.session, scene(at), person):
        letter = letters.declined(about(at, organisation.name, f"/consultations/{slug}"))
        write(shared, f"declined:{person}", asked.email, letter)
    db.session.commit()
    wake("mail")
    flash("Demande déclinée.", "ok")
    return _back(at)


@blueprint.post(f"{ONE}/equipe/domaine")
@requires(of="consultation")
def set_domain(slug: str, shared: int) -> ResponseReturnValue:
    """Choose whose address opens the response."""
    at, draft, organisation = signatory(shared)
    form = DomainForm()
    if form.validate():
        try:
            joining.set_domain(db.session, scene(at), clean_domain(form.domain.data or ""))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            blame(form, refused)
        else:
            flash("Domaine enregistré.", "ok")
            return _back(at)
    return page(at, draft, organisation, domain_form=form), 422


def _request(shared: int, person: int) -> queries.Request:
    for asked in queries.requests(db.session, shared):
        if asked.user_id == person:
            return asked
    refuse(409, GONE)


def _post(at: Desk, organisation: Shared, sent: joining.Letter, role: str) -> None:
    found = queries.invitation(db.session, at.shared or 0, sent.number)
    assert found is not None  # noqa: S101 - just written
    what = letters.About(
        at.consultation.title, organisation.name, f"{public_url()}/co-redaction/{sent.secret}"
    )
    letter = letters.invitation(what, user().display_name, role, found.expires_at)
    write(at.shared or 0, f"invitation:{sent.number}", sent.email, letter)


def _back(at: Desk) -> ResponseReturnValue:
    return redirect(at.url("coauthors.team"), 303)


def page(
    at: Desk,
    draft: Draft,
    organisation: Shared,
    *,
    invite_form: InviteForm | None = None,
    domain_form: DomainForm | None = None,
) -> str:
    """Return the page of the team, with the form that was refused if one was."""
    assert at.shared is not None  # noqa: S101 - the address names one
    signs = organisation.signs
    door = queries.door(db.session, at.shared)
    people = queries.people(db.session, at.shared)
    refused = invite_form or domain_form
    return render(
        "coauthors/team.html",
        desk=at,
        draft=draft,
        organisation=organisation,
        people=people,
        signatories=[one for one in people if one.role == "signatory"],
        domain=door.domain if door else None,
        taken_over=queries.taken_over(db.session, at.shared),
        invitations=queries.invitations(db.session, at.shared) if signs else (),
        requests=queries.requests(db.session, at.shared) if signs else (),
        invite_form=invite_form or InviteForm(None),
        domain_form=domain_form or DomainForm(None, data={"domain": door.domain if door else ""}),
        errors=refused.summary() if refused else [],
        entries=ENTRIES,
        roles={role: label.partition("\u00a0")[0] for role, label in ROLES.items()},
    )
