"""What every page reads, straight from the driver: three statements at each request."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.util import identity_key

from consultation.db import Base

Kept = TypeVar("Kept", bound=Base)


def read_rows(session: Session, statement: Any, values: Mapping[str, Any]) -> Sequence[Any]:
    """Return the rows of a SELECT built once, as named tuples.

    The usual way takes five times the CPU. ``values`` are numbers and texts, by the names of the
    parameters. What waits in the session is written first, as the session does.
    """
    session.flush()
    connection = _connection(session)
    asked = _asked(statement, connection.dialect)
    text, parameters = asked.text, asked.parameters(values)
    cursor = connection.connection.cursor()
    try:
        _announce(connection, cursor, text, parameters)
        cursor.execute(text, parameters)
        return asked.rows(cursor)
    except connection.dialect.loaded_dbapi.Error:
        # The usual way asks again, says what is wrong, and gives up a connection that is cut.
        return connection.execute(statement, values).all()
    finally:
        cursor.close()


def _connection(session: Session) -> Connection:
    """Return the connection of the transaction of ``session``, asked of it once."""
    held: Connection | None = session.info.get(_CONNECTION)
    if held is None or held.closed:
        held = session.info[_CONNECTION] = session.connection()
    return held


_CONNECTION = "connection"


def _announce(connection: Connection, cursor: Any, text: str, parameters: Any) -> None:
    """Tell whoever counts or watches the statements of this engine."""
    if connection._has_events or connection.engine._has_events:
        connection.dispatch.before_cursor_execute(connection, cursor, text, parameters, None, False)


class _Asked:
    """A statement as one database understands it."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._given: dict[str, Any] = dict(compiled.params)
        self._order: list[str] | None = compiled.positiontup
        self._columns = list(statement.selected_columns)
        self._dialect = dialect
        names = [column.name for column in self._columns]
        kind: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
        self._make: Callable[[Sequence[Any]], Any] = kind._make
        self._processors: list[tuple[int, Callable[[Any], Any]]] | None = None

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return ``values`` as the driver takes them, by place or by name."""
        given = {**self._given, **values}
        return given if self._order is None else tuple([given[name] for name in self._order])

    def rows(self, cursor: Any) -> list[Any]:
        """Return the rows that ``cursor`` found, their values as our types read them."""
        if self._processors is None:
            self._processors = list(self._reading(cursor.description))
        return [self._row(values) for values in cursor.fetchall()]

    def _row(self, values: Sequence[Any]) -> Any:
        read = list(values)
        for place, process in self._processors or ():
            read[place] = process(read[place])
        return self._make(read)

    def _reading(self, described: Sequence[Sequence[Any]]) -> Iterator[tuple[int, Any]]:
        """Yield the place of each value that is not read as it comes, and what reads it."""
        for place, (column, told) in enumerate(zip(self._columns, described, strict=True)):
            kind = column.type.dialect_impl(self._dialect)
            process = kind.result_processor(self._dialect, told[1])
            if process is not None:
                yield place, process


_known: dict[tuple[Any, str], _Asked] = {}


def _asked(statement: Any, dialect: Dialect) -> _Asked:
    found = _known.get((statement, dialect.name))
    if found is None:
        found = _known[statement, dialect.name] = _Asked(statement, dialect)
    return found


def attach(session: Session, table: type[Kept], values: Sequence[Any]) -> Kept:
    """Return the object of one of these rows, as if the session had read it itself.

    ``values`` are those of all the columns of ``table``, in their order, whose first is the
    primary key. An object that the session already holds is returned as it is, with its changes.
    """
    key = identity_key(table, values[0])
    found: Kept | None = session.identity_map.get(key)
    if found is not None:
        return found
    made: Kept = table.__mapper__.class_manager.new_instance()
    # What the session does with a row, and not what it does with an object that somebody adds:
    # there is nothing to remember, to cascade or to announce.
    state = instance_state(made)
    state.dict.update(zip(_names(table), values, strict=True))
    state.key = key
    session.identity_map.add(state)
    state.session_id = session.hash_key
    return made


@cache
def _names(table: type[Base]) -> tuple[str, ...]:
    mapper = table.__mapper__
    return tuple(mapper.get_property_by_column(column).key for column in table.__table__.columns)
