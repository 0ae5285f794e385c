"""The ready-made questionnaires that a consultation may start from."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from consultation.consultations.forms import choices
from consultation.db import db
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.models import QuestionnaireVersion
from consultation.questionnaires.starters.shelf import names, starter
from consultation.web.frame import now
from consultation.web.preferences import translated
from consultation.web.typography import plural


def starter_choices() -> list[Any]:
    """Return each questionnaire as a choice: its name, its title and its size."""
    return choices({name: _label(name) for name in names()})


def _label(name: str) -> str:
    questionnaire = starter(name)
    questions = sum(
        type(question).__name__ != "Statement"
        for section in questionnaire.sections
        for question in section.questions
    )
    return f"{translated(questionnaire.title)}, {plural(questions, 'question', 'questions')}"


def publish_starter(name: str, lineage: str) -> QuestionnaireVersion:
    """Publish a version of ``lineage`` made from the starter ``name``."""
    return publish_version(
        db.session, starter(name), lineage=lineage[:64], actor_id=current_user.id, now=now()
    )
