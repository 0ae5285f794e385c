"""What every page of the editor shows around its form: the plan, the preview, the checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from consultation.authoring.typed import Typed
from consultation.authoring.views.desk import Desk, drawer
from consultation.db import db
from consultation.questionnaires.checks import Check
from consultation.questionnaires.drawing import State
from consultation.responses.queries import counts
from consultation.web.frame import render

MOST_CHECKS = 6
MOST_OPTIONS, MOST_ROWS = 8, 2
"""What the preview draws of a long question."""

LANGUAGES = {
    "fr": "Français", "en": "Anglais", "de": "Allemand", "es": "Espagnol", "it": "Italien",
    "pt": "Portugais", "nl": "Néerlandais", "ar": "Arabe", "br": "Breton", "oc": "Occitan",
    "eu": "Basque", "co": "Corse", "ca": "Catalan",
}  # fmt: skip


ROOTS = {"question": "../", "section": "../", "named": "../../", "whole": "questionnaire/"}
"""The way from each page to the editor: relative addresses keep long plans light."""


def editor_page(template: str, at: Desk, own: str, *, opened: str = "", **context: Any) -> str:
    """Return a page of the editor on the part ``own`` (a key), the section ``opened`` unfolded."""
    drafts, sent = counts(db.session, at.consultation.id) if at.published else (0, 0)
    wrong: dict[str, str] = context.get("wrong") or {}
    return render(
        f"authoring/{template}.html",
        desk=at,
        root=ROOTS[template],
        at=own,
        opened=opened,
        received=drafts + sent,
        checks=own_checks(at, own, opened),
        first=at.first,
        languages=[(code, LANGUAGES.get(code, code)) for code in at.questionnaire.languages],
        errors=[(anchor(name), f"{sentence[:1].upper()}{sentence[1:]}")
                for name, sentence in wrong.items()],
        **context,
    )  # fmt: skip


def anchor(name: str) -> str:
    """Return the identifier of the control of a field."""
    return f"x-{name.replace('.', '-')}"


def own_checks(at: Desk, own: str, opened: str) -> Sequence[Check]:
    """Return the checks of the part ``own``, else the errors, few enough for the side of a page."""
    found = at.overview.checks
    mine = [check for check in found if check.key == own] if own else []
    if own == opened and own:
        keys = {i.key for s in at.overview.shown.sections if s.section.key == own for i in s.items}
        mine = [check for check in found if check.key == own or check.key in keys]
    others = [check for check in found if check.level == "error" and check not in mine]
    shown = mine or others or (found if not own else [])
    return shown[:MOST_CHECKS]


def preview(at: Desk, key: str, language: str) -> dict[str, Any]:
    """Return a question drawn as a respondent meets it, the longest ones shortened."""
    item = at.overview.shown.items.get(key)
    if item is None:
        return {"preview": ""}
    found = item.resolved
    few = replace(found, options=found.options[:MOST_OPTIONS], rows=found.rows[:MOST_ROWS])
    drawn = drawer().draw(at.overview.shown.digest, item, State(offered=few), language)
    shortened = (len(few.options), len(few.rows)) != (len(found.options), len(found.rows))
    return {"preview": drawn, "shortened": shortened, "part_number": item.section}


def language_of(at: Desk, typed: Typed | None, asked: str) -> str:
    """Return the language of the texts of a page: the one posted or asked for, else the first."""
    wanted = typed.raw("_langue") if typed is not None else asked
    return wanted if wanted in at.questionnaire.languages else at.first
