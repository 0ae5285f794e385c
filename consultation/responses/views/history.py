"""What was sent, each time: the list, one submission as it was, what changed, and the papers."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.accounts.views.paging import Paging
from consultation.db import db
from consultation.questionnaires.queries import compiled
from consultation.responses import history as past
from consultation.responses import typesetting
from consultation.responses.draft import Draft
from consultation.responses.models import Submission
from consultation.responses.paper import Facts, paper
from consultation.responses.sent import Reading, Sent, changes
from consultation.responses.views.desk import Desk, desk, on_behalf, page, to_consultation
from consultation.web.access import requires
from consultation.web.frame import render
from consultation.web.limits import limiter
from consultation.web.refusals import refuse
from consultation.web.typography import in_paris

OFTEN = "30 per minute"
"""A PDF costs as much as ten pages."""


@page("/historique")
@requires(of="consultation")
def history(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """List every submission of the response, the last first."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    paging = Paging.asked(draft.last.number if draft.last else 0)
    found = past.submissions(db.session, draft.response_id, limit=paging.size, offset=paging.offset)
    return render("responses/history.html", desk=at, draft=draft, submissions=found, paging=paging)


@page("/envois/<int:number>")
@requires(of="consultation")
def submission(slug: str, number: int, shared: int | None = None) -> ResponseReturnValue:
    """Show one submission as it was sent, with the questionnaire of that day."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    [(sent, row)] = _found(draft, number)
    return render("responses/submission.html", desk=at, sent=sent, reading=_reading(at, row))


@page("/envois/<int:number>/depuis/<int:before>")
@requires(of="consultation")
def comparison(
    slug: str, number: int, before: int, shared: int | None = None
) -> ResponseReturnValue:
    """Show what changed between two submissions, question by question."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    (then, old), (sent, new) = _found(draft, before, number)
    return render(
        "responses/comparison.html",
        desk=at,
        then=then,
        sent=sent,
        changes=changes(_reading(at, old), _reading(at, new)),
    )


@page("/historique/comparer")
@requires(of="consultation")
def compare(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Lead to the comparison that the two lists of the history ask for, the older first."""
    at = desk(shared)
    typed = [request.args.get(name, "") for name in ("de", "a")]
    if not all(one.isascii() and one.isdecimal() and len(one) < 6 for one in typed):
        refuse(400, "Choisissez deux envois dans les listes, puis comparez-les.")
    before, number = sorted(int(one) for one in typed)
    return redirect(at.url("comparison", number=number, before=before))


@page("/envois/<int:number>.pdf")
@requires(of="consultation")
@limiter.limit(OFTEN)
def submission_pdf(slug: str, number: int, shared: int | None = None) -> ResponseReturnValue:
    """Give one submission as a tagged PDF."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    [(sent, row)] = _found(draft, number)
    return _pdf(at, draft, _reading(at, row), sent, f"{at.slug}-envoi-{sent.number}.pdf")


@page("/brouillon.pdf")
@requires(of="consultation")
@limiter.limit(OFTEN)
def draft_pdf(slug: str, shared: int | None = None) -> ResponseReturnValue:
    """Give the draft as it stands as a tagged PDF that says it was not sent."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        return to_consultation(at)
    reading = Reading(at.version, draft.answers, at.today, at.language)
    return _pdf(at, draft, reading, None, f"{at.slug}-brouillon.pdf")


def _found(draft: Draft, *numbers: int) -> list[tuple[Sent, Submission]]:
    found = past.whole(db.session, draft.response_id, *numbers)
    if not found.keys() >= set(numbers):
        raise NotFound
    return [found[number] for number in numbers]


def _reading(at: Desk, row: Submission) -> Reading:
    version = compiled(db.session, row.version_id)
    spoken = at.language if at.language in version.questionnaire.languages else "fr"
    return Reading(version, row.answers, in_paris(row.submitted_at).date(), spoken)


def _pdf(
    at: Desk, draft: Draft, reading: Reading, sent: Sent | None, name: str
) -> ResponseReturnValue:
    organisation = on_behalf(draft)
    facts = Facts(
        consultation=at.consultation.title,
        organiser=at.consultation.organiser,
        on_behalf=organisation.name if organisation else "",
        printed_at=at.now,
        sent=sent,
    )
    data = typesetting.pdf(paper(reading, facts))
    answer = send_file(BytesIO(data), "application/pdf", download_name=name, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
