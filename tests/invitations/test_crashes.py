"""A worker is killed at every step, and at any moment: nobody is forgotten, nobody written twice.

One window cannot be closed by anybody: between the moment the mail server takes a letter and the
moment we write it down. A worker that dies there sends the letter again five minutes later, with
the same Message-ID, by which mail readers recognise it. The tests say exactly when that is.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.invitations.models import Contact, Sending
from consultation.mail.models import OutboxMessage
from consultation.mail.rules import LEASE
from tests.consultations.making import DURING, a_consultation
from tests.invitations.making import campaign, contact
from tests.mail.servers import Postmaster, smtp_server

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
"""How long a process may take to leave on a machine that does much else."""
ALL_THE_LEASES = LEASE + timedelta(minutes=1)


class Nursery:
    """Starts workers and kills them."""

    def __init__(self, url: str, folder: Path, port: int) -> None:
        command = [sys.executable, "-m", "tests.invitations.crashing", url, str(folder), str(port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, step: int, moment: datetime) -> int:
        """Start a worker that dies before ``step`` (0: never); return its process number."""
        assert self._process.stdin
        self._process.stdin.write(f"{step} {moment.isoformat()}\n")
        self._process.stdin.flush()
        return int(self._line())

    def warm_up(self, moment: datetime) -> None:
        """Let the parent of the workers work once."""
        assert self._process.stdin
        self._process.stdin.write(f"-1 {moment.isoformat()}\n")
        self._process.stdin.flush()
        assert self._line() == "warm"

    def end(self) -> str:
        """Wait for the worker and say how it ended."""
        return self._line()

    def run(self, step: int, moment: datetime) -> str:
        self.start(step, moment)
        return self.end()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(timeout=PATIENCE_SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()


@pytest.fixture
def postmaster() -> Postmaster:
    return Postmaster()


@contextmanager
def nursery_of(database: str, folder: Path, port: int) -> Iterator[Nursery]:
    """Give a nursery and close it."""
    made = Nursery(database, folder, port)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def nursery(database: str, app: Flask, tmp_path: Path, postmaster) -> Iterator[Nursery]:
    with smtp_server(postmaster) as port, nursery_of(database, tmp_path, port) as made:
        yield made


def taken_but_not_noted(session: Session, postmaster: Postmaster) -> set[str]:
    """Return who received a letter that our outbox still believes to be waiting."""
    session.rollback()
    waiting = select(OutboxMessage.recipient).where(OutboxMessage.sent_at.is_(None))
    return set(postmaster.recipients) & set(session.scalars(waiting))


def identifiers(postmaster: Postmaster) -> dict[str, set[str]]:
    """Return the Message-IDs that each recipient received."""
    found: dict[str, set[str]] = {}
    for message in postmaster.received:
        found.setdefault(str(message["To"]), set()).add(str(message["Message-ID"]))
    return found


def test_killed_before_every_statement_and_every_commit(
    app: Flask, db_session: Session, nursery: Nursery, postmaster: Postmaster
) -> None:
    consultation = a_consultation(db_session)
    contact(db_session, consultation, "first@pole.example.org")
    campaign(db_session, consultation)
    nursery.warm_up(DURING)
    twice: set[str] = set()
    step, ended, now = 0, "killed", DURING
    while ended == "killed":
        step, now = step + 1, now + timedelta(minutes=10)
        email = f"p{step}@pole.example.org"
        contact(db_session, consultation, email)
        campaign(db_session, consultation, now=now)
        ended = nursery.run(step, now)
        assert ended in ("killed", "done")
        window = taken_but_not_noted(db_session, postmaster)
        assert len(window) <= 1
        twice |= window
        assert nursery.run(0, now + ALL_THE_LEASES) == "done"
        assert postmaster.recipients.count(email) == 1 + (email in window), step
    assert step > 20  # it did die at every step of the way
    assert 1 <= len(twice) <= 2  # the window exists, and is narrow: a statement and its commit
    assert all(len(known) == 1 for known in identifiers(postmaster).values())
    assert nursery.run(0, now + 2 * ALL_THE_LEASES) == "done"
    db_session.rollback()
    assert set(db_session.scalars(select(Sending.state))) == {"sent"}
    assert None not in set(db_session.scalars(select(Contact.invited_at)))


def test_killed_at_any_moment_again_and_again(
    app: Flask, db_session: Session, nursery: Nursery, postmaster: Postmaster
) -> None:
    dice = random.Random(20220210)
    consultation = a_consultation(db_session)
    people = [f"p{number}@pole.example.org" for number in range(40)]
    for email in people:
        contact(db_session, consultation, email)
    campaign(db_session, consultation)
    postmaster.slow = 0.004
    now, kills, window = DURING, 0, 0
    while kills < 8:
        now += ALL_THE_LEASES
        worker = nursery.start(0, now)
        time.sleep(dice.uniform(0.01, 0.3))
        os.kill(worker, signal.SIGKILL)
        if nursery.end() == "done":
            break
        kills += 1
        window += len(taken_but_not_noted(db_session, postmaster))
    for _ in range(3):
        now += ALL_THE_LEASES
        assert nursery.run(0, now) == "done"
    counts = Counter(postmaster.recipients)
    assert set(counts) == set(people)
    assert sum(counts.values()) <= len(people) + kills
    assert all(len(known) == 1 for known in identifiers(postmaster).values())
    assert kills > 0


@dataclass
class Executioner(Postmaster):
    """Takes a letter, then kills who brought it before saying yes."""

    victim: int = 0

    async def handle_DATA(self, *conversation: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(*conversation)
        while self.victim == 0:
            await asyncio.sleep(0.01)
        if self.victim > 0:
            os.kill(self.victim, signal.SIGKILL)
        return answer


def test_killed_while_the_server_says_yes_the_letter_comes_back_under_the_same_name(
    app: Flask, database: str, db_session: Session, tmp_path: Path
) -> None:
    consultation = a_consultation(db_session)
    contact(db_session, consultation, "zoe@pole.example.org")
    campaign(db_session, consultation)
    executioner = Executioner()
    with smtp_server(executioner) as port, nursery_of(database, tmp_path, port) as nursery:
        executioner.victim = nursery.start(0, DURING)
        assert nursery.end() == "killed"
        assert len(executioner.received) == 1
        executioner.victim = -1
        assert nursery.run(0, DURING + timedelta(minutes=1)) == "done"
        assert len(executioner.received) == 1  # the lease of the dead worker still holds
        assert nursery.run(0, DURING + ALL_THE_LEASES) == "done"
    first, second = executioner.received
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()
