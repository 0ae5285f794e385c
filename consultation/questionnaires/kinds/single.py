"""Single choice: one option of a list, as its value; ``autre`` keeps its text beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from consultation.questionnaires.kinds import choosing
from consultation.questionnaires.kinds.question import (
    Answer,
    Choices,
    Column,
    Fields,
    Resolved,
    by_value,
    is_typed,
    say,
    typed,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "choice"
SUMMARY = "choices"


class Single(Choices, tag="single"):
    """One option among several. ``display`` is a hint for the page."""

    display: Literal["radios", "select"] = "radios"


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    return [] if len(resolved.options) > 1 else ["il faut au moins deux options"]


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the chosen value, or what was posted when it is not an option."""
    value = fields.one(resolved.key)
    if not value:
        return {}
    known = value in by_value(resolved.options)
    answer = value if known else typed(value[:200])
    return {resolved.key: answer, **choosing.read_other(resolved, fields, [value])}


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    answer = answers[resolved.key]
    if is_typed(answer) or answer not in by_value(resolved.options):
        return [sentence("not_in_list", language)]
    return choosing.other_missing(resolved, [answer], answers, language)


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the label of the choice."""
    return [choosing.display_choice(resolved, answers[resolved.key], answers, language)]


def columns(resolved: Resolved) -> list[Column]:
    """One column with the value, one with the text of « autre »."""
    own = Column(resolved.key, say(resolved.question.label), "text")
    return [own, *choosing.other_columns(resolved)]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the values of :func:`columns`."""
    return [answers.get(resolved.key), *choosing.other_cells(resolved, answers)]


def width(resolved: Resolved) -> int:
    """Two bytes: the number of the option, from 1."""
    return 2


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return the number of the chosen option, little-endian."""
    return choosing.number_of(resolved.options, answers[resolved.key]).to_bytes(2, "little")
