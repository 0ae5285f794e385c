"""A room follows its own messages: asked before each leaves, told what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from consultation.db import db
from consultation.mail import followers
from consultation.mail.actions import post
from consultation.mail.delivery import deliver_due
from consultation.mail.models import OutboxMessage

NOW = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)


class Witness:
    """Objects to some keys, and remembers what it was told."""

    def __init__(self) -> None:
        self.objections: dict[str, str] = {}
        self.told: list[tuple[str, str, str]] = []
        self.fails = False

    def before(self, session: Session, key: str, now: datetime) -> str | None:
        return self.objections.get(key)

    def after(
        self, session: Session, key: str, ending: followers.Ending, reason: str, now: datetime
    ) -> None:
        if self.fails:
            session.execute(text("SELECT nothing FROM nowhere"))
        self.told.append((key, ending, reason))


@pytest.fixture
def witness() -> Iterator[Witness]:
    made = Witness()
    followers.register("witness", made)
    yield made
    del followers._followers["witness"]


def write(session: Session, *keys: str) -> None:
    for key in keys:
        post(session, key=key, to="emile@example.org", subject="s", text="t", now=NOW)
    session.commit()


def deliver(app: Flask, now: datetime = NOW) -> int:
    return deliver_due(sessionmaker(db.engine), app.extensions["settings"], lambda: now)


def test_a_message_no_longer_wanted_does_not_leave_and_its_text_is_not_kept(
    app: Flask, db_session: Session, witness: Witness
) -> None:
    witness.objections = {"witness:1": "trop tard"}
    write(db_session, "witness:1", "witness:2", "other:1")
    assert deliver(app) == 2
    assert witness.told == [("witness:1", "dropped", "trop tard"), ("witness:2", "sent", "")]
    statement = select(OutboxMessage).where(OutboxMessage.key == "witness:1")
    dropped = db_session.scalars(statement).one()
    assert (dropped.failed_at, dropped.attempts, dropped.body) == (NOW, 0, "")
    assert deliver(app, NOW + timedelta(days=2)) == 0


def test_a_follower_that_fails_makes_nothing_leave_twice_and_stops_nobody(
    app: Flask, db_session: Session, witness: Witness, caplog: pytest.LogCaptureFixture
) -> None:
    witness.fails = True
    write(db_session, "witness:1", "witness:2", "other:1")
    assert deliver(app) == 3
    assert deliver(app, NOW + timedelta(days=2)) == 0
    assert "was not noted by its room" in caplog.text
