"""The statements that every respondent sends, built once.

Building an expression and finding its compiled form costs more CPU than the database takes to
run it, so what changes from one call to the next is a bound parameter. Table objects rather than
classes: the session then hands the statement to the connection as it is.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    Insert,
    Integer,
    String,
    Update,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from consultation.db import Identifier, Instant, Json, insert_into
from consultation.responses.models import CoAuthor, Response, ResponseSection, Submission
from consultation.responses.queries import own_of, written_by


def save(session: Session) -> Insert:
    """Return the upsert of one section of a draft, that returns its revision.

    Parameters: ``response``, ``owner``, ``part`` (the key of the section), ``typed`` (its answers),
    ``moment`` and ``seen``, the revision that the person had before their eyes.
    """
    return _save(session.get_bind().dialect.name)


@cache
def _save(dialect: str) -> Insert:
    row = select(
        Response.id,
        bindparam("part", type_=String),
        bindparam("typed", type_=Json),
        literal(1),
        bindparam("moment", type_=Instant),
        bindparam("owner", type_=Identifier),
    ).where(
        Response.id == bindparam("response"),
        or_(own_of(bindparam("owner")), written_by(bindparam("owner"))),
        Response.status.in_(("draft", "sent", "withdrawn")),
        Response.merged_into.is_(None),
    )
    table: Any = ResponseSection.__table__
    columns = ["response_id", "section", "answers", "revision", "saved_at", "saved_by"]
    added = insert_into(table, dialect).from_select(columns, row)
    changed = added.on_conflict_do_update(
        index_elements=["response_id", "section"],
        set_={
            "answers": added.excluded.answers,
            "revision": table.c.revision + 1,
            "saved_at": added.excluded.saved_at,
            "saved_by": added.excluded.saved_by,
        },
        where=table.c.revision == bindparam("seen", type_=Integer),
    )
    return changed.returning(table.c.revision)


def submission(session: Session) -> Insert:
    """Return the insertion of a submission, that returns its identifier, none when overtaken.

    Parameters: the columns of the submission.
    """
    return _submission(session.get_bind().dialect.name)


@cache
def _submission(dialect: str) -> Insert:
    table: Any = Submission.__table__
    return insert_into(table, dialect).on_conflict_do_nothing().returning(table.c.id)


@cache
def pointing(shared: bool) -> Update:
    """Return what makes a response, one's own or a ``shared`` one, point at what counts.

    Parameters: ``response``, ``signatory``, ``pointed`` (the submission it points at, or ``None``),
    ``submission``, ``version`` and ``moment``. No row changes when it points at another one, when
    the person may not send it, or when another response took it over.
    """
    table: Any = Response.__table__
    who = bindparam("signatory", type_=Identifier)
    signs = exists().where(
        CoAuthor.response_id == table.c.id, CoAuthor.user_id == who, CoAuthor.role == "signatory"
    )
    own = and_(table.c.user_id == who, table.c.organisation_id.is_(None))
    return (
        update(table)
        .where(
            table.c.id == bindparam("response"),
            signs if shared else own,
            table.c.merged_into.is_(None),
            table.c.submission_id.is_not_distinct_from(bindparam("pointed", type_=Identifier)),
        )
        .values(
            submission_id=bindparam("submission"),
            status="sent",
            version_id=bindparam("version"),
            updated_at=bindparam("moment"),
        )
    )
