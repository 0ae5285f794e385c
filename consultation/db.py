"""The database: engine options, declarative base, column types shared by every room."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from functools import partial
from select import POLLIN, poll
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flask import Flask, current_app, g, request
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import JSON, TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    Upsert = postgresql.Insert | sqlite.Insert

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Identifier = BigInteger().with_variant(Integer, "sqlite")
"""Primary and foreign keys: 64 bits everywhere, and still a rowid alias on SQLite."""

Json = JSON().with_variant(JSONB, "postgresql")


class Instant(TypeDecorator[datetime]):
    """A moment, always aware and in UTC on the Python side.

    SQLite keeps no time zone, so a naive value read back is UTC by construction;
    a naive value given by the code is a mistake and raises ``ValueError``.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base of every room."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        datetime: Instant,
        dict[str, Any]: Json,
        dict[str, str]: Json,
        list[str]: Json,
        list[dict[str, Any]]: Json,
    }


class Database:
    """The engine of each application, and one session for each of its contexts.

    Everything here is used within an application context.
    """

    def __init__(self) -> None:
        self._engines: WeakKeyDictionary[Flask, dict[str, Engine]] = WeakKeyDictionary()

    def init_app(self, app: Flask, url: str) -> None:
        """Make the engine of ``app`` for the database at ``url``; nothing is opened yet."""
        engine = create_engine(url, **engine_options(url))
        prepare_engine(engine)
        self._engines[app] = {"default": engine}
        app.extensions["sqlalchemy"] = self  # where the migrations look for the engines
        app.teardown_appcontext(_close_session)

    @property
    def engines(self) -> dict[str, Engine]:
        """The engine of the current application, by the name that the migrations know."""
        return self._engines[current_app._get_current_object()]  # type: ignore[attr-defined]

    @property
    def engine(self) -> Engine:
        """The engine of the current application."""
        return self.engines["default"]

    @property
    def session(self) -> Session:
        """The session of the current context, closed when it ends."""
        session: Session | None = g.get(_SESSION)
        if session is None:
            session = Session(self.engine)
            setattr(g, _SESSION, session)
        return session


_SESSION = "database_session"


def _close_session(_error: BaseException | None) -> None:
    session: Session | None = g.pop(_SESSION, None)
    if session is not None:
        session.close()


db = Database()


def upsert(session: Session, table: type[Base]) -> Upsert:
    """Return an INSERT into ``table`` that knows ``on_conflict_do_update`` and ``…_do_nothing``."""
    return insert_into(table, session.get_bind().dialect.name)


def insert_into(table: type[Base] | Table, dialect: str) -> Upsert:
    """Return the same, for a statement that is built once for each ``dialect``."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    # Here and not above: a server on PostgreSQL does not carry both.
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def engine_options(url: str) -> dict[str, Any]:
    """Return the options of ``create_engine`` for ``url``."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30}}
    return {"pool_size": 5, "max_overflow": 10}


def prepare_engine(engine: Engine) -> None:
    """Set the pragmas SQLite needs for several writers, and never lend a dead connection."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    else:
        event.listen(engine, "checkin", _note_return)
        event.listen(engine, "checkout", partial(_check_alive, engine.dialect))


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def read_plainly(app: Flask, blueprints: Collection[str]) -> None:
    """Let the pages that only read, in ``blueprints``, do so without a transaction.

    Each statement reads what is committed when it begins, inside a transaction or not (READ
    COMMITTED), and nothing changes on GET. A page that streams rows needs its transaction.
    """
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return  # which begins none to read
        # The same connections: they begin no transaction while they are lent to such a page.
        reading = db.engine.execution_options(isolation_level="AUTOCOMMIT")

    @app.before_request
    def choose() -> None:
        if request.method in ("GET", "HEAD") and request.blueprint in blueprints:
            db.session.bind = reading


IDLE_SECONDS = 10.0
"""After that long unused, a connection may have been cut by something that told nobody."""


def _note_return(_connection: Any, record: Any) -> None:
    record.info["unused_since"] = monotonic()


def _check_alive(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask the server only when there is a doubt: asking each time is a round trip for every page.

    A server that stops, restarts or ends a connection says so on the socket, which is read here
    without waiting. What cuts silently, a firewall for instance, cuts what is idle.
    """
    since = record.info.get("unused_since")
    if since is None or not (_has_news(connection) or monotonic() - since > IDLE_SECONDS):
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError("the server ended this connection") from error


def _has_news(connection: Any) -> bool:
    socket = poll()
    socket.register(connection.fileno(), POLLIN)
    return bool(socket.poll(0))
