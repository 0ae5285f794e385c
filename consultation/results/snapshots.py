"""The figures of a consultation as they stand: counted and masked once, then only read."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.audit.models import AuditEvent
from consultation.consultations.models import Consultation
from consultation.db import upsert
from consultation.lib.recent import Recent
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.models import QuestionnaireVersion
from consultation.questionnaires.queries import compiled
from consultation.responses.models import Response, Submission
from consultation.responses.queries import current_vectors
from consultation.results.counted import Counted
from consultation.results.counting import Counter
from consultation.results.disclosure.cells import Thresholds, Whole
from consultation.results.gate import Gate, GatedQuestion
from consultation.results.links import links
from consultation.results.models import Snapshot
from consultation.results.packing import pack_counted, pack_gated, unpack_counted, unpack_gated
from consultation.results.questions import Plan, plan

METHOD = 1
"""Raise it when counting or masking changes: older snapshots are then computed again."""


@dataclass(frozen=True)
class Masks:
    """The reasons of everybody, and of each question of a section."""

    everybody: Whole
    questions: dict[str, GatedQuestion]


@dataclass
class Figures:
    """Everything counted of a consultation, and its masks by section, as they are asked for."""

    state: str
    plan: Plan
    counted: Counted
    gate: Gate
    masks: dict[int, Masks] = field(default_factory=dict)


_recent: Recent[tuple[str, int, str], Figures] = Recent(8)
_states: Recent[tuple[str, int], tuple[tuple[Any, ...], float, str]] = Recent(64)

STALE_AFTER = 60.0
"""Seconds after which the state is asked again even when nothing seems to have happened."""


def figures(session: Session, consultation: Consultation) -> Figures:
    """Return the figures as they stand, from memory, from the last snapshot or counted again.

    A new count is added to the session as a snapshot: commit to keep it.
    """
    state = current_state(session, consultation)
    key = str(session.get_bind().engine.url), consultation.id, state
    found = _recent.get(key)
    return found or _recent.keep(key, _load(session, consultation, state))


def masks(session: Session, consultation: Consultation, found: Figures, section: int) -> Masks:
    """Return the masks of the questions of a section, from its snapshot or computed."""
    if section not in found.masks:
        part = f"section:{section}"
        data = _kept(session, consultation.id, part, found.state)
        if data is None:
            fresh = {q.key: found.gate.question(q.key) for q in found.plan.of_section(section)}
            data = pack_gated(found.gate.everybody.reasons, fresh)
            _keep(session, consultation.id, part, found.state, data)
        found.masks[section] = Masks(*unpack_gated(data))
    return found.masks[section]


def current_state(session: Session, consultation: Consultation) -> str:
    """Return a text that changes as soon as a figure may."""
    rules = consultation.minimum_organisations, consultation.minimum_individuals
    counted = _counted_state(session, consultation.id)
    version = consultation.version_id
    return f"{METHOD}:{version}:{counted}:{rules[0]}:{rules[1]}:{consultation.dominance}"


def _counted_state(session: Session, consultation_id: int) -> str:
    """Return which submissions count. Asked again only when something happened, or each minute.

    Counting the rows takes half a second for a million; the last numbers of two tables, nothing.
    Whatever changes a response is written in the journal with it.
    """
    last = select(func.max(Submission.id)).scalar_subquery()
    event = select(func.max(AuditEvent.id)).scalar_subquery()
    marks = tuple(session.execute(select(last, event)).one())
    key = str(session.get_bind().engine.url), consultation_id
    known = _states.get(key)
    if known and known[0] == marks and monotonic() - known[1] < STALE_AFTER:
        return known[2]
    return _states.keep(key, (marks, monotonic(), _ask_state(session, consultation_id)))[2]


def _ask_state(session: Session, consultation_id: int) -> str:
    statement = (
        select(
            Response.status,
            func.count(),
            func.max(Response.submission_id),
            func.sum(Response.submission_id),
        )
        .where(Response.consultation_id == consultation_id)
        .group_by(Response.status)
    )
    rows = {row[0]: tuple(row)[1:] for row in session.execute(statement)}
    number, last, added = rows.get("sent", (0, 0, 0))
    return f"{number}:{last}:{added}:{rows.get('withdrawn', (0,))[0]}"


def _load(session: Session, consultation: Consultation, state: str) -> Figures:
    versions = _versions(session, consultation)
    current = versions[int(consultation.version_id or 0)]
    whole = plan([current, *(v for v in versions.values() if v is not current)])
    data = _kept(session, consultation.id, "counts", state)
    if data is None:
        counted = count(session, consultation.id, whole, versions)
        _keep(session, consultation.id, "counts", state, pack_counted(whole, counted))
    else:
        counted = unpack_counted(whole, data)
    thresholds = Thresholds(
        consultation.minimum_organisations,
        consultation.minimum_individuals,
        consultation.dominance,
    )
    depends = {key: links(whole, current, q) for key, q in whole.questions.items()}
    return Figures(state, whole, counted, Gate(whole, counted, thresholds, depends))


def count(
    session: Session, consultation_id: int, whole: Plan, versions: dict[int, CompiledVersion]
) -> Counted:
    """Count the submissions that stand now, in blocks."""
    counter = Counter(whole, versions, _repeats(session, consultation_id))
    for block in current_vectors(session, consultation_id):
        counter.add(block)
    return counter.result()


def _versions(session: Session, consultation: Consultation) -> dict[int, CompiledVersion]:
    """Return the version in force, then those of the submissions, the latest first."""
    used = select(Submission.id).where(
        Submission.version_id == QuestionnaireVersion.id,
        Submission.consultation_id == consultation.id,
    )
    statement = (
        select(QuestionnaireVersion.id)
        .where(used.exists())
        .order_by(QuestionnaireVersion.id.desc())
    )
    numbers = [consultation.version_id, *session.scalars(statement)]
    return {n: compiled(session, n) for n in dict.fromkeys(numbers) if n is not None}


def _repeats(session: Session, consultation_id: int) -> Whole:
    """Return the units that have several submissions that count, sorted."""
    statement = (
        select(Submission.unit)
        .join(Response, Response.submission_id == Submission.id)
        .where(Response.consultation_id == consultation_id)
        .group_by(Submission.unit)
        .having(func.count() > 1)
        .order_by(Submission.unit)
    )
    return np.array(session.scalars(statement).all(), dtype=np.int64)


def _kept(session: Session, consultation_id: int, part: str, state: str) -> bytes | None:
    statement = select(Snapshot.data).where(
        Snapshot.consultation_id == consultation_id,
        Snapshot.part == part,
        Snapshot.state == state,
    )
    return session.scalar(statement)


def _keep(session: Session, consultation_id: int, part: str, state: str, data: bytes) -> None:
    row = {"consultation_id": consultation_id, "part": part, "state": state, "data": data}
    statement = upsert(session, Snapshot).values(**row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["consultation_id", "part"], set_={"state": state, "data": data}
        )
    )


def forget_figures() -> None:
    """Forget what this process remembers: for tests that build a database again."""
    _recent.clear()
    _states.clear()
