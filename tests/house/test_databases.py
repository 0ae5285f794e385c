"""Each test starts on a migrated database without a row, and commits for real."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from consultation.audit.models import AuditEvent
from consultation.cli.migrating import migrations
from consultation.db import Base, db
from consultation.settings import SettingsError, load
from consultation.territories.models import Territory
from tests import databases

NOW = datetime(2022, 3, 11, 17, tzinfo=UTC)


def test_the_migrations_build_what_the_models_say(app: Flask, db_session: Session) -> None:
    assert migrations(app).compare_metadata() == []


def test_the_database_is_at_the_last_migration(app: Flask, db_session: Session) -> None:
    assert not migrations(app).needs_upgrade()


def test_sqlite_is_ready_for_several_writers(app: Flask, db_session: Session) -> None:
    if db_session.get_bind().dialect.name == "sqlite":
        assert db_session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert db_session.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_visitor_sees_nothing_of_a_restart_of_the_database(
    app: Flask, client: FlaskClient, database: str
) -> None:
    assert client.get("/").status_code == 200
    if database.startswith("postgresql"):
        databases.end_every_connection_of_the_application(database)
    assert client.get("/").status_code == 200


def test_a_connection_long_unused_is_asked_before_it_is_lent(
    app: Flask, client: FlaskClient, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()  # what an earlier test left there may have been cut
            monkeypatch.setattr(engine.dialect, "do_ping", asked.append)
    client.get("/")
    client.get("/")
    assert asked == []
    monkeypatch.setattr("consultation.db.IDLE_SECONDS", 0.0)
    client.get("/")
    assert bool(asked) is database.startswith("postgresql")


@pytest.mark.parametrize("turn", ["first", "second"])
def test_no_row_and_no_number_survives_its_test(db_session: Session, turn: str) -> None:
    for table in Base.metadata.sorted_tables:
        assert db_session.scalar(select(func.count()).select_from(table)) == 0, table.name
    region = Territory(kind="region", code="53", name="Bretagne")
    event = AuditEvent(at=NOW, verb="open", subject="consultation", subject_id="1", details={})
    db_session.add_all([region, event])
    db_session.commit()
    assert (region.id, event.id) == (1, 1)


@pytest.mark.one_database
def test_a_test_may_say_that_one_database_is_enough(
    database: str, request: pytest.FixtureRequest
) -> None:
    chosen = request.config.getoption("--database")
    assert database.startswith("sqlite" if chosen == "both" else chosen)


@pytest.mark.one_database
def test_a_database_named_without_its_folder_is_in_the_instance(tmp_path) -> None:
    chosen = load({"INSTANCE_PATH": str(tmp_path), "DATABASE_URL": "sqlite:///essai.sqlite3"})
    assert chosen.database_url == f"sqlite:///{tmp_path / 'essai.sqlite3'}"
    elsewhere = load({"INSTANCE_PATH": str(tmp_path), "DATABASE_URL": "sqlite:////srv/a.sqlite3"})
    assert elsewhere.database_url == "sqlite:////srv/a.sqlite3"


@pytest.mark.one_database
@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://a/b"])
def test_a_database_that_no_two_threads_share_is_refused(tmp_path, url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        load({"INSTANCE_PATH": str(tmp_path), "DATABASE_URL": url})
