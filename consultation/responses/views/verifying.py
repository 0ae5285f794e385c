"""The public page that says whether a receipt is ours, and nothing more."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from consultation.db import db
from consultation.responses import queries
from consultation.responses.forms import ReceiptForm
from consultation.responses.views.desk import blueprint
from consultation.web.access import public
from consultation.web.frame import render
from consultation.web.limits import limiter

UNKNOWN = "Ce code ne correspond à aucune contribution. Vérifiez les 32 caractères"


@blueprint.route("/verifier", methods=["GET", "POST"])
@public
@limiter.limit("60 per minute", methods=["POST"])
def verify() -> ResponseReturnValue:
    """Say yes or no, and the date, to whoever holds a receipt."""
    form, received_at = ReceiptForm(), None
    if form.validate_on_submit():
        received_at = queries.received_at(db.session, form.receipt)
        if received_at is None:
            form.code.errors = [UNKNOWN]
    errors = form.summary()
    page = render("responses/verify.html", form=form, errors=errors, received_at=received_at)
    return page, 422 if errors else 200
