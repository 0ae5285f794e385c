"""The administrator's reading of the journal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session, sessionmaker

from consultation.accounts import queries as people
from consultation.accounts.rules.naming import clean_email
from consultation.accounts.rules.refusal import Refusal
from consultation.accounts.rules.roles import ROLES
from consultation.accounts.views.desk import blueprint
from consultation.accounts.views.paging import Paging
from consultation.audit import actions, queries
from consultation.audit.models import AuditEvent
from consultation.audit.queries import Criteria
from consultation.audit.wording import details_line, noun, sentence
from consultation.db import db
from consultation.lib.cells import formula_safe
from consultation.web.access import requires
from consultation.web.frame import now, render
from consultation.web.typography import PARIS

COLUMNS = (
    "numero", "date_utc", "auteur", "action", "objet", "objet_id", "consultation", "details",
    "position", "empreinte",
)  # fmt: skip
NOBODY = -1
WRONG_DAY = "Saisissez une date, par exemple 11/03/2022"


@dataclass(slots=True)
class Filter:
    """What was typed above the journal, what it means, and what is wrong with it."""

    typed: dict[str, str]
    criteria: Criteria
    errors: list[tuple[str, str]] = field(default_factory=list)


@blueprint.get("/administration/journal")
@requires("administrator", of="site")
def journal() -> ResponseReturnValue:
    """Show who did what, the latest first."""
    wanted = _filter()
    paging = Paging.asked(0 if wanted.errors else queries.count(db.session, wanted.criteria))
    events = queries.events(
        db.session, wanted.criteria, offset=paging.offset, limit=0 if wanted.errors else paging.size
    )
    page = render(
        "accounts/journal.html",
        events=events,
        names=people.names(db.session, _people_of(events)),
        sentence=sentence,
        noun=noun,
        told=_told,
        verbs=sorted((sentence(verb), verb) for verb in queries.verbs(db.session)),
        typed=wanted.typed,
        errors=wanted.errors,
        paging=paging,
    )
    return page, 422 if wanted.errors else 200


@blueprint.post("/administration/journal/export")
@requires("administrator", of="site")
def export_journal() -> ResponseReturnValue:
    """Give the events of the filter as a spreadsheet; the journal says who took it."""
    wanted = _filter()
    if wanted.errors:
        return journal()
    actions.record(
        db.session,
        actor_id=current_user.id,
        verb="export_journal",
        subject="journal",
        subject_id="-",
        now=now(),
        details=wanted.typed,
    )
    db.session.commit()
    return Response(
        _lines(sessionmaker(db.engine), wanted.criteria),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="journal.csv"'},
    )


def _filter() -> Filter:
    names = ("action", "auteur", "objet", "du", "au")
    typed = {name: request.args.get(name, "").strip()[:200] for name in names}
    errors: list[tuple[str, str]] = []
    since, until = _day("du", typed, errors), _day("au", typed, errors)
    criteria = Criteria(
        verb=typed["action"] or None,
        subject_id=typed["objet"] or None,
        actor_id=_actor(typed["auteur"], errors),
        since=since,
        until=until + timedelta(days=1) if until else None,
    )
    return Filter({name: value for name, value in typed.items() if value}, criteria, errors)


def _actor(text: str, errors: list[tuple[str, str]]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 15:
        return int(text)
    try:
        user = people.by_email(db.session, clean_email(text))
    except Refusal as refusal:
        errors.append(("auteur", str(refusal)))
        return None
    return user.id if user else NOBODY


def _day(name: str, typed: dict[str, str], errors: list[tuple[str, str]]) -> datetime | None:
    text = typed[name]
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day, not a moment
        except ValueError:
            continue
        if date(2000, 1, 1) <= day <= date(2200, 1, 1):
            return datetime.combine(day, time(), PARIS)
    errors.append((name, WRONG_DAY))
    return None


def _people_of(events: Iterable[AuditEvent]) -> set[int]:
    found = {event.actor_id for event in events if event.actor_id is not None}
    return found | {int(e.subject_id) for e in events if e.subject == "user"}


def _told(event: AuditEvent) -> str:
    """Return the details of an event on one line."""
    details = dict(event.details)
    if "role" in details:
        details["role"] = ROLES.get(str(details["role"]), details["role"])
    return details_line(details)


def _lines(session_factory: sessionmaker[Session], criteria: Criteria) -> Iterator[str]:
    """Yield the lines, read in a session of their own: they leave after the request is over."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    with session_factory() as session:
        for event in queries.stream(session, criteria):
            writer.writerow([formula_safe(cell) for cell in _cells(event)])
            yield _emptied(buffer)
    yield _emptied(buffer)


def _cells(event: AuditEvent) -> list[str]:
    numbers = (event.actor_id, event.consultation_id, event.position)
    actor, consultation, position = ("" if n is None else str(n) for n in numbers)
    details = json.dumps(event.details, ensure_ascii=False, sort_keys=True)
    return [
        str(event.id), event.at.isoformat(), actor, event.verb, event.subject, event.subject_id,
        consultation, details, position, event.hash or "",
    ]  # fmt: skip


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
