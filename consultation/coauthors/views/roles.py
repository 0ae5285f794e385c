"""Who signs and who goes: each change of a person, after a page that says what it does."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.coauthors import letters
from consultation.coauthors.actions import roles
from consultation.coauthors.queries import team as queries
from consultation.coauthors.queries.team import Person
from consultation.coauthors.rules.joining import domain_of
from consultation.coauthors.rules.roles import Member, check_parting
from consultation.coauthors.views.desk import ONE, about, blueprint, co_author, scene, signatory
from consultation.coauthors.views.desk import write as write_letter
from consultation.consultations.rules import Refused
from consultation.db import db
from consultation.responses.draft import Draft, Shared
from consultation.responses.views.desk import Desk
from consultation.tasks.queue import wake
from consultation.web.access import requires
from consultation.web.frame import render
from consultation.web.refusals import refuse


@blueprint.post(f"{ONE}/equipe/<int:person>/signataire")
@requires(of="consultation")
def name_signatory(slug: str, shared: int, person: int) -> ResponseReturnValue:
    """Let a co-author sign."""
    at, _draft, organisation = signatory(shared)
    one = _person(shared, person)
    if _tried(lambda: roles.name_signatory(db.session, scene(at), person)):
        _tell_signatory(at, organisation, one)
    db.session.commit()
    wake("mail")
    flash(f"{one.name} peut signer.", "ok")
    return _back(at)


@blueprint.post(f"{ONE}/equipe/<int:person>/auteur")
@requires(of="consultation")
def step_down(slug: str, shared: int, person: int) -> ResponseReturnValue:
    """Take the signature from somebody, oneself included."""
    at, _draft, _organisation = signatory(shared)
    one = _person(shared, person)
    _tried(lambda: roles.step_down(db.session, scene(at), person))
    db.session.commit()
    flash(f"{one.name} ne signe plus, et continue d’écrire avec les autres.", "ok")
    return _back(at)


@blueprint.post(f"{ONE}/equipe/<int:person>/confier")
@requires(of="consultation")
def hand_over(slug: str, shared: int, person: int) -> ResponseReturnValue:
    """Give one's own signature to somebody else."""
    at, _draft, organisation = signatory(shared)
    one = _person(shared, person)
    _tried(lambda: roles.hand_over(db.session, scene(at), person))
    if person != at.user_id:
        _tell_signatory(at, organisation, one)
    db.session.commit()
    wake("mail")
    flash(f"La signature est confiée à {one.name}.", "ok")
    return _back(at)


@blueprint.get(f"{ONE}/equipe/<int:person>/retirer")
@requires(of="consultation")
def ask_to_remove(slug: str, shared: int, person: int) -> ResponseReturnValue:
    """Say what happens when somebody is removed, before it does."""
    at, draft, organisation = signatory(shared)
    if person == at.user_id:
        return redirect(at.url("coauthors.ask_to_leave"))
    return _confirm(at, draft, organisation, _person(shared, person))


@blueprint.post(f"{ONE}/equipe/<int:person>/retirer")
@requires(of="consultation")
def remove_person(slug: str, shared: int, person: int) -> ResponseReturnValue:
    """Remove somebody from the team."""
    at, _draft, organisation = signatory(shared)
    one = _person(shared, person)
    if _tried(lambda: roles.part(db.session, scene(at), person)) and person != at.user_id:
        address = f"/consultations/{slug}"
        letter = letters.removed(about(at, organisation.name, address))
        write_letter(shared, f"removed:{person}", one.email, letter)
    db.session.commit()
    wake("mail")
    flash(f"{one.name} ne participe plus à la contribution.", "ok")
    return _away(at) if person == at.user_id else _back(at)


@blueprint.get(f"{ONE}/equipe/quitter")
@requires(of="consultation")
def ask_to_leave(slug: str, shared: int) -> ResponseReturnValue:
    """Say what happens when one leaves, before it does."""
    at, draft, organisation = co_author(shared)
    if organisation.merged_into is not None:
        raise NotFound
    return _confirm(at, draft, organisation, _person(shared, at.user_id))


@blueprint.post(f"{ONE}/equipe/quitter")
@requires(of="consultation")
def leave(slug: str, shared: int) -> ResponseReturnValue:
    """Leave the team."""
    at, _draft, organisation = co_author(shared)
    _tried(lambda: roles.part(db.session, scene(at), at.user_id))
    db.session.commit()
    flash(f"Vous ne participez plus à la contribution de {organisation.name}.", "ok")
    return _away(at)


def _tried(act: Callable[[], object]) -> object:
    """Act, or show why it cannot be."""
    try:
        return act()
    except Refused as refused:
        db.session.rollback()
        refuse(409, refused.sentence)


def _person(shared: int, person: int) -> Person:
    for one in queries.people(db.session, shared):
        if one.user_id == person:
            return one
    refuse(409, roles.NOBODY)


def _tell_signatory(at: Desk, organisation: Shared, one: Person) -> None:
    letter = letters.signatory(about(at, organisation.name, at.url("tasks")))
    write_letter(at.shared or 0, f"signatory:{one.user_id}", one.email, letter)


def _confirm(at: Desk, draft: Draft, organisation: Shared, one: Person) -> str:
    """Return the page that says what a departure does, or why it cannot be."""
    assert at.shared is not None  # noqa: S101 - the address names one
    people = queries.people(db.session, at.shared)
    door = queries.door(db.session, at.shared)
    return render(
        "coauthors/parting.html",
        desk=at,
        organisation=organisation,
        one=one,
        oneself=one.user_id == at.user_id,
        last=len(people) == 1,
        may_return=door is not None and door.domain == domain_of(one.email),
        domain=door.domain if door else None,
        refusal=_refusal(people, one.user_id, draft.sent),
    )


def _refusal(people: list[Person], user_id: int, sent: bool) -> str:
    team = [Member(one.user_id, one.role, one.joined_at) for one in people]
    try:
        check_parting(team, user_id, sent=sent)
    except Refused as refused:
        return refused.sentence
    return ""


def _back(at: Desk) -> ResponseReturnValue:
    """Lead to the team; whoever no longer signs sees it without its buttons."""
    return redirect(at.url("coauthors.team"), 303)


def _away(at: Desk) -> ResponseReturnValue:
    return redirect(url_for("consultations.show", slug=at.slug), 303)
