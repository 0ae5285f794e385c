"""The only door of figures: whatever leaves it has passed the disclosure gate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.results.counted import total
from consultation.results.figures import (
    Audience,
    Column,
    Count,
    RefusedRequestError,
    SafeTable,
    TableRequest,
)
from consultation.results.masked import Place, figure
from consultation.results.questions import Breakdown, Choice, Plan
from consultation.results.slicing import View
from consultation.results.snapshots import Figures, Masks, figures, masks

UNKNOWN = ""
"""The value of a column for those who did not say: they are counted with everybody."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A section: how many respondents the request holds, and a table per question."""

    respondents: Count
    tables: tuple[SafeTable, ...]


def table(session: Session, request: TableRequest) -> SafeTable:
    """Return one table, safe for its audience.

    The session may hold a snapshot to commit.

    Raises:
        LookupError: there is no such question.
        RefusedRequestError: no such breakdown or value, or too many for this audience.
    """
    found = figures(session, request.consultation)
    question = found.plan.questions.get(request.question)
    if question is None:
        raise LookupError(request.question)
    hidden = masks(session, request.consultation, found, question.section)
    return _table(found, hidden, request)


def summary(
    session: Session,
    consultation: Consultation,
    section: int,
    filters: Mapping[str, str] | None = None,
    audience: Audience = "organiser",
    by: str | None = None,
) -> Summary:
    """Return every question of a section, safe for its audience.

    Raises:
        LookupError: there is no such section.
        RefusedRequestError: see :func:`table`.
    """
    found = figures(session, consultation)
    questions = found.plan.of_section(section)
    if str(section) not in {part.value for part in found.plan.sections}:
        raise LookupError(section)
    hidden = masks(session, consultation, found, section)
    kept = dict(filters or {})
    place = _place(found.plan, kept)
    requests = [TableRequest(consultation, q.key, by, kept, audience) for q in questions]
    return Summary(
        figure(found.counted.everybody.n, hidden.everybody, place),
        tuple(_table(found, hidden, request) for request in requests),
    )


def respondents(session: Session, consultation: Consultation) -> int:
    """Return how many submissions count, whatever is asked: no figure is hidden by knowing it."""
    return total(figures(session, consultation).counted.everybody)


def sections(session: Session, consultation: Consultation) -> tuple[Choice, ...]:
    """Return the sections that have questions to tabulate: number and title."""
    whole = figures(session, consultation).plan
    return tuple(part for part in whole.sections if whole.of_section(int(part.value)))


def breakdowns(session: Session, consultation: Consultation) -> tuple[Breakdown, ...]:
    """Return the questions that results are filtered and crossed by."""
    return figures(session, consultation).plan.breakdowns


def _table(found: Figures, hidden: Masks, request: TableRequest) -> SafeTable:
    question = found.plan.questions[request.question]
    by = None if request.by == question.key else request.by
    _check(found.plan, request)
    place = _place(found.plan, request.filters)
    columns, places = _columns(found, by, place)
    view = View(
        found.plan,
        question,
        found.counted,
        hidden.everybody,
        found.counted.questions[question.key],
        hidden.questions[question.key],
        places,
    )
    return view.table(by, columns)


def _check(plan: Plan, request: TableRequest) -> None:
    used = [*request.filters, *([request.by] if request.by else [])]
    known = {breakdown.key for breakdown in plan.breakdowns}
    if not set(used) <= known:
        raise RefusedRequestError("Choisissez un critère de la liste")
    if request.by in request.filters:
        raise RefusedRequestError("Croisez avec un autre critère que celui du filtre")
    if request.audience == "public" and len(used) > 1:
        raise RefusedRequestError("Choisissez un seul critère à la fois")


def _place(plan: Plan, filters: Mapping[str, str]) -> Place:
    """Return the place of the respondents that ``filters`` keep."""
    try:
        for key in filters:
            plan.breakdown(key)
        return tuple(b.place(filters.get(b.key)) for b in plan.breakdowns)
    except LookupError as error:
        raise RefusedRequestError("Choisissez une valeur de la liste") from error


def _columns(
    found: Figures, by: str | None, place: Place
) -> tuple[tuple[Column, ...], tuple[Place, ...]]:
    """Return everybody in the request, then one column per value of ``by``."""
    columns, places = [Column(None, "Ensemble")], [place]
    if by is not None:
        axis = found.plan.breakdown(by)
        breakdown = found.plan.breakdowns[axis]
        for at, choice in enumerate(breakdown.choices):
            columns.append(Column(choice.value, choice.label))
            places.append((*place[:axis], at, *place[axis + 1 :]))
        unknown = (*place[:axis], len(breakdown.choices), *place[axis + 1 :])
        if found.counted.everybody.n[unknown]:
            columns.append(Column(UNKNOWN, "Non renseigné"))
            places.append(unknown)
    return tuple(columns), tuple(places)


def tables(
    session: Session, consultation: Consultation, crossings: Iterable[str | None] = (None,)
) -> Iterator[SafeTable]:
    """Yield every question of every section, once for each of ``crossings`` but by itself.

    The figures are read once and the masks once a section, whatever the number of tables.
    """
    found, asked = figures(session, consultation), tuple(crossings)
    for part in found.plan.sections:
        hidden = None
        for question in found.plan.of_section(int(part.value)):
            hidden = hidden or masks(session, consultation, found, question.section)
            for by in asked:
                if by != question.key:
                    yield _table(found, hidden, TableRequest(consultation, question.key, by))
