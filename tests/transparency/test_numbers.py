"""The log remembers a submission by its number: nobody else ever has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from consultation.cli.migrating import migrations
from consultation.db import db
from consultation.responses.models import Response, Submission, Withdrawal
from consultation.transparency import queries
from consultation.transparency.actions import extend
from consultation.transparency.models import LogLeaf
from tests.transparency.making import KEY, NOW, send


def erase(session: Session, identifier: int) -> None:
    session.execute(delete(Submission).where(Submission.id == identifier))
    session.commit()


def test_the_number_of_the_last_submission_erased_is_not_given_to_nadia(
    db_session: Session, consultation_id: int
) -> None:
    sent = send(db_session, consultation_id, 3)
    extend(db_session, KEY, NOW + timedelta(hours=2))
    erase(db_session, sent[-1])
    [later] = send(db_session, consultation_id, 1, first=4)
    assert later > sent[-1]
    assert extend(db_session, KEY, NOW + timedelta(hours=3)) == 1
    assert list(queries.altered(db_session)) == []
    assert list(queries.broken_heads(db_session)) == []
    assert queries.count_erased(db_session) == 1


@pytest.mark.one_database
def test_an_installation_that_has_submissions_keeps_them_and_goes_on_from_the_last_number(
    app: Flask, db_session: Session, consultation_id: int
) -> None:
    sent = send(db_session, consultation_id, 4)
    at = db_session.get_one(Response, 1)
    db_session.add(Withdrawal(submission_id=sent[0], response_id=at.id, withdrawn_at=NOW))
    extend(db_session, KEY, NOW + timedelta(hours=2))
    db_session.commit()
    stored = text("SELECT * FROM submissions ORDER BY id")
    rows = db_session.execute(stored).all()
    pointing = select(func.count()).select_from(Withdrawal)

    db_session.rollback()
    migrations(app).downgrade("0006")
    db_session.rollback()
    assert db_session.execute(stored).all() == rows
    erase(db_session, sent[-1])  # as the version before could
    migrations(app).upgrade()

    db_session.rollback()
    assert db_session.execute(stored).all() == rows[:-1]
    assert db_session.scalar(pointing) == 1
    assert db_session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert db_session.scalar(text("PRAGMA foreign_keys")) == 1
    assert migrations(app).compare_metadata() == []
    [later] = send(db_session, consultation_id, 1, first=5)
    assert later > sent[-1]
    known = select(func.max(LogLeaf.submission_id))
    assert later > (db_session.scalar(known) or 0)
    assert db.engine.dialect.name == "sqlite"
