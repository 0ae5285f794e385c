"""Long text: paragraphs, with a limit that is said and counted."""

from __future__ import annotations

from collections.abc import Mapping

from consultation.questionnaires.kinds import short_text
from consultation.questionnaires.kinds.question import (
    MAXIMUM_TEXT,
    Answer,
    Fields,
    Question,
    Resolved,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "text"
SUMMARY = "texts"

columns = short_text.columns
cells = short_text.cells
width = short_text.width
pack = short_text.pack


class LongText(Question, tag="long_text"):
    """Paragraphs of at most ``max_length`` characters."""

    max_length: int = 2000


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    if 1 <= resolved.question.max_length <= MAXIMUM_TEXT:
        return []
    return [f"la longueur maximale va de 1 à {MAXIMUM_TEXT}"]


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the text with its line breaks as ``\\n``."""
    text = fields.one(resolved.key).replace("\r\n", "\n").replace("\r", "\n")
    return {resolved.key: text} if text else {}


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    most, now = resolved.question.max_length, len(str(answers[resolved.key]))
    return [sentence("too_long", language, n=most, now=now)] if now > most else []


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the lines of the text."""
    return str(answers[resolved.key]).split("\n")
