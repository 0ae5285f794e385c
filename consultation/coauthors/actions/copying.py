"""Copy the sections of a draft into another, with the files attached to them. Never commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from consultation.responses import file_store
from consultation.responses.models import Attachment, ResponseSection


@dataclass(frozen=True, slots=True)
class Copying:
    """Who copies, when, and the ``folder`` where the files of the platform are kept."""

    by: int | None
    now: datetime
    folder: Path


def copy_sections(session: Session, source: int, target: int, how: Copying) -> list[str]:
    """Copy the sections that response ``target`` never saved from ``source``; return their keys.

    Files get a copy of their own: what is removed on one side stays on the other.
    """
    known = select(ResponseSection.section).where(ResponseSection.response_id == target)
    rows = session.execute(
        select(ResponseSection.section, ResponseSection.answers)
        .where(ResponseSection.response_id == source, ResponseSection.section.not_in(known))
        .order_by(ResponseSection.section)
    ).all()
    files = _copy_files(session, source, target, _named_in([row.answers for row in rows]), how)
    for row in rows:
        session.execute(
            insert(ResponseSection).values(
                response_id=target,
                section=row.section,
                answers=_with(files, row.answers),
                revision=1,
                saved_at=how.now,
                saved_by=how.by,
            )
        )
    return [row.section for row in rows]


def _copy_files(
    session: Session, source: int, target: int, named: Collection[str], how: Copying
) -> dict[str, str]:
    """Copy the files ``named`` in answers; return the new name of each."""
    statement = select(Attachment).where(
        Attachment.response_id == source, Attachment.id.in_(sorted(named))
    )
    found = session.scalars(statement).all() if named else []
    return {file.id: _copy_file(session, file, target, how) for file in found}


def _copy_file(session: Session, file: Attachment, target: int, how: Copying) -> str:
    name, bytes_at = file_store.new_name(), file_store.path(how.folder, file.id)
    if bytes_at.exists():
        file_store.keep(how.folder, name, bytes_at.read_bytes())
    session.execute(
        insert(Attachment).values(
            id=name,
            response_id=target,
            question=file.question,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            added_at=file.added_at,
            added_by=file.added_by,
        )
    )
    return name


def _named_in(value: Any) -> set[str]:
    """Return every identifier that answers hold: those of files are among them."""
    if isinstance(value, Mapping):
        own = {value["id"]} if isinstance(value.get("id"), str) else set()
        return own.union(*(_named_in(part) for part in value.values()))
    if isinstance(value, list):
        return set().union(*(_named_in(part) for part in value))
    return set()


def _with(files: Mapping[str, str], value: Any) -> Any:
    """Return answers with the new name of each file."""
    if isinstance(value, Mapping):
        named = {key: _with(files, part) for key, part in value.items()}
        return {**named, "id": files[value["id"]]} if value.get("id") in files else named
    if isinstance(value, list):
        return [_with(files, part) for part in value]
    return value
