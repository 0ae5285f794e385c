"""Beginning a response, and coming back to it: the list of its sections."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from consultation.consultations.panels import panel
from consultation.db import db
from consultation.questionnaires.path import submitted, walk
from consultation.responses import actions
from consultation.responses.progress import progress
from consultation.responses.views.desk import (
    blueprint,
    desk,
    not_open,
    on_behalf,
    page,
    to_consultation,
    user,
)
from consultation.web.access import requires
from consultation.web.frame import render
from consultation.web.refusals import refuse


@blueprint.post("/consultations/<slug>/contribution/commencer")
@requires(of="consultation")
def start(slug: str) -> ResponseReturnValue:
    """Begin a response; the second time changes nothing."""
    at = desk()
    if not at.open:
        return not_open(at)
    if kept_out := panel("admission", db.session, at.consultation, user()):
        refuse(403, kept_out)
    actions.start(
        db.session,
        consultation_id=at.consultation_id,
        version_id=at.version_id,
        user_id=at.user_id,
        now=at.now,
    )
    db.session.commit()
    return redirect(at.url("tasks"), 303)


@page("")
@requires(of="consultation")
def tasks(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """List the sections and what is left to do in each."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    if not at.open:
        return redirect(at.url("check"))
    path = walk(at.version, draft.answers, at.today)
    sent = draft.last if draft.sent else None
    changed = sent is not None and sent.answers != submitted(at.version, path)
    return render(
        "responses/tasks.html",
        desk=at,
        draft=draft,
        progress=progress(at.version, draft, path, at.today),
        sent=sent,
        changed=changed,
        beside=at.beside("co_authors_tasks", draft, changed or sent is None),
        on_behalf=on_behalf(draft),
        to_confirm=at.to_confirm(draft),
    )
