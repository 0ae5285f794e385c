"""Answering in the name of an organisation: open its response, or see how to join it."""

from __future__ import annotations

from pathlib import Path

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from consultation.coauthors.actions.opening import Opening, open_response
from consultation.coauthors.forms import AskForm, StartForm
from consultation.coauthors.queries import official as officials
from consultation.coauthors.rules.opening import ABSORBED, TAKEN, check_opening
from consultation.coauthors.views.desk import ONE, ROOT, blueprint, known, team_url
from consultation.consultations.panels import panel
from consultation.consultations.rules import Refused
from consultation.db import db
from consultation.responses.views.desk import Desk, desk, not_open, user
from consultation.web.access import requires
from consultation.web.frame import render
from consultation.web.limits import limiter
from consultation.web.refusals import refuse


@blueprint.get(ROOT)
@requires(of="consultation")
def opening(slug: str) -> ResponseReturnValue:
    """Show what answering for one's organisation means, and the way that is open to it."""
    at = desk()
    written = _written(at)
    if written is not None:
        return redirect(url_for("responses.tasks", slug=slug, shared=written))
    if not at.open:
        return not_open(at)
    return _page(at, StartForm(None))


@blueprint.get(f"{ONE}/rejoindre")
@blueprint.get(f"{ONE}/demander")
@requires(of="consultation")
def reloaded(slug: str, shared: int) -> ResponseReturnValue:
    """Lead whoever reloads a join that was refused to its page: the one above is the team's."""
    return redirect(url_for("coauthors.opening", slug=slug), 303)


@blueprint.post(ROOT)
@requires(of="consultation")
@limiter.limit("30 per hour")
def open_official(slug: str) -> ResponseReturnValue:
    """Open the response of one's organisation; the second click leads to the same one."""
    at = desk()
    if not at.open:
        return not_open(at)
    if kept_out := panel("admission", db.session, at.consultation, user()):
        refuse(403, kept_out)
    form = StartForm()
    copying = form.start.data == "draft"
    if form.start.raw_data and not form.validate():
        return _page(at, form), 422
    try:
        number = open_response(db.session, user(), _opening(at, copying))
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _refused(at, form, refused)
    flash("Contribution ouverte. Invitez les personnes qui l’écrivent avec vous.", "ok")
    return redirect(team_url(slug, number), 303)


def _opening(at: Desk, copying: bool) -> Opening:
    folder: Path = current_app.extensions["settings"].files_path
    return Opening(at.consultation_id, at.version_id, at.now, copy_from=folder if copying else None)


def _refused(at: Desk, form: StartForm, refused: Refused) -> ResponseReturnValue:
    written = _written(at)
    if written is not None:
        return redirect(url_for("responses.tasks", slug=at.slug, shared=written), 303)
    return _page(at, form, refused.sentence), 409


def _written(at: Desk) -> int | None:
    organisation = user().organisation
    if organisation is None:
        return None
    return officials.written_for(db.session, at.consultation_id, at.user_id, organisation.siren)


def _page(at: Desk, form: StartForm, sentence: str = "") -> str:
    doors = officials.doors(db.session, at.consultation_id, known(user()))
    for door in doors:
        if door.same_siren:
            sentence = ABSORBED if door.absorbed else TAKEN
    draft = at.draft()
    return render(
        "coauthors/opening.html",
        desk=at,
        organisation=user().organisation,
        doors=doors,
        sentence=sentence or _missing(),
        refused=bool(sentence),
        incomplete=bool(_missing()),
        form=form,
        ask=AskForm(None),
        has_draft=draft is not None,
        copies=draft is not None and bool(draft.sections),
        errors=form.summary(),
    )


def _missing() -> str:
    """Return what the profile lacks to answer for an organisation; empty when nothing does."""
    organisation = user().organisation
    try:
        check_opening(
            organisation is not None,
            organisation.siren if organisation else None,
            organisation.region_code if organisation else None,
        )
    except Refused as refused:
        return refused.sentence
    return ""
