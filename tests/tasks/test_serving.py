"""One command starts everything and stops everything."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from consultation.settings import ROOT
from tests.mail.servers import free_port

Start = Callable[..., "subprocess.Popen[str]"]
READY_SECONDS = 90


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a server of its own, and make sure nothing of it is left."""
    started: list[subprocess.Popen[str]] = []

    def run(**environ: str) -> subprocess.Popen[str]:
        variables = {
            **{k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")},
            "ENVIRONMENT": "test",
            "INSTANCE_PATH": str(tmp_path / "instance"),
            "WORKERS": "1",
            **environ,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "consultation.serve"],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def address_of(process: subprocess.Popen[str]) -> str:
    """Wait for the greeting and return the address in it."""
    assert process.stdout is not None
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        line = process.stdout.readline()
        if line.startswith("Serving "):
            return line.split()[1]
        if not line and process.poll() is not None:
            break
    assert process.stderr is not None
    pytest.fail(f"it did not start: {process.stderr.read()}")


def children_of(number: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "--ppid", str(number), "-o", "pid="], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_newcomer_starts_reads_a_page_and_stops(start: Start, tmp_path: Path) -> None:
    process = start(PORT="0")
    address = address_of(process)
    with urllib.request.urlopen(f"{address}/connexion", timeout=30) as answer:
        assert "Se connecter" in answer.read().decode()
    children = children_of(process.pid)
    assert len(children) == 2
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    assert not any(is_alive(child) for child in children)
    database = sqlite3.connect(tmp_path / "instance" / "consultation.sqlite3")
    try:
        assert database.execute("SELECT count(*) FROM territories").fetchone() == (18,)
    finally:
        database.close()


def test_when_the_worker_dies_the_server_stops_and_says_so(start: Start) -> None:
    process = start(PORT="0")
    address_of(process)
    children = children_of(process.pid)
    os.kill(max(children), signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "The background worker has stopped" in said
    assert not any(is_alive(child) for child in children)


def test_a_busy_port_is_one_sentence(start: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port()))
        other.listen()
        port = str(other.getsockname()[1])
        process = start(PORT=port)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said.startswith(f"Port {port} of 127.0.0.1 cannot be used")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"ENVIRONMENT": "holiday"}, "Set ENVIRONMENT"),
        ({"ENVIRONMENT": "production"}, "Set SECRET_KEY"),
        ({"SMTP_URL": "mail.example.org"}, "Set SMTP_URL"),
        ({"STAFF_SECOND_FACTOR": "maybe"}, "Set STAFF_SECOND_FACTOR"),
        ({"PORT": "many"}, "Set PORT"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    start: Start, environ: dict[str, str], sentence: str
) -> None:
    process = start(**environ)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said.startswith(sentence)
    assert len(said.splitlines()) == 1


def test_a_database_that_does_not_answer_is_one_sentence(start: Start) -> None:
    url = f"postgresql+psycopg://nobody:hush@127.0.0.1:{free_port()}/nothing"
    process = start(DATABASE_URL=url, PORT="0")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "DATABASE_URL does not answer" in said
    assert "hush" not in said
    assert "Traceback" not in said
