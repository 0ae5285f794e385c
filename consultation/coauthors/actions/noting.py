"""Write, settle and delete the notes between co-authors. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, false, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from consultation.coauthors.actions.scene import take_turn
from consultation.coauthors.models import Note
from consultation.coauthors.rules.writing import check_room, clean_note

_BLIND = {"synchronize_session": False}


def add_note(
    session: Session, *, response_id: int, author_id: int, target: str, text: str, now: datetime
) -> bool:
    """Add a note to the others, on a target that exists; ``False`` when the same is there already.

    Raises:
        Refused: the text is empty or too long, there are too many notes already, or another
            response took this one over.
    """
    words = clean_note(text)
    take_turn(session, response_id)
    same = and_(
        Note.author_id == author_id,
        Note.target == target,
        Note.text == words,
        Note.resolved_at.is_(None),
    )
    columns = func.count(), func.count().filter(same)
    there, twice = session.execute(select(*columns).where(Note.response_id == response_id)).one()
    if twice:
        return False
    check_room(there)
    note = Note(response_id=response_id, author_id=author_id, target=target, written_at=now)
    note.text = words
    session.add(note)
    return True


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


def delete_note(
    session: Session, *, response_id: int, note_id: int, user_id: int, signs: bool
) -> bool:
    """Delete a note of one's own, or a settled one for who ``signs``; tell if there was one."""
    theirs = or_(Note.author_id == user_id, Note.resolved_at.is_not(None) if signs else false())
    statement = delete(Note).where(Note.id == note_id, Note.response_id == response_id, theirs)
    result = session.execute(statement, execution_options=_BLIND)
    return isinstance(result, CursorResult) and result.rowcount == 1
