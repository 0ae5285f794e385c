"""Coming to the response of an organisation: by one's address, by a request, by a link."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.coauthors import letters
from consultation.coauthors.actions import joining
from consultation.coauthors.actions.joining import hash_of
from consultation.coauthors.actions.scene import Scene
from consultation.coauthors.forms import ROLES, AskForm
from consultation.coauthors.letters import About
from consultation.coauthors.queries import official as officials
from consultation.coauthors.queries import team as queries
from consultation.coauthors.queries.official import Door
from consultation.coauthors.queries.team import Called
from consultation.coauthors.rules.joining import Full
from consultation.coauthors.rules.roles import role_of
from consultation.coauthors.views.desk import (
    ONE,
    about,
    blueprint,
    known,
    public_url,
    scene,
    team_url,
    write,
)
from consultation.consultations.rules import Refused
from consultation.db import db
from consultation.responses.views.desk import Desk, desk, user
from consultation.tasks.queue import wake
from consultation.web.access import public, requires
from consultation.web.frame import now, render
from consultation.web.limits import limiter
from consultation.web.refusals import refuse
from consultation.web.security import leave_out_of_search_engines

LONGEST_SECRET = 100


@blueprint.post(f"{ONE}/rejoindre")
@requires(of="consultation")
@limiter.limit("60 per hour")
def join(slug: str, shared: int) -> ResponseReturnValue:
    """Let in whoever has an address of the domain of the organisation."""
    at, door = _door(shared)
    if not door.by_domain:
        raise NotFound
    try:
        role = joining.join(db.session, scene(at, shared), user())
    except Refused as refused:
        db.session.rollback()
        refuse(409, refused.sentence)
    _tell_signatories(about(at, door.organisation, team_url(slug, shared)), shared, at.user_id)
    db.session.commit()
    wake("mail")
    end = ". Vous en êtes signataire." if role == "signatory" else "."
    flash(f"Vous participez à la contribution de {door.organisation}{end}", "ok")
    return redirect(url_for("responses.tasks", slug=slug, shared=shared), 303)


@blueprint.post(f"{ONE}/demander")
@requires(of="consultation")
@limiter.limit("20 per hour")
def ask_to_join(slug: str, shared: int) -> ResponseReturnValue:
    """Ask the signatories to write with them."""
    at, door = _door(shared)
    form = AskForm()
    if not form.validate():
        refuse(422, "Limitez votre message à 500 caractères.")
    message = (form.message.data or "").strip()
    try:
        new = joining.ask(db.session, scene(at, shared), at.user_id, message)
    except Refused as refused:
        db.session.rollback()
        refuse(409, refused.sentence)
    if new:
        letter = letters.asked(
            about(at, door.organisation, team_url(slug, shared)), user().display_name, message
        )
        for one in queries.signatories(db.session, shared):
            write(shared, f"asked:{at.user_id}:{one.user_id}", one.email, letter)
    db.session.commit()
    wake("mail")
    flash("Demande envoyée. Vous recevez la réponse par courriel.", "ok")
    return redirect(url_for("consultations.show", slug=slug), 303)


def _door(shared: int) -> tuple[Desk, Door]:
    """Return the response that the person may come to; a 404 when nothing links them to it."""
    at = desk()
    for door in officials.doors(db.session, at.consultation_id, known(user())):
        if door.response_id == shared:
            return at, door
    raise NotFound


def _tell_signatories(what: About, shared: int, newcomer: int) -> None:
    letter = letters.joined(what, user().display_name)
    for one in queries.signatories(db.session, shared):
        if one.user_id != newcomer:
            write(shared, f"joined:{newcomer}:{one.user_id}", one.email, letter)


@blueprint.get("/co-redaction/<token>")
@public
def invited(token: str) -> ResponseReturnValue:
    """Show who invites and for which organisation; nothing happens before the button."""
    leave_out_of_search_engines()
    found = _called(token)
    there = found is not None and _is_there(found)
    if found is None or not (there or _is_valid(found)):
        return render("coauthors/link_over.html"), 410
    return render("coauthors/invited.html", found=found, token=token, there=there, roles=ROLES)


@blueprint.post("/co-redaction/<token>")
@requires()
@limiter.limit("30 per minute")
def accept(token: str) -> ResponseReturnValue:
    """Accept an invitation, with the account in use."""
    leave_out_of_search_engines()
    found = _called(token)
    if found is None:
        return render("coauthors/link_over.html"), 410
    slug, number = found.consultation.slug, found.response_id
    tasks = url_for("responses.tasks", slug=slug, shared=number)
    if _is_there(found):
        return redirect(tasks, 303)
    person = user()
    place = Scene(number, found.consultation.id, person.id, now())
    try:
        joining.accept(db.session, place, found.invitation, person.id)
    except Full as full:
        db.session.rollback()
        refuse(409, full.sentence)
    except Refused:
        db.session.rollback()
        return render("coauthors/link_over.html"), 410
    what = About(
        found.consultation.title, found.organisation, public_url() + team_url(slug, number)
    )
    _tell_signatories(what, number, person.id)
    db.session.commit()
    wake("mail")
    flash(f"Vous participez à la contribution de {found.organisation}.", "ok")
    return redirect(tasks, 303)


def _called(token: str) -> Called | None:
    return None if len(token) > LONGEST_SECRET else queries.called(db.session, hash_of(token))


def _is_valid(found: Called) -> bool:
    return found.invitation.accepted_at is None and found.invitation.expires_at > now()


def _is_there(found: Called) -> bool:
    if not current_user.is_authenticated:
        return False
    team = queries.members(db.session, found.response_id)
    return role_of(team, current_user.id) is not None
