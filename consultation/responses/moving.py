"""Keeping drafts whole when a new version of the questionnaire moves questions. Never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from consultation.db import upsert
from consultation.questionnaires.compiled import CompiledVersion
from consultation.responses.models import Response, ResponseSection

AnyRow = Row[*tuple[Any, ...]]


def moved_questions(old: CompiledVersion, new: CompiledVersion) -> dict[str, str]:
    """Return the key of the section where each question is now, for those that changed section."""
    homes = _homes(new)
    return {
        key: homes[key] for key, home in _homes(old).items() if key in homes and homes[key] != home
    }


def _homes(version: CompiledVersion) -> dict[str, str]:
    return {item.key: section.section.key for section in version.sections for item in section.items}


def rehome(
    session: Session,
    consultation_id: int,
    old: CompiledVersion,
    new: CompiledVersion,
    now: datetime,
) -> int:
    """Put drafted answers in the section that now holds their question; return how many drafts.

    Every row that changes gets a new revision: a page opened before finds both versions.
    """
    moved = moved_questions(old, new)
    if not moved:
        return 0
    rows = session.execute(_rows_of(consultation_id)).all()
    changed = 0
    for _, found in groupby(rows, key=lambda row: row.response_id):
        changed += _rehome_one(session, list(found), moved, now)
    return changed


def _rows_of(consultation_id: int) -> Any:
    return (
        select(
            ResponseSection.response_id,
            ResponseSection.section,
            ResponseSection.answers,
            ResponseSection.revision,
        )
        .join(Response, Response.id == ResponseSection.response_id)
        .where(Response.consultation_id == consultation_id)
        .order_by(ResponseSection.response_id, ResponseSection.section)
        .with_for_update(of=ResponseSection)
    )


def _rehome_one(
    session: Session, rows: Sequence[AnyRow], moved: Mapping[str, str], now: datetime
) -> bool:
    before: dict[str, dict[str, Any]] = {row.section: dict(row.answers) for row in rows}
    after = {section: dict(answers) for section, answers in before.items()}
    for section, answers in before.items():
        for name, answer in answers.items():
            home = moved.get(name.partition(".")[0])
            if home is not None and home != section:
                after.setdefault(home, {}).setdefault(name, answer)
                del after[section][name]
    changed = [section for section in after if after[section] != before.get(section)]
    for section in changed:
        _write(session, rows[0].response_id, section, after[section], section in before, now)
    return bool(changed)


def _write(
    session: Session,
    response_id: int,
    section: str,
    answers: dict[str, Any],
    known: bool,
    now: datetime,
) -> None:
    if not known:
        values = {"response_id": response_id, "section": section, "answers": answers}
        session.execute(upsert(session, ResponseSection).values(**values, revision=1, saved_at=now))
        return
    statement = (
        update(ResponseSection)
        .where(ResponseSection.response_id == response_id, ResponseSection.section == section)
        .values(answers=answers, revision=ResponseSection.revision + 1)
    )
    session.execute(statement, execution_options={"synchronize_session": False})
