"""A reader reports a published comment."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.comments import queries as comments
from consultation.comments.models import Comment
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.moderation.forms import ReportForm
from consultation.moderation.reporting import Notice, Reporter, report
from consultation.moderation.views.bench import LABELS, blueprint, desk
from consultation.tasks.queue import wake
from consultation.web.access import public
from consultation.web.frame import render
from consultation.web.limits import limiter


@blueprint.get("/commentaires/<int:number>/signaler")
@public
def show_report(number: int) -> ResponseReturnValue:
    """Show the comment and the form."""
    return _page(_published(number), _form(None))


@blueprint.post("/commentaires/<int:number>/signaler")
@public
@limiter.limit("20 per hour", exempt_when=lambda: current_user.is_authenticated)
def add_report(number: int) -> ResponseReturnValue:
    """Report the comment."""
    comment, form = _published(number), _form()
    if not form.validate():
        return _page(comment, form), 422
    if form.website.data:
        return redirect(url_for("moderation.reported", number=number), 303)
    notice = Notice(form.reason.data, form.anonymous, form.text.data or "")
    added = report(desk(), comment, _reporter(form), notice)
    db.session.commit()
    if added is None:
        return redirect(url_for("moderation.reported", number=number, deja=1), 303)
    wake("mail")
    return redirect(url_for("moderation.reported", number=number), 303)


@blueprint.get("/commentaires/<int:number>/signale")
@public
def reported(number: int) -> ResponseReturnValue:
    """Say that the report has arrived, and what comes next."""
    comment = comments.by_id(db.session, number)
    if comment is None:
        raise NotFound
    consultation = db.session.get_one(Consultation, comment.consultation_id)
    return render("moderation/reported.html", consultation=consultation)


def _form(*typed: None) -> ReportForm:
    return ReportForm(*typed, known=current_user.is_authenticated)


def _reporter(form: ReportForm) -> Reporter:
    if current_user.is_authenticated:
        return Reporter(current_user.id, current_user.display_name, current_user.email)
    return Reporter(None, form.signature, form.address)


def _published(number: int) -> Comment:
    comment = comments.by_id(db.session, number)
    if comment is None or comment.state != "published":
        raise NotFound
    return comment


def _page(comment: Comment, form: ReportForm) -> str:
    return render(
        "moderation/report.html",
        comment=comment,
        consultation=db.session.get_one(Consultation, comment.consultation_id),
        form=form,
        labels=LABELS,
        errors=form.summary(),
    )
