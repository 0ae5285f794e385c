"""What organisers do about official responses, each after a page that says what will happen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consultation.accounts import queries as accounts
from consultation.accounts.forms import choices
from consultation.accounts.models import User
from consultation.coauthors import letters
from consultation.coauthors.actions import merging
from consultation.coauthors.actions.merging import Merger
from consultation.coauthors.forms import ELSEWHERE, AppointForm, FreeForm, MergeForm, SirenForm
from consultation.coauthors.queries import official as officials
from consultation.coauthors.queries import team as queries
from consultation.coauthors.queries.official import Official
from consultation.coauthors.rules.merging import NO_ACCOUNT, NOT_HELD
from consultation.coauthors.views.desk import blueprint, write
from consultation.coauthors.views.official import (
    ONE,
    ORGANISER,
    about,
    consultation,
    found,
    place,
    tell,
)
from consultation.consultations.forms import blame
from consultation.consultations.rules import Refused, phase
from consultation.db import db
from consultation.questionnaires.queries import compiled
from consultation.responses.views.desk import user
from consultation.tasks.queue import wake
from consultation.web.frame import now, render
from consultation.web.limits import limiter

Asked = AppointForm | SirenForm | MergeForm | FreeForm


@blueprint.route(f"{ONE}/signataire", methods=["GET", "POST"])
@ORGANISER
@limiter.limit("60 per hour", methods=["POST"])
def appoint(slug: str, number: int) -> ResponseReturnValue:
    """Name a signatory from outside."""
    one = found(number)
    if request.method == "GET":
        return _page(one, AppointForm(None))
    form = AppointForm()
    if not form.validate():
        return _page(one, form), 422
    person = accounts.by_email(db.session, form.email.clean)
    if person is None or person.email_confirmed_at is None:
        blame(form, Refused("email", NO_ACCOUNT))
        return _page(one, form), 422
    try:
        return _appoint(one, form, person)
    except Refused as refused:
        return _refuse(number, form, refused)


def _appoint(one: Official, form: AppointForm, person: User) -> ResponseReturnValue:
    number, alone = one.response_id, bool(form.alone.data)
    team = queries.people(db.session, number)
    gone = [member for member in team if member.user_id != person.id] if alone else []
    _check_not_merged(one)
    if not _confirmed():
        return _confirm(one, form, person=person, gone=gone)
    reason = _reason(form)
    merging.appoint(db.session, place(number), person.id, alone=alone, reason=reason)
    slug = consultation().slug
    what = about(one.name, url_for("responses.tasks", slug=slug, shared=number))
    write(number, f"appointed:{person.id}", person.email, letters.signatory(what, reason))
    stay = [member for member in team if member not in gone and member.user_id != person.id]
    tell(number, "appointed", stay, letters.appointed(what, person.display_name, reason))
    left = about(one.name, f"/consultations/{slug}")
    tell(number, "removed", gone, letters.removed(left, reason))
    return _done(f"{person.display_name} peut signer pour {one.name}.")


@blueprint.route(f"{ONE}/siren", methods=["GET", "POST"])
@ORGANISER
@limiter.limit("60 per hour", methods=["POST"])
def correct_siren(slug: str, number: int) -> ResponseReturnValue:
    """Correct the SIREN of an organisation."""
    one = found(number)
    if request.method == "GET":
        return _page(one, SirenForm(None, data={"siren": one.siren or ""}))
    form = SirenForm()
    if not form.validate():
        return _page(one, form), 422
    try:
        _check_not_merged(one)
        merging.check_siren(db.session, place(number), form.siren.clean)
        if not _confirmed():
            return _confirm(one, form, siren=form.siren.clean)
        merging.correct_siren(db.session, place(number), form.siren.clean, reason=_reason(form))
    except Refused as refused:
        return _refuse(number, form, refused)
    _tell_identity(number, one.name, form.siren.clean, _reason(form))
    return _done(f"Le SIREN de {one.name} est corrigé.")


@blueprint.route(f"{ONE}/liberer", methods=["GET", "POST"])
@ORGANISER
@limiter.limit("60 per hour", methods=["POST"])
def free_siren(slug: str, number: int) -> ResponseReturnValue:
    """Let the SIREN of a response that was taken over by mistake open another one."""
    one = found(number)
    form = FreeForm() if request.method == "POST" else FreeForm(None)
    if request.method == "GET":
        return _page(one, form)
    if not form.validate():
        return _page(one, form), 422
    try:
        if one.merged_into is None or one.siren is None:
            raise Refused("reason", NOT_HELD)
        kept = found(one.merged_into)
        if not _confirmed():
            return _confirm(one, form, into=kept)
        siren = merging.free_siren(db.session, place(number), reason=_reason(form))
    except Refused as refused:
        return _refuse(number, form, refused)
    tasks = url_for("responses.tasks", slug=slug, shared=kept.response_id)
    letter = letters.freed(about(kept.name, tasks), one.name, siren, _reason(form))
    people = queries.people(db.session, kept.response_id)
    tell(kept.response_id, f"freed:{number}", people, letter)
    return _done(f"Le SIREN de {one.name} peut ouvrir une autre contribution.")


@blueprint.route(f"{ONE}/reunir", methods=["GET", "POST"])
@ORGANISER
@limiter.limit("60 per hour", methods=["POST"])
def merge(slug: str, number: int) -> ResponseReturnValue:
    """Make one response of two, or give this one to an organisation that has none."""
    one = found(number)
    form = MergeForm() if request.method == "POST" else MergeForm(None)
    _offer_others(form, number)
    if request.method == "GET":
        return _page(one, form)
    if not form.validate():
        return _page(one, form), 422
    try:
        kept = _kept(one, form)
        return _take_identity(one, form) if kept is None else _merge(one, form, kept)
    except Refused as refused:
        return _refuse(number, form, refused)


def _offer_others(form: MergeForm, number: int) -> None:
    listed = officials.official_responses(db.session, consultation().id)
    others = [
        (str(one.response_id), f"{one.name} ({one.siren or 'sans SIREN'})")
        for one in listed
        if one.response_id != number and one.merged_into is None
    ]
    form.into.choices = choices([*others, (ELSEWHERE, "Un organisme qui n’est pas dans la liste")])


def _kept(one: Official, form: MergeForm) -> Official | None:
    """Return the response that remains; ``None`` when the organisation chosen has none."""
    if form.into.data != ELSEWHERE:
        return found(int(form.into.data))
    if not form.organisation_name:
        raise Refused("name", "Saisissez le nom de l’organisme qui reprend la contribution")
    if not form.siren.clean:
        raise Refused("siren", "Saisissez les 9 chiffres du SIREN de cet organisme")
    known = officials.of_siren(db.session, consultation().id, form.siren.clean)
    return found(known) if known is not None and known != one.response_id else None


def _take_identity(one: Official, form: MergeForm) -> ResponseReturnValue:
    _check_not_merged(one)
    name, siren, number = form.organisation_name, form.siren.clean, one.response_id
    if not _confirmed():
        return _confirm(one, form, siren=siren, name=name)
    merging.take_identity(db.session, place(number), name, siren, reason=_reason(form))
    _tell_identity(number, name, siren, _reason(form))
    return _done(f"La contribution de {one.name} porte le nom de {name}.")


def _merge(gone: Official, form: MergeForm, kept: Official) -> ResponseReturnValue:
    merger = _merger(gone, kept, _reason(form))
    if not _confirmed():
        outcome = merging.outcome(db.session, merger)
        return _confirm(
            gone,
            form,
            kept=kept,
            outcome=outcome,
            copied=_titles(outcome.copied),
            apart=_titles(outcome.kept_apart),
        )
    numbers = (kept.response_id, gone.response_id)
    team = {one.user_id: one for n in numbers for one in queries.people(db.session, n)}
    outcome = merging.merge(db.session, merger)
    tasks = url_for("responses.tasks", slug=consultation().slug, shared=kept.response_id)
    letter = letters.taken_over(about(kept.name, tasks), gone.name, merger.reason, outcome.to_sign)
    tell(kept.response_id, f"merged:{gone.response_id}", list(team.values()), letter)
    return _done(f"La contribution de {gone.name} est reprise par {kept.name}.")


def _merger(gone: Official, kept: Official, reason: str) -> Merger:
    folder: Path = current_app.extensions["settings"].files_path
    return Merger(
        kept=kept.response_id,
        gone=gone.response_id,
        consultation_id=consultation().id,
        actor_id=user().id,
        now=now(),
        folder=folder,
        open_now=phase(consultation(), now()) == "open",
        reason=reason,
    )


def _titles(keys: Sequence[str]) -> list[dict[str, str]]:
    """Return the titles of sections, in the order of the questionnaire."""
    version = compiled(db.session, consultation().version_id or 0)
    return [part.section.title for part in version.sections if part.section.key in keys]


def _tell_identity(number: int, name: str, siren: str, reason: str) -> None:
    tasks = url_for("responses.tasks", slug=consultation().slug, shared=number)
    letter = letters.identified(about(name, tasks), siren, reason)
    tell(number, "identity", queries.people(db.session, number), letter)


def _check_not_merged(one: Official) -> None:
    if one.merged_into is not None:
        raise Refused("response", "Choisissez la contribution qui a repris celle-ci")


def _done(sentence: str) -> ResponseReturnValue:
    db.session.commit()
    wake("mail")
    flash(sentence, "ok")
    return redirect(url_for("coauthors.official", slug=consultation().slug), 303)


def _refuse(number: int, form: Asked, refused: Refused) -> ResponseReturnValue:
    db.session.rollback()
    blame(form, refused)
    return _page(found(number), form), 422


def _confirmed() -> bool:
    return request.form.get("confirme") == "oui"


def _reason(form: Asked) -> str:
    return " ".join((form.reason.data or "").split())


def _confirm(one: Official, form: Asked, **more: object) -> str:
    """Return the page that says what will happen, with everything that was typed."""
    return render(
        "coauthors/confirm.html", consultation=consultation(), found=one, form=form, **more
    )


def _page(one: Official, form: Asked) -> str:
    return render(
        "coauthors/official_form.html",
        consultation=consultation(),
        found=one,
        form=form,
        errors=form.summary(),
    )
