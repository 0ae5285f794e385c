"""Bulk inserts: many rows at a time by SQLAlchemy Core, with identifiers reserved in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from consultation.db import Base

Rows = Sequence[Mapping[str, Any]]


def table_of(model: type[Base]) -> Table:
    """Return the table of a model."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - a declared model has a table
    return table


def insert_rows(session: Session, model: type[Base], rows: Rows) -> None:
    """Insert ``rows`` (all with the same keys) in one statement, past the identity map."""
    if rows:
        session.connection().execute(insert(table_of(model)), list(rows))


def reserve(session: Session, model: type[Base], count: int) -> Iterator[int]:
    """Return ``count`` identifiers that nobody else will use, in increasing order."""
    if session.get_bind().dialect.name == "postgresql":
        return _from_sequence(session, model, count)
    return _after_the_last(session, model, count)


def _from_sequence(session: Session, model: type[Base], count: int) -> Iterator[int]:
    name = f"pg_get_serial_sequence('{model.__tablename__}', 'id')"
    statement = text(f"SELECT nextval({name}) FROM generate_series(1, :count)")  # noqa: S608
    return iter(sorted(session.execute(statement, {"count": count}).scalars()))


def _after_the_last(session: Session, model: type[Base], count: int) -> Iterator[int]:
    """SQLite has one writer at a time, so the rows after the last are ours until the commit."""
    last: int = session.scalar(select(func.coalesce(func.max(table_of(model).c.id), 0))) or 0
    if table_of(model).dialect_options["sqlite"]["autoincrement"]:
        statement = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        last = max(last, session.scalar(statement, {"name": model.__tablename__}) or 0)
    return iter(range(last + 1, last + 1 + count))
