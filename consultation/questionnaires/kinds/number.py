"""Number: whole or decimal, with a unit and bounds; « 1 250,5 » and ``1250.5`` are the same."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

from consultation.questionnaires.kinds.question import (
    Answer,
    Column,
    Fields,
    Question,
    Resolved,
    Text,
    is_typed,
    say,
    typed,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "number"
SUMMARY = "numbers"
NUMBER = re.compile(r"[+\-\u2212]?\d{1,15}(?:[.,]\d{1,6})?", re.ASCII)
SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")


class Number(Question, tag="number"):
    """A number from ``minimum`` to ``maximum``, included; ``step`` is a hint for the page."""

    integer: bool = False
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: Text = {}


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    low, high = resolved.question.minimum, resolved.question.maximum
    if low is not None and high is not None and low > high:
        return ["le minimum dépasse le maximum"]
    return []


def parse(text: str) -> int | float | None:
    """Return the number that ``text`` writes in French or in English, else ``None``."""
    bare = SPACES.sub("", text)
    if not NUMBER.fullmatch(bare):
        return None
    number = float(bare.replace(",", ".").replace("\u2212", "-"))
    return int(number) if number.is_integer() else number


def write(number: int | float, language: str = "fr") -> str:
    """Write ``number`` the way a person types it: « 1 250,5 » or ``1,250.5``."""
    text = f"{number:,.6f}".rstrip("0").rstrip(".")
    if language != "fr":
        return text
    return text.replace(",", "\u00a0").replace(".", ",")


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the number, or the text typed when it is not one."""
    text = fields.one(resolved.key)[:200]
    if not text:
        return {}
    number = parse(text)
    return {resolved.key: typed(text) if number is None else number}


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    question, answer = resolved.question, answers[resolved.key]
    whole = "whole" if question.integer else "number"
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return [sentence(whole, language, example=example(question, language))]
    if question.integer and not float(answer).is_integer():
        return [sentence("whole", language, example=example(question, language))]
    return out_of_bounds(answer, question.minimum, question.maximum, language)


def example(question: Number, language: str) -> str:
    """Return a number within the bounds."""
    low = question.minimum if question.minimum is not None else 0
    high = question.maximum if question.maximum is not None else max(low, 250)
    return write(250 if low <= 250 <= high else low, language)


def out_of_bounds(number: float, low: float | None, high: float | None, language: str) -> list[str]:
    """Say that ``number`` is not between ``low`` and ``high``."""
    if (low is None or number >= low) and (high is None or number <= high):
        return []
    values = {"low": write(low or 0, language), "high": write(high or 0, language)}
    code = "between" if None not in (low, high) else "at_least" if high is None else "at_most"
    return [sentence(code, language, **values)]


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the number and its unit."""
    unit = say(resolved.question.unit, language)
    return [f"{write(answers[resolved.key], language)}\u00a0{unit}".strip()]


def columns(resolved: Resolved) -> list[Column]:
    """One column."""
    kind = "integer" if resolved.question.integer else "number"
    return [Column(resolved.key, say(resolved.question.label), kind)]  # type: ignore[arg-type]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the number."""
    answer = answers.get(resolved.key)
    return [None if is_typed(answer) else answer]


def width(resolved: Resolved) -> int:
    """Eight bytes: a little-endian double."""
    return 8


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return the number as a double."""
    return struct.pack("<d", answers[resolved.key])
