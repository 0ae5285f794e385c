"""Count the SQL statements that a piece of code sends, whatever the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event

_statements: ContextVar[list[str] | None] = ContextVar("statements", default=None)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Give the list that fills with the statements of this thread until the block ends."""
    statements: list[str] = []
    token = _statements.set(statements)
    try:
        yield statements
    finally:
        _statements.reset(token)


@event.listens_for(Engine, "before_cursor_execute")
def _count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    statements = _statements.get()
    if statements is not None:
        statements.append(statement)
