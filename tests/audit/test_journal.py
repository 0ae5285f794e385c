"""The journal: it only grows, and it shows when somebody has touched it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from consultation.audit import actions, queries
from consultation.audit.append_only import statements
from consultation.audit.models import AuditEvent
from consultation.audit.queries import Criteria
from consultation.db import db

NOW = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)


def record(session: Session, number: int = 1, **changes: object) -> None:
    values: dict[str, object] = {
        "actor_id": 7,
        "verb": "grant",
        "subject": "user",
        "subject_id": number,
        "now": NOW + timedelta(minutes=number),
        "details": {"role": "analyst", "texte": "é\U0001f600"},
        **changes,
    }
    actions.record(session, **values)  # type: ignore[arg-type]


@pytest.fixture
def sealed(db_session: Session) -> Session:
    for number in range(1, 6):
        record(db_session, number)
    actions.seal(db_session)
    db_session.commit()
    return db_session


def test_an_event_says_who_what_and_when(db_session: Session) -> None:
    record(db_session, consultation_id=4)
    [event] = queries.events(db_session)
    assert (event.actor_id, event.verb, event.subject, event.subject_id) == (
        7,
        "grant",
        "user",
        "1",
    )
    assert event.at == NOW + timedelta(minutes=1)
    assert event.consultation_id == 4
    assert event.details["texte"] == "é\U0001f600"


def test_an_event_leaves_with_the_transaction_that_wrote_it(db_session: Session) -> None:
    record(db_session)
    db_session.rollback()
    assert queries.count(db_session) == 0


@pytest.mark.parametrize("moment", ["before the seal", "after the seal"])
@pytest.mark.parametrize(
    "change",
    [
        {"verb": "nothing"},
        {"actor_id": 8},
        {"actor_id": None},
        {"at": NOW},
        {"details": {}},
        {"subject_id": "9"},
        {"consultation_id": 1},
        {"id": 99},
    ],
    ids=lambda change: next(iter(change)),
)
def test_nobody_rewrites_an_event(
    db_session: Session, moment: str, change: dict[str, object]
) -> None:
    record(db_session)
    if moment == "after the seal":
        actions.seal(db_session)
    db_session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        db_session.execute(update(AuditEvent).values(**change))
    db_session.rollback()


def test_nobody_erases_an_event(sealed: Session) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        sealed.execute(delete(AuditEvent))
    sealed.rollback()
    assert queries.count(sealed) == 5


def test_nobody_replaces_an_event_or_empties_the_table(sealed: Session) -> None:
    if sealed.get_bind().dialect.name == "sqlite":
        replace = insert(AuditEvent).prefix_with("OR REPLACE")
        values = {"at": NOW, "verb": "x", "subject": "x", "subject_id": "1", "details": {}}
        with pytest.raises(DatabaseError, match="append-only"):
            sealed.execute(replace.values(id=1, **values))
    else:
        with pytest.raises(DatabaseError, match="append-only"):
            sealed.execute(text("TRUNCATE audit_events"))
    sealed.rollback()


def test_a_seal_is_put_once(sealed: Session) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        sealed.execute(update(AuditEvent).values(hash="0" * 64))
    sealed.rollback()


def test_the_chain_holds_and_grows(sealed: Session) -> None:
    assert queries.first_broken_position(sealed) is None
    record(sealed, 6)
    assert actions.seal(sealed) == 1
    assert actions.seal(sealed) == 0
    assert queries.chain_end(sealed)[0] == 6
    assert queries.first_broken_position(sealed) is None


def test_a_long_chain_is_checked_by_handfuls(
    sealed: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "HANDFUL", 2)
    assert queries.first_broken_position(sealed) is None
    assert [event.id for event in queries.stream(sealed)] == [1, 2, 3, 4, 5]


def test_the_chain_is_sealed_by_handfuls(db_session: Session) -> None:
    for number in range(1, 8):
        record(db_session, number)
    assert [actions.seal(db_session, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert queries.first_broken_position(db_session) is None


@pytest.mark.parametrize(
    ("tampering", "position"),
    [
        ("UPDATE audit_events SET verb = 'x' WHERE position = 3", 3),
        ("UPDATE audit_events SET actor_id = NULL WHERE position = 1", 1),
        ("DELETE FROM audit_events WHERE position = 2", 2),
        ("UPDATE audit_events SET position = position + 10 WHERE position > 3", 4),
        ("UPDATE audit_events SET hash = previous_hash WHERE position = 5", 5),
    ],
)
def test_somebody_with_all_the_rights_is_still_seen(
    sealed: Session, tampering: str, position: int
) -> None:
    lift_the_triggers(sealed)
    sealed.execute(text(tampering))
    sealed.expire_all()
    assert queries.first_broken_position(sealed) == position
    sealed.rollback()


def lift_the_triggers(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        for name in ("keep", "freeze", "add"):
            session.execute(text(f"DROP TRIGGER audit_events_{name}"))
    else:
        session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER ALL"))


def test_two_workers_that_seal_at_once_make_one_chain(app: Flask, db_session: Session) -> None:
    from threading import Barrier, Thread

    for number in range(1, 41):
        record(db_session, number)
    db_session.commit()
    factory, barrier = sessionmaker(db.engine), Barrier(4)

    def seal() -> None:
        with factory() as session:
            barrier.wait()
            while actions.seal(session, limit=1):
                session.commit()

    threads = [Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db_session.expire_all()
    assert queries.chain_end(db_session)[0] == 40
    assert queries.first_broken_position(db_session) is None


def test_awa_looks_for_what_was_done_one_day(db_session: Session) -> None:
    record(db_session, 1)
    record(db_session, 2, verb="revoke", actor_id=8)
    record(db_session, 3, consultation_id=2)
    everything = queries.events(db_session)
    assert [event.subject_id for event in everything] == ["3", "2", "1"]

    def found(criteria: Criteria) -> list[str]:
        return [event.subject_id for event in queries.stream(db_session, criteria)]

    assert found(Criteria(verb="grant")) == ["1", "3"]
    assert found(Criteria(actor_id=8)) == ["2"]
    assert found(Criteria(consultation_id=2)) == ["3"]
    assert found(Criteria(since=NOW + timedelta(minutes=2))) == ["2", "3"]
    assert found(Criteria(until=NOW + timedelta(minutes=2))) == ["1"]
    assert queries.verbs(db_session) == ["grant", "revoke"]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_each_database_has_its_triggers(dialect: str) -> None:
    assert all("audit_events" in statement for statement in statements(dialect))
