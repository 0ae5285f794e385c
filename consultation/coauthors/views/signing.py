"""Asking for the signature of an organisation, and giving its draft back to its authors."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.coauthors import notices
from consultation.coauthors.actions.signing import ask_signature
from consultation.coauthors.actions.signing import send_back as give_back
from consultation.coauthors.queries import beside
from consultation.coauthors.rules.signing import moved_since, pending
from consultation.coauthors.views.about import about
from consultation.coauthors.views.desk import blueprint
from consultation.coauthors.views.forms import ReturnForm
from consultation.consultations.forms import blame
from consultation.consultations.rules import Refused
from consultation.db import db
from consultation.questionnaires.path import submitted, walk
from consultation.responses.draft import Draft
from consultation.responses.views.desk import SHARED, Desk, desk, not_open, user
from consultation.tasks.queue import wake
from consultation.web.access import requires
from consultation.web.frame import render
from consultation.web.refusals import refuse

ASKED = "La signature est demandée. Chaque signataire reçoit un courriel."
ASKED_ALREADY = "La signature est déjà demandée pour ces réponses."
NOT_SIGNATORY = "Seul un signataire renvoie la contribution aux co-auteurs."


@blueprint.post(f"{SHARED}/signature")
@requires(of="consultation")
def ask(slug: str, shared: int) -> ResponseReturnValue:
    """Ask the signatories to sign the draft as it is."""
    at = desk(shared)
    draft = at.draft()
    if draft is None or not at.open:
        return not_open(at, draft)
    asked = _unanswered(draft)
    if asked is not None and not moved_since(asked.state, draft):
        flash(ASKED_ALREADY)
        return redirect(at.url("check"), 303)
    try:
        _ask(at, draft, repeated=asked is not None)
    except Refused as refused:
        db.session.rollback()
        refuse(409, refused.sentence)
    db.session.commit()
    wake("mail")
    flash(ASKED, "ok")
    return redirect(at.url("check"), 303)


def _unanswered(draft: Draft) -> beside.Asked | None:
    """Return the request for a signature that nobody signed or sent back."""
    asked = beside.beside(db.session, draft.response_id).asked
    signed_at = draft.last.submitted_at if draft.last else None
    return asked if asked is not None and pending(asked.at, signed_at) else None


def _ask(at: Desk, draft: Draft, *, repeated: bool) -> None:
    answers = submitted(at.version, walk(at.version, draft.answers, at.today))
    sent = draft.last if draft.sent else None
    ask_signature(
        db.session,
        draft,
        consultation_id=at.consultation_id,
        user_id=at.user_id,
        changed=sent is None or sent.answers != answers,
        now=at.now,
    )
    people = beside.addresses(db.session, draft.response_id)
    to = {who: address for who, (address, signs) in people.items() if signs and who != at.user_id}
    what, asker = about(at, draft), user().display_name
    notices.signature_asked(db.session, what, asker, to, at.now, repeated=repeated)


@blueprint.route(f"{SHARED}/renvoyer", methods=["GET", "POST"])
@requires(of="consultation")
def send_back(slug: str, shared: int) -> ResponseReturnValue:
    """Let a signatory say what is to do before they sign."""
    at = desk(shared)
    draft = at.draft()
    if draft is None or draft.shared is None:
        raise NotFound
    if not at.open:
        return not_open(at, draft)
    if not draft.shared.signs:
        refuse(403, NOT_SIGNATORY)
    form = ReturnForm(None if request.method == "GET" else request.form)
    if request.method == "POST" and form.validate():
        try:
            return _give_back(at, draft, form)
        except Refused as refused:
            db.session.rollback()
            blame(form, refused)
    page = render(
        "coauthors/send_back.html", desk=at, draft=draft, form=form, errors=form.summary()
    )
    return page, 422 if request.method == "POST" else 200


def _give_back(at: Desk, draft: Draft, form: ReturnForm) -> ResponseReturnValue:
    give_back(
        db.session,
        draft,
        consultation_id=at.consultation_id,
        user_id=at.user_id,
        text=form.cleaned,
        now=at.now,
    )
    people = beside.addresses(db.session, draft.response_id)
    to = {who: address for who, (address, _) in people.items() if who != at.user_id}
    notices.sent_back(db.session, about(at, draft), user().display_name, to, at.now)
    db.session.commit()
    wake("mail")
    flash("La contribution est renvoyée aux co-auteurs avec votre note.", "ok")
    return redirect(at.url("coauthors.notes"), 303)
