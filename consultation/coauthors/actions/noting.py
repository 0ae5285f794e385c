"""Write, settle and delete the notes between co-authors. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from consultation.coauthors.models import Note
from consultation.coauthors.rules.writing import clean_note

_BLIND = {"synchronize_session": False}


def add_note(
    session: Session, *, response_id: int, author_id: int, target: str, text: str, now: datetime
) -> None:
    """Add a note to the others, on a target that exists.

    Raises:
        Refused: the text is empty or too long.
    """
    note = Note(response_id=response_id, author_id=author_id, target=target, written_at=now)
    note.text = clean_note(text)
    session.add(note)


def settle_note(
    session: Session, *, response_id: int, note_id: int, user_id: int, now: datetime
) -> bool:
    """Mark a note as settled, whoever wrote it; tell whether it was open."""
    statement = (
        update(Note)
        .where(Note.id == note_id, Note.response_id == response_id, Note.resolved_at.is_(None))
        .values(resolved_at=now, resolved_by=user_id)
    )
    result = session.execute(statement, execution_options=_BLIND)
    return isinstance(result, CursorResult) and result.rowcount == 1


def delete_note(session: Session, *, response_id: int, note_id: int, author_id: int) -> bool:
    """Delete a note of one's own; tell whether there was one."""
    statement = delete(Note).where(
        Note.id == note_id, Note.response_id == response_id, Note.author_id == author_id
    )
    result = session.execute(statement, execution_options=_BLIND)
    return isinstance(result, CursorResult) and result.rowcount == 1
