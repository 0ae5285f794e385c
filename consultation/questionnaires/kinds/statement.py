"""Statement: a text to read, with no answer."""

from __future__ import annotations

from collections.abc import Mapping

from consultation.questionnaires.kinds.question import Answer, Column, Fields, Question, Resolved

SHAPE = "none"
SUMMARY = "none"


class Statement(Question, tag="statement"):
    """A text shown between questions."""


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    if resolved.question.required:
        return ["un texte d’information ne demande pas de réponse"]
    return []


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return nothing."""
    return {}


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return nothing: no answer can be wrong."""
    return []


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return nothing."""
    return []


def columns(resolved: Resolved) -> list[Column]:
    """No column."""
    return []


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """No cell."""
    return []


def width(resolved: Resolved) -> int:
    """Nothing."""
    return 0


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return nothing."""
    return b""
