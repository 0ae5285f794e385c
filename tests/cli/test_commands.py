"""The commands of the person who runs the platform."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from consultation.accounts import queries
from consultation.audit.models import AuditEvent
from consultation.cli.reference import ENTRIES
from consultation.cli.register import COMMANDS, Commands
from consultation.consultations.models import Consultation
from consultation.mail.actions import post
from consultation.mail.models import OutboxMessage
from consultation.settings import ROOT, load
from tests import cast
from tests.cast import BIRTH

pytestmark = pytest.mark.usefixtures("app")


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def refused(result: Result) -> str:
    """Return the sentence of a refused command, after checking that it is one."""
    assert result.exit_code == 2, result.output
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
    assert "Traceback" not in result.output
    return result.output


def _paths() -> Iterator[tuple[str, ...]]:
    commands = Commands()
    for name in COMMANDS:
        command = commands.get_command(click.Context(commands), name)
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.commands)


@pytest.mark.one_database
@pytest.mark.parametrize("words", list(_paths()), ids=" ".join)
def test_every_command_says_what_it_does(app: Flask, words: tuple[str, ...]) -> None:
    result = run(app, *words, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()[2].strip()) > 10


@pytest.mark.one_database
@pytest.mark.parametrize(
    "words",
    [
        ("demo", "load", "--respondents", "many"),
        ("demo", "load", "--respondents", "0"),
        ("demo", "load", "--respondents", "1000001"),
        ("demo", "load", "--seed", "-1"),
        ("demo", "load", "--unknown"),
        ("demo", "forget"),
        ("questionnaires", "check"),
        ("questionnaires", "check", "not-there.json"),
        ("questionnaires", "check", "Makefile"),
        ("accounts", "grant", "claire@example.org"),
        ("accounts", "grant", "claire@example.org", "queen"),
        ("accounts", "grant", "nobody@example.org", "organiser"),
        ("audit", "verify", "now"),
        ("mail", "deliver", "--slowly"),
        ("settings", "PORT"),
    ],
    ids=" ".join,
)
def test_a_wrong_argument_gets_one_sentence(app: Flask, words: tuple[str, ...]) -> None:
    refused(run(app, *words))


@pytest.mark.one_database
@pytest.mark.own_app
def test_a_database_without_tables_gets_one_sentence(app: Flask, db_session: Session) -> None:
    db_session.execute(text("ALTER TABLE audit_events RENAME TO elsewhere"))
    db_session.commit()
    assert "db upgrade" in refused(run(app, "audit", "verify"))


@pytest.mark.one_database
@pytest.mark.own_app(SECRET_KEY="a canary that must not sing", SMTP_URL="smtp://me:canary@host:25")
def test_the_list_of_settings_shows_no_secret(app: Flask) -> None:
    result = run(app, "settings")
    assert result.exit_code == 0
    assert "canary" not in result.output
    assert all(f"{entry.name}=" in result.output for entry in ENTRIES)


def test_every_variable_that_is_read_is_in_the_reference() -> None:
    asked: set[str] = set()

    class Watched(dict[str, str]):
        def get(self, name: str, default: object = None) -> object:  # type: ignore[override]
            asked.add(name)
            return super().get(name, default)  # type: ignore[arg-type]

    environ: Mapping[str, str] = Watched()
    load(environ)
    assert asked == {entry.name for entry in ENTRIES}


def test_the_operator_loads_the_demonstration(app: Flask, db_session: Session) -> None:
    result = run(app, "demo", "load", "--respondents", "5", "--comments", "3", "--quiet")
    assert result.exit_code == 0, result.output
    assert "repondant@example.org" in result.output
    assert db_session.scalar(select(func.count(Consultation.id))) == 3
    assert "already" in run(app, "demo", "load", "--quiet").output


def test_the_operator_makes_the_first_administrator(app: Flask, db_session: Session) -> None:
    emile = cast.emile(db_session)
    email = emile.email
    first = run(app, "accounts", "grant", email.upper(), "administrator")
    assert "is now administrator on the whole site" in first.output
    assert "already was" in run(app, "accounts", "grant", email, "administrator").output
    db_session.expire_all()
    user = queries.by_email(db_session, email)
    assert user is not None
    assert user.holds("administrator")


@pytest.mark.one_database
def test_a_role_on_one_consultation_stays_there(app: Flask, db_session: Session) -> None:
    email = cast.emile(db_session).email
    run(app, "demo", "load", "--respondents", "1", "--comments", "0", "--quiet")
    words = ("accounts", "grant", email, "moderator", "--consultation")
    assert "suivi-agenda-rural" in run(app, *words, "suivi-agenda-rural").output
    assert "no consultation" in refused(run(app, *words, "nowhere"))
    db_session.expire_all()
    user = queries.by_email(db_session, email)
    assert user is not None
    assert not user.holds("moderator")
    assert [grant.role for grant in user.grants] == ["moderator"]


def test_the_journal_is_sealed_then_verified(app: Flask, db_session: Session) -> None:
    cast.awa(db_session)
    waiting = db_session.scalar(select(func.count(AuditEvent.id)))
    assert f"{waiting} events sealed." in run(app, "audit", "seal").output
    result = run(app, "audit", "verify")
    assert result.exit_code == 0
    assert f"{waiting} events chained, 0 waiting" in result.output


def test_letters_that_are_due_are_delivered(app: Flask, db_session: Session) -> None:
    post(
        db_session, key="one", to="emile@example.org", subject="Bonjour", text="Bonjour", now=BIRTH
    )
    db_session.commit()
    assert "1 messages sent." in run(app, "mail", "deliver").output
    db_session.expire_all()
    assert db_session.scalar(select(OutboxMessage.sent_at)) is not None


@pytest.mark.one_database
def test_a_good_questionnaire_is_summed_up(app: Flask) -> None:
    file = ROOT / "consultation" / "questionnaires" / "starters" / "poles_2022.json"
    result = run(app, "questionnaires", "check", str(file))
    assert result.exit_code == 0
    assert result.output.startswith("8 sections, 39 questions")


@pytest.mark.one_database
def test_a_faulty_questionnaire_is_told_point_by_point(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "faulty.json"
    file.write_text(
        '{"format":"consultation-questionnaire/1","code":"a","title":{"fr":"A"},"sections":['
        '{"key":"s","title":{"fr":"S"},"questions":['
        '{"kind":"single","key":"q","label":{"fr":"Q"},"options":[]}]}]}',
        encoding="utf-8",
    )
    result = run(app, "questionnaires", "check", str(file))
    assert result.exit_code == 2
    assert "q: il faut au moins deux options" in result.output
    assert "Error: faulty.json cannot be published" in result.output


@pytest.mark.one_database
def test_a_wrong_setting_stops_every_command_with_a_sentence(tmp_path: Path) -> None:
    environ = {**os.environ, "PORT": "abc", "INSTANCE_PATH": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "settings"]
    result = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "Error: Set PORT to a whole number from 0 to 65535.\n"
