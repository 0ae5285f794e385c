"""Taking back what was sent, and dropping a draft: said first, done by a second press."""

from __future__ import annotations

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consultation.db import db
from consultation.responses import file_store, withdrawing
from consultation.responses.draft import Draft, LastSent
from consultation.responses.views.desk import TAKEN_OVER, Desk, desk, page, to_consultation, user
from consultation.responses.views.sending import addressees
from consultation.settings import Settings
from consultation.tasks.queue import wake
from consultation.web.access import requires
from consultation.web.frame import render
from consultation.web.refusals import refuse
from consultation.web.typography import moment_fr

OVERTAKEN = "Un autre envoi a eu lieu depuis cette page. Relisez-le avant de le retirer."
NOT_SIGNATORY = "Seul un signataire retire ou supprime la contribution de l’organisme."
EVERYBODYS = (
    "D’autres personnes ont écrit cette contribution\u00a0: quittez-la depuis la page de l’équipe, "
    "elle reste à elles."
)
WITHDRAWN = "Votre contribution est retirée. Elle n’est plus comptée."


@page("/retirer")
@requires(of="consultation")
def withdrawal(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Say what withdrawing does and does not do."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    if not draft.sent:
        return redirect(at.url("history"))
    return render("responses/withdraw.html", desk=at, draft=draft, sent=_counted(at, draft))


@page("/retirer", "POST")
@requires(of="consultation")
def withdraw(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Withdraw the submission that the page showed, and no other; a second press does nothing."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    if not draft.sent:
        return redirect(at.url("history"), 303)
    sent = _counted(at, draft)
    if request.form.get("_numero") != str(sent.number) or not _withdraw(at, draft, sent):
        db.session.rollback()
        flash(OVERTAKEN, "warn")
        return redirect(at.url("withdrawal"), 303)
    flash(WITHDRAWN, "ok")
    return redirect(at.url("history"), 303)


def _counted(at: Desk, draft: Draft) -> LastSent:
    """Return what counts now and can be withdrawn, or refuse with the reason."""
    _check_signatory(at, draft)
    if not at.open:
        closed = moment_fr(at.consultation.closes_at)
        contact = at.consultation.data_protection_contact or at.consultation.contact
        then = f" Pour une demande sur vos données, écrivez à {contact}." if contact else ""
        refuse(
            403,
            f"Cette consultation est terminée depuis le {closed} (heure de Paris)\u00a0: "
            f"votre contribution ne peut plus être retirée.{then}",
        )
    sent = draft.last
    if sent is None or sent.id != draft.submission_id:
        refuse(409, OVERTAKEN)
    return sent


def _check_signatory(at: Desk, draft: Draft) -> None:
    if at.taken_over:
        refuse(403, TAKEN_OVER)
    if not draft.mine_to_send:
        refuse(403, NOT_SIGNATORY)


def _withdraw(at: Desk, draft: Draft, sent: LastSent) -> bool:
    done = withdrawing.withdraw(
        db.session,
        response_id=draft.response_id,
        submission_id=sent.id,
        user_id=at.user_id,
        now=at.now,
    )
    if not done:
        return False
    withdrawing.confirm_withdrawal(
        db.session,
        sent,
        to=addressees(draft),
        title=at.consultation.title,
        closes_at=at.consultation.closes_at,
        address=_settings().public_url + at.url("tasks"),
        now=at.now,
        signatory=user().display_name,
        organisation=draft.shared.name if draft.shared else "",
    )
    db.session.commit()
    wake("mail")
    return True


@page("/supprimer")
@requires(of="consultation")
def deletion(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Say what deleting a draft does."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    if draft.status != "draft":
        return redirect(at.url("history"))
    _check_theirs(at, draft)
    return render("responses/delete_draft.html", desk=at, draft=draft)


def _check_theirs(at: Desk, draft: Draft) -> None:
    """Refuse to delete what others wrote."""
    _check_signatory(at, draft)
    if draft.shared and withdrawing.is_everybodys(db.session, draft.response_id, at.user_id):
        refuse(409, EVERYBODYS)


@page("/supprimer", "POST")
@requires(of="consultation")
def delete_draft(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Delete a draft that was never sent, even after the closing: it is the person's own."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    _check_theirs(at, draft)
    names = withdrawing.delete_draft(
        db.session, response_id=draft.response_id, user_id=at.user_id, now=at.now
    )
    if names is None:
        db.session.rollback()
        flash("Cette contribution a été envoyée\u00a0: retirez-la plutôt.", "warn")
        return redirect(at.url("history"), 303)
    db.session.commit()
    for name in names:
        file_store.forget(_settings().files_path, name)
    flash("Votre brouillon est supprimé.", "ok")
    return redirect(url_for("consultations.show", slug=at.slug), 303)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
