"""Reading everything again, sending it, and the receipt."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue

from consultation.db import db
from consultation.questionnaires.path import Path, submitted, walk
from consultation.responses import actions, letter, queries
from consultation.responses.actions import Overtaken
from consultation.responses.checking import Check, Line
from consultation.responses.checking import check as checked
from consultation.responses.draft import Draft
from consultation.responses.progress import progress
from consultation.responses.submission import Receipt, Sending
from consultation.responses.views.desk import (
    Desk,
    desk,
    not_open,
    on_behalf,
    page,
    respondent,
    to_consultation,
    user,
)
from consultation.settings import Settings
from consultation.tasks.queue import wake
from consultation.web.access import requires
from consultation.web.frame import render
from consultation.web.refusals import refuse

NOT_SIGNATORY = "Seul un signataire envoie la contribution de l’organisme. Demandez sa signature."
NOT_DECLARED = "Cochez la déclaration pour signer au nom de l’organisme"
CHANGED = "Vos réponses ont changé depuis cette page. Relisez-les avant de les envoyer."


@page("/relire")
@requires(of="consultation")
def check(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Show everything that will be sent, and what will not; after closing, the draft as it is."""
    at = desk(shared)
    draft = at.draft()
    return to_consultation(at) if draft is None else _page(at, draft, _check(at, draft))


@page("/envoyer", "POST")
@requires(of="consultation")
def send(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Send the draft; the second click of a double click leads to the same receipt."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    if not at.open:
        return not_open(at, draft)
    if draft.shared and not draft.shared.signs:
        refuse(403, NOT_SIGNATORY)
    found = _check(at, draft)
    if left := [*map(_error, found.to_complete), *_undeclared(draft)]:
        return _page(at, draft, found, left), 422
    same = request.form.get("_etat") == draft.state()
    receipt = _submit(at, draft, found.path) if same else None
    if receipt is None:
        flash(CHANGED, "warn")
        return redirect(at.url("check"), 303)
    return redirect(at.url("receipt"), 303)


def _undeclared(draft: Draft) -> list[tuple[str, str]]:
    """Return the error of a signature whose declaration is not ticked."""
    declared = draft.shared is None or request.form.get("declaration") == "oui"
    return [] if declared else [("declaration", NOT_DECLARED)]


def _error(line: Line) -> tuple[str, str]:
    why = line.why[:1].lower() + line.why[1:]
    return f"r-{line.key}", f"Question\u00a0{line.item.number}\u00a0: {why}"


def _check(at: Desk, draft: Draft) -> Check:
    path = walk(at.version, draft.answers, at.today)
    found = progress(at.version, draft, path, at.today)
    return checked(at.version, draft, path, found, at.today, at.language)


def _page(at: Desk, draft: Draft, found: Check, errors: Sequence[tuple[str, str]] = ()) -> str:
    sent = draft.last if draft.sent else None
    return render(
        "responses/check.html",
        desk=at,
        draft=draft,
        check=found,
        progress=found.progress,
        sent=sent,
        changed=sent is not None and sent.answers != submitted(at.version, found.path),
        on_behalf=on_behalf(draft),
        to_confirm=at.to_confirm(draft) if at.open else (),
        declared=request.form.get("declaration") == "oui",
        beside=at.beside("co_authors_check", draft, found.path, sent),
        errors=errors,
    )


def _submit(at: Desk, draft: Draft, path: Path) -> Receipt | None:
    """Send ``draft`` and commit; ``None`` when another request sent something else meanwhile."""
    sending = Sending(
        consultation_id=at.consultation_id,
        version_id=at.version_id,
        version=at.version,
        path=path,
        person=respondent(draft.shared),
        today=at.today,
    )
    settings: Settings = current_app.extensions["settings"]
    try:
        receipt = actions.submit(db.session, draft, sending, secret=settings.secret_key, now=at.now)
    except Overtaken:
        db.session.rollback()
        return _sent_meanwhile(at, sending)
    if receipt.new:
        actions.send_copy(
            db.session,
            receipt,
            sending,
            response_id=draft.response_id,
            to=None if draft.shared else user().email,
            title=at.consultation.title,
            closes_at=at.consultation.closes_at,
            address=settings.public_url + at.url("tasks"),
            signature=_signature(user().display_name, draft),
        )
        db.session.commit()
        wake("mail")
    return receipt


def addressees(draft: Draft) -> list[str]:
    """Return who gets the copy: the person, and whoever wrote with them."""
    if draft.shared is None:
        return [user().email]
    others = queries.addresses_of_co_authors(db.session, draft.response_id)
    return [user().email, *(address for address in others if address != user().email)]


def _signature(name: str, draft: Draft) -> str:
    """Say who signed for the organisation; nothing for one's own answer."""
    if draft.shared is None:
        return ""
    return letter.signature(name, draft.shared.name, draft.shared.siren)


def _sent_meanwhile(at: Desk, sending: Sending) -> Receipt | None:
    sent = queries.counted_submission(db.session, at.consultation_id, at.user_id, at.shared)
    if sent is None or sent.answers != submitted(sending.version, sending.path):
        return None
    return Receipt(sent.number, sent.receipt, sent.submitted_at, sent.answers, new=False)


@page("/recu")
@requires(of="consultation")
def receipt(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Show the receipt of what was sent last."""
    at = desk(shared)
    draft = at.draft()
    sent = draft.last if draft is not None and draft.sent else None
    if draft is None or sent is None:
        return redirect(at.url("tasks"))
    path = walk(at.version, draft.answers, at.today)
    return render(
        "responses/receipt.html",
        desk=at,
        draft=draft,
        sent=sent,
        on_behalf=on_behalf(draft),
        signature=_signature(sent.signatory, draft),
        changed=draft.shared is not None and sent.answers != submitted(at.version, path),
    )
