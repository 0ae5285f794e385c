"""The public register of heads, and the file that proves a submission."""

from __future__ import annotations

from flask import Blueprint, current_app, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.db import db
from consultation.responses import history
from consultation.responses.models import Submission
from consultation.responses.queries import counted_submission
from consultation.responses.views.desk import OWN, SHARED, desk
from consultation.transparency import queries
from consultation.transparency.rules import signing_key
from consultation.web.access import public, requires
from consultation.web.frame import render
from consultation.web.refusals import refuse

blueprint = Blueprint("transparency", __name__)
PAGE = 50
NOT_YET = (
    "Votre contribution entre dans le registre dans quelques minutes. "
    "Revenez télécharger votre preuve un peu plus tard."
)


def public_key() -> str:
    """Return the public key of the site, in hexadecimal."""
    secret: str = current_app.extensions["settings"].secret_key
    return signing_key(secret).public_key().public_bytes_raw().hex()


@blueprint.get("/preuve")
@public
def heads() -> ResponseReturnValue:
    """Show the signed heads, latest first."""
    page = max(request.args.get("page", 1, type=int), 1)
    found = queries.heads(db.session, limit=PAGE, offset=(min(page, 100_000) - 1) * PAGE)
    closings = queries.closings(db.session)
    return render(
        "transparency/heads.html",
        heads=found,
        closings=closings,
        titles=queries.titles(db.session, [closing.consultation for closing in closings]),
        count=queries.count_heads(db.session),
        page=page,
        size=PAGE,
        key=public_key(),
    )


@blueprint.get("/preuve/tetes.json")
@public
def published() -> ResponseReturnValue:
    """Return every head, as the offline verification reads them."""
    return jsonify(queries.published(db.session, public_key()))


@blueprint.get("/preuve/coherence/<int:old>/<int:new>.json")
@public
def consistency(old: int, new: int) -> ResponseReturnValue:
    """Return the proof that one head only added to an earlier one."""
    try:
        proof = queries.consistency(db.session, old, new)
    except ValueError:
        refuse(404, "Ces deux tailles ne sont pas celles de deux têtes publiées, dans l’ordre.")
    return jsonify({"old": old, "new": new, "proof": [step.hex() for step in proof]})


@blueprint.get("/consultations/<slug>/contribution/preuve.json")
@blueprint.get("/consultations/<slug>/contribution/organisme/<int:shared>/preuve.json")
@requires(of="consultation")
def receipt(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Return the receipt file of the person's submission, or of one they share."""
    sent = counted_submission(db.session, g.consultation.id, current_user.id, shared)
    if sent is None:
        refuse(404, "Vous n’avez pas envoyé de contribution à cette consultation.")
    return _file(sent)


@blueprint.get(f"{OWN}/envois/<int:number>/preuve.json")
@blueprint.get(f"{SHARED}/envois/<int:number>/preuve.json")
@requires(of="consultation")
def proof(slug: str, number: int, shared: int | None = None) -> ResponseReturnValue:
    """Return the receipt file of one submission of the person, counted or not."""
    draft = desk(shared).draft()
    found = history.whole(db.session, draft.response_id, number) if draft else {}
    if number not in found:
        raise NotFound
    return _file(found[number][1])


def _file(sent: Submission) -> ResponseReturnValue:
    found = queries.receipt_of(db.session, sent.id)
    if found is None:
        refuse(409, NOT_YET)
    answer = jsonify({**found, "heads": url_for("transparency.published", _external=False)})
    answer.headers["Content-Disposition"] = f'attachment; filename="preuve-{sent.receipt}.json"'
    return answer
