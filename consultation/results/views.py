"""The results of a consultation, for those who organise it and analyse it."""

from __future__ import annotations

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from consultation.consultations.models import Consultation
from consultation.consultations.rules import phase
from consultation.db import db
from consultation.results.figures import Masked
from consultation.web.access import requires
from consultation.web.frame import now, render
from consultation.web.refusals import refuse

blueprint = Blueprint("results", __name__)


@blueprint.app_template_test("masked")
def is_masked(figure: object) -> bool:
    """Tell a masked figure from a shown one."""
    return isinstance(figure, Masked)


@blueprint.get("/espace/<slug>/resultats")
@requires("organiser", "analyst", of="consultation")
def explore(slug: str) -> ResponseReturnValue:
    """Show a section: every question as a chart and a table, filtered or crossed."""
    # Here and not above: what counts weighs 20 MB, and most processes never show a result.
    from consultation.results import crossing, drawing, exploring, findings, queries

    consultation: Consultation = g.consultation
    common = {"consultation": consultation, "phase": phase(consultation, now())}
    if consultation.version_id is None:
        return render("results/explore.html", **common, sections=())
    sections = queries.sections(db.session, consultation)
    breakdowns = queries.breakdowns(db.session, consultation)
    if not sections:
        return render("results/explore.html", **common, sections=())
    try:
        view = exploring.read(request.args, sections, breakdowns)
    except exploring.RefusedExplorationError as refused:
        refuse(400, str(refused))
    summary = queries.summary(
        db.session, consultation, view.section, view.filters, "organiser", view.by
    )
    everybody = queries.respondents(db.session, consultation)
    db.session.commit()  # keeps what had to be counted again
    return render(
        "results/explore.html",
        **common,
        sections=sections,
        breakdowns=breakdowns,
        view=view,
        groups=exploring.described(view, breakdowns),
        summary=summary,
        everybody=everybody,
        short_name=exploring.short_name,
        finding=findings.finding,
        drawing=drawing,
        grid=crossing.grid,
        names={
            "section": exploring.SECTION,
            "filter": exploring.FILTER,
            "crossing": exploring.CROSSING,
        },
    )
