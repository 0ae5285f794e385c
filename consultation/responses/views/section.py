"""One section of a draft: its page, and what its buttons and its script post."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.responses import reading
from consultation.responses.draft import section_of
from consultation.responses.pages import Sight, sight
from consultation.responses.views.desk import Desk, desk, gone, not_open, page, to_consultation
from consultation.responses.views.saving import save
from consultation.responses.views.showing import section_page
from consultation.web.access import requires
from consultation.web.kept import refills, waiting_for


@page("/<int:number>", "GET", "POST")
@requires(of="consultation")
@refills
def section(slug: str, number: int, shared: int | None = None) -> ResponseReturnValue:
    """Show one section of the draft, or save it."""
    at = desk(shared)
    part, draft = section_of(at.version, number), at.draft()
    if part is None:
        raise NotFound
    if draft is None:
        return gone(at) if request.method == "POST" else to_consultation(at)
    if not at.open:
        return redirect(at.url("check")) if request.method == "GET" else not_open(at, draft)
    seen = sight(at.version, part, draft, at.today, at.language)
    return save(at, seen) if request.method == "POST" else _show(at, seen)


def _show(at: Desk, seen: Sight) -> ResponseReturnValue:
    left = waiting_for(request.path)
    if left is None:
        revision = seen.draft.revision(seen.section.section.key)
        return section_page(at, seen, seen.answers, revision)
    posted = reading.posted(left.to_dict(flat=False))
    answers = reading.read(seen.section, posted, seen.answers, seen.keys, seen.offers)
    flash("Voici ce que vous aviez saisi. Enregistrez pour le garder.", "warn")
    again = seen.with_answers(answers)
    return section_page(at, again, answers, posted.revision, base=posted.base)
