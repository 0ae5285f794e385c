"""The whole questionnaire on paper: a page to print, and a PDF."""

from __future__ import annotations

from io import BytesIO

from flask import request, send_file
from flask.typing import ResponseReturnValue

from consultation.authoring import typesetting
from consultation.authoring.paper import Paper
from consultation.authoring.paper import paper as laid_out
from consultation.authoring.views import pages
from consultation.authoring.views.desk import ORGANISER, Desk, blueprint, started_desk
from consultation.lib.recent import Recent
from consultation.web.frame import render

_made: Recent[str, bytes] = Recent(8)


@blueprint.get("/imprimer")
@ORGANISER
def paper(slug: str) -> ResponseReturnValue:
    """Show every question with boxes and lines."""
    at = started_desk()
    found = _paper(at)
    languages = [(code, pages.LANGUAGES.get(code, code)) for code in at.questionnaire.languages]
    return render("authoring/paper.html", desk=at, paper=found, languages=languages)


@blueprint.get("/questionnaire.pdf")
@ORGANISER
def paper_pdf(slug: str) -> ResponseReturnValue:
    """Give the same as a tagged PDF."""
    at = started_desk()
    found = _paper(at)
    name = f"{at.overview.shown.digest}.{found.language}.{found.state}"
    data = _made.get(name) or _made.keep(name, typesetting.pdf(found))
    file_name = f"{at.questionnaire.code}-{found.language}.pdf"
    return send_file(BytesIO(data), "application/pdf", download_name=file_name)


def _paper(at: Desk) -> Paper:
    language = pages.language_of(at, None, request.args.get("langue", ""))
    number = at.number if at.draft else at.source.number
    return laid_out(at.overview, language, number, draft=at.draft is not None)
