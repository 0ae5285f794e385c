"""The questionnaire as a file of another tool; never an answer in it."""

from __future__ import annotations

from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.authoring.views.desk import ORGANISER, blueprint, started_desk
from consultation.questionnaires.compiled import CompileError
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.formats.doors import WRITERS
from consultation.web.refusals import refuse

BROKEN = "Ce brouillon ne peut pas être exporté tel quel. Corrigez d’abord les contrôles en erreur."


@blueprint.get("/export/<format>")
@ORGANISER
def export(slug: str, format: str) -> ResponseReturnValue:
    """Give the draft, else the published version, in one format."""
    at, writer = started_desk(), WRITERS.get(format)
    if writer is None:
        raise NotFound
    try:
        data = writer.write(at.questionnaire)
    except (CompileError, ExpressionError):
        refuse(409, BROKEN)
    name = f"{at.questionnaire.code}-v{at.number if at.draft else at.source.number}"
    return send_file(
        BytesIO(data),
        mimetype=writer.media_type,
        as_attachment=True,
        download_name=f"{name}.{writer.extension}",
    )
