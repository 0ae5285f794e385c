"""The forms of the settings page, as typed in this request or filled from the consultation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from consultation.consultations.forms import (
    DocumentForm,
    ExtensionForm,
    QuestionnaireForm,
    SafeguardsForm,
    ScheduleForm,
    StepsForm,
    TextsForm,
    as_typed,
)
from consultation.consultations.models import Consultation
from consultation.consultations.views.starting import starter_choices
from consultation.web.forms import Form

KINDS: dict[str, type[Form]] = {
    "texts": TextsForm,
    "schedule": ScheduleForm,
    "extension": ExtensionForm,
    "safeguards": SafeguardsForm,
    "document": DocumentForm,
    "steps": StepsForm,
    "questionnaire": QuestionnaireForm,
}
"""Every form of the page, by its name: the prefix of its fields and the anchor of its section."""

EMPTY_LINES = 2


def typed_form(name: str) -> Form:
    """Return form ``name`` as this request fills it."""
    return _with_choices(KINDS[name](prefix=name))


def _filled(name: str, **values: Any) -> Form:
    return _with_choices(KINDS[name](None, prefix=name, data=values))


def _with_choices(form: Form) -> Form:
    if isinstance(form, QuestionnaireForm):
        form.starter.choices = starter_choices()
    return form


def _texts(consultation: Consultation) -> Form:
    columns = [name for name in TextsForm(None).data if hasattr(consultation, name)]
    plain = {name: getattr(consultation, name) for name in columns}
    spoken = {
        f"{name}_{code}": getattr(consultation, name).get(code, "")
        for name in TextsForm.LANGUAGES
        for code in ("fr", "en")
    }
    return _filled("texts", **plain, **spoken)


def _schedule(consultation: Consultation) -> Form:
    return _filled(
        "schedule",
        mode=consultation.mode,
        results_on=consultation.results_on,
        **as_typed("opens", consultation.opens_at),
        **as_typed("closes", consultation.closes_at),
    )


def _extension(consultation: Consultation) -> Form:
    return _filled("extension", **as_typed("closes", consultation.closes_at))


def _safeguards(consultation: Consultation) -> Form:
    return _filled(
        "safeguards",
        comments_mode=consultation.comments_mode,
        minimum_organisations=consultation.minimum_organisations,
        minimum_individuals=consultation.minimum_individuals,
        dominance=round(consultation.dominance * 100),
        target=consultation.target,
    )


def _steps(consultation: Consultation) -> Form:
    lines: list[dict[str, Any]] = [
        {name: getattr(step, name) for name in ("title", "detail", "starts_on", "ends_on")}
        for step in consultation.milestones
    ]
    return _filled("steps", steps=lines + [{}] * EMPTY_LINES)


FILLED: dict[str, Callable[[Consultation], Form]] = {
    "texts": _texts,
    "schedule": _schedule,
    "extension": _extension,
    "safeguards": _safeguards,
    "document": lambda _consultation: _filled("document"),
    "steps": _steps,
    "questionnaire": lambda _consultation: _filled("questionnaire"),
}
"""How each form is filled when it was not typed."""
