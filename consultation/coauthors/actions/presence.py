"""Say that a co-author has a section open, or has left it. Nothing here commits."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import Boolean, String, Update, bindparam, case, exists, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from consultation.db import Identifier
from consultation.responses.models import CoAuthor, Response


def show_presence(
    session: Session,
    *,
    consultation_id: int,
    response_id: int,
    user_id: int,
    section: str,
    leaving: bool,
    now: datetime,
) -> bool:
    """Keep that the person has ``section`` open, or leaves it; one statement.

    Leaving forgets that section alone: the sign of the next page may well come first. Return
    whether they write this response: nothing is kept otherwise.
    """
    signs = {
        "consultation": consultation_id,
        "response": response_id,
        "person": user_id,
        "part": section,
        "leaving": leaving,
        "moment": now,
    }
    result = session.execute(_statement(), signs)
    return isinstance(result, CursorResult) and result.rowcount == 1


@cache
def _statement() -> Update:
    # Built once, and on the table: each open page sends it three times a minute.
    table = CoAuthor.__table__
    mine = exists().where(
        Response.id == table.c.response_id,
        Response.consultation_id == bindparam("consultation", type_=Identifier),
    )
    part = bindparam("part", type_=String)
    leaving = bindparam("leaving", type_=Boolean)
    here = case((~leaving, part), (table.c.section == part, None), else_=table.c.section)
    return (
        update(table)  # type: ignore[arg-type]
        .where(
            table.c.response_id == bindparam("response", type_=Identifier),
            table.c.user_id == bindparam("person", type_=Identifier),
            mine,
        )
        .values(section=here, seen_at=bindparam("moment"))
    )
