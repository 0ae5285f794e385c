"""A site in production mode with one open consultation and people who answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from bench.questionnaires import questionnaire, whole_answers
from consultation.accounts.actions import open_account
from consultation.app import create_app
from consultation.cli.migrating import migrations
from consultation.consultations.models import Consultation
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.responses.models import Response, ResponseSection
from consultation.settings import load
from consultation.web.templates import compile_templates

BASE = "https://bench.example.org"


def environ_of(folder: Path, database_url: str | None = None) -> dict[str, str]:
    """Return the environment of a site in production mode (SQLite when there is no URL)."""
    environ = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "a key for measures, long enough and kept by nobody",
        "PUBLIC_URL": BASE,
        "SMTP_URL": "smtp://localhost:25",
        "INSTANCE_PATH": str(folder),
    }
    return {**environ, "DATABASE_URL": database_url} if database_url else environ


def build(folder: Path, database_url: str | None = None) -> Flask:
    """Return an application in production mode, on a migrated database."""
    app = create_app(load(environ_of(folder, database_url)))
    with app.app_context():
        migrations().upgrade()
    compile_templates(app)
    return app


def open_consultation(session: Session, questions: int) -> tuple[Consultation, CompiledVersion]:
    """Add an open consultation on the questionnaire of that many questions, committed."""
    now, made = datetime.now(UTC), questionnaire(questions)
    version = publish_version(session, made, lineage=made.code, actor_id=None, now=now)
    consultation = Consultation(
        slug=f"bench-{questions}",
        state="published",
        title=made.title,
        version_id=version.id,
        opens_at=now - timedelta(days=10),
        closes_at=now + timedelta(days=10),
        created_at=now,
        published_at=now,
    )
    session.add(consultation)
    session.commit()
    return consultation, compile_version(made)


def invite(
    session: Session, consultation: Consultation, version: CompiledVersion, names: Sequence[str]
) -> list[int]:
    """Add people of these names, each with a whole draft; return their identifiers."""
    now, answers = datetime.now(UTC), whole_answers(version)
    found = []
    for name in names:
        user = open_account(
            session, email=f"{name}@example.org", display_name=name, now=now, confirmed=True
        )
        keep_draft(session, consultation, version, user.id, answers)
        found.append(user.id)
    session.commit()
    return found


def keep_draft(
    session: Session,
    consultation: Consultation,
    version: CompiledVersion,
    user_id: int,
    answers: Mapping[str, Any],
) -> None:
    """Add the draft of a person, with every section saved once."""
    now = datetime.now(UTC)
    response = Response(
        consultation_id=consultation.id,
        user_id=user_id,
        version_id=consultation.version_id,
        created_at=now,
        updated_at=now,
    )
    session.add(response)
    session.flush()
    for section in version.sections:
        keys = {item.key for item in section.items}
        own = {k: a for k, a in answers.items() if k.split(".")[0] in keys}
        session.add(
            ResponseSection(
                response_id=response.id,
                section=section.section.key,
                answers=own,
                revision=1,
                saved_at=now,
                saved_by=user_id,
            )
        )
