"""What the kinds made of options share: offering, reading and saying choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consultation.questionnaires.kinds.question import (
    Answer,
    Column,
    Fields,
    Option,
    Resolved,
    by_value,
    say,
)
from consultation.questionnaires.kinds.sentences import sentence


def label_of(options: Sequence[Option], value: str, language: str) -> str:
    """Return the label of ``value``, or the value itself when it is no longer offered."""
    option = by_value(options).get(value)
    return say(option.label, language) if option else value


def other_key(key: str) -> str:
    """Return the key under which the text of the option « autre » is kept."""
    return f"{key}.other"


def read_other(resolved: Resolved, fields: Fields, chosen: Sequence[str]) -> dict[str, Answer]:
    """Return the free text of the chosen « autre », under its own key; empty when there is none."""
    if not any(o.other for o in resolved.options):
        return {}
    text = fields.one(other_key(resolved.key))[:500]
    return {other_key(resolved.key): text} if text else {}


def other_missing(
    resolved: Resolved, chosen: Sequence[str], answers: Mapping[str, Answer], language: str
) -> list[str]:
    """Say that a chosen « autre » has no text."""
    for option in resolved.options:
        if option.other and option.value in chosen and not answers.get(other_key(resolved.key)):
            return [sentence("other", language, option=say(option.label, language))]
    return []


def display_choice(
    resolved: Resolved, value: str, answers: Mapping[str, Answer], language: str
) -> str:
    """Return the label of a choice, followed by the text of « autre » when there is one."""
    label = label_of(resolved.options, value, language)
    option = by_value(resolved.options).get(value)
    text = answers.get(other_key(resolved.key)) if option and option.other else None
    return f"{label} : {text}".replace(" :", "\u00a0:") if text else label


def other_columns(resolved: Resolved) -> list[Column]:
    """Return the column of the text of « autre », when an option has one."""
    if not any(option.other for option in resolved.options):
        return []
    label = say(resolved.question.label)
    return [Column(f"{resolved.key}_other", f"{label} (texte)", "text")]


def other_cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[str | None]:
    """Return the text of « autre », matching :func:`other_columns`."""
    if not any(option.other for option in resolved.options):
        return []
    text = answers.get(other_key(resolved.key))
    return [str(text) if text else None]


def number_of(options: Sequence[Option], value: Answer) -> int:
    """Return the number of ``value`` among ``options``, from 1; 0 when it is not one of them."""
    for number, option in enumerate(options, 1):
        if option.value == value:
            return number
    return 0


def numbers_of(options: Sequence[Option], values: Sequence[str]) -> list[int]:
    """Return the numbers, from 0, of the options chosen."""
    chosen = set(values)
    return [number for number, option in enumerate(options) if option.value in chosen]
