"""How much is written in a second by several processes at once, on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.postgresql import bare_upserts, database, server, version
from bench.questionnaires import REAL, compiled, whole_answers
from bench.site import build, environ_of, invite, open_consultation
from consultation.db import db

WRITERS = 8
PEOPLE_PER_WRITER = 5
SECONDS = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """Writes per second of one kind, on one database; ``cpu_ms`` is what each costs its writer."""

    database: str
    what: str
    per_second: float | None
    cpu_ms: float | None = None


def measure_writes() -> Iterator[Rate]:
    """Yield the rates of PostgreSQL, pgbench first, then those of SQLite."""
    with server() as data:
        name = f"PostgreSQL {version(data)}"
        answers = json.dumps(_section_answers(), ensure_ascii=False)
        bare = bare_upserts(data, WRITERS, SECONDS, answers)
        yield Rate(name, "pgbench, one bare upsert", bare)
        yield from _written(name, database(data, "platform"))
    yield from _written("SQLite", None)


def _section_answers() -> Mapping[str, object]:
    made = compiled(REAL)
    keys = {item.key for item in made.sections[4].items}
    return {k: a for k, a in whole_answers(made).items() if k in keys}


def _written(name: str, url: str | None) -> Iterator[Rate]:
    with tempfile.TemporaryDirectory() as folder:
        tasks = _tasks(Path(folder), url)
        saves, sendings = _run(tasks)
        for what, (count, cpu) in (("section saves", saves), ("submissions", sendings)):
            yield Rate(name, what, count / SECONDS, 1000 * cpu / max(count, 1))


def _tasks(folder: Path, url: str | None) -> list[str]:
    app = build(folder, url)
    with app.app_context():
        consultation, made = open_consultation(db.session, REAL)
        names = [f"writer-{number}" for number in range(WRITERS * PEOPLE_PER_WRITER)]
        people = invite(db.session, consultation, made, names)
        common = {
            "environ": environ_of(folder, url),
            "consultation_id": consultation.id,
            "seconds": SECONDS,
        }
        db.engine.dispose()
    return [json.dumps({**common, "users": people[n::WRITERS]}) for n in range(WRITERS)]


Total = tuple[int, float]
"""Writes, and the seconds of CPU that they took."""


def _run(tasks: list[str]) -> tuple[Total, Total]:
    """Let every writer do its two turns at the same time; return the totals."""
    command = [sys.executable, "-m", "bench.writer"]
    writers = [
        subprocess.Popen(
            [*command, task], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        for task in tasks
    ]
    try:
        for writer in writers:
            _line(writer)
        return _turn(writers), _turn(writers)
    finally:
        for writer in writers:
            writer.communicate(timeout=30)


def _turn(writers: list[subprocess.Popen[str]]) -> Total:
    for writer in writers:
        if writer.stdin:
            writer.stdin.write("go\n")
    told = [_line(writer).split() for writer in writers]
    return sum(int(count) for count, _ in told), sum(float(cpu) for _, cpu in told)


def _line(writer: subprocess.Popen[str]) -> str:
    line = writer.stdout.readline() if writer.stdout else ""
    if not line:
        raise RuntimeError("a writer stopped")
    return line
