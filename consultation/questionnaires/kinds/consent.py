"""Consent: a box to tick, never ticked beforehand, as ``true``."""

from __future__ import annotations

from collections.abc import Mapping

from consultation.questionnaires.kinds.question import (
    Answer,
    Column,
    Fields,
    Question,
    Resolved,
    Text,
    say,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "boolean"
SUMMARY = "consent"


class Consent(Question, tag="consent"):
    """A box beside the sentence ``statement`` that the person agrees with."""

    statement: Text = {}


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    return [] if say(resolved.question.statement) else ["écrivez la phrase à accepter"]


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return ``True`` when the box is ticked, nothing otherwise."""
    return {resolved.key: True} if fields.one(resolved.key) else {}


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    return [] if answers[resolved.key] is True else [sentence("consent", language)]


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentence agreed with."""
    return [say(resolved.question.statement, language)]


def columns(resolved: Resolved) -> list[Column]:
    """One column: 1 when given."""
    return [Column(resolved.key, say(resolved.question.label), "boolean")]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return 1 when the consent is given."""
    return [1 if answers.get(resolved.key) is True else None]


def width(resolved: Resolved) -> int:
    """Nothing: an answered consent is a given consent."""
    return 0


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return nothing."""
    return b""
