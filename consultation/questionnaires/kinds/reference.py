"""Reference list: one or several entries of a long official list (regions, clusters, EPCI)."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from consultation.questionnaires.kinds import multiple, single
from consultation.questionnaires.kinds.question import Answer, Choices, Column, Fields, Resolved

SHAPE = "choice"
"""``choices`` when several entries may be chosen."""

SUMMARY = "choices"


class Reference(Choices, tag="reference"):
    """Entries of the named list; ``options`` adds entries such as « Hors de France »."""

    several: bool = False
    min_choices: int | None = None
    max_choices: int | None = None


def behaviour(resolved: Resolved) -> ModuleType:
    """Return the kind it behaves like: single or multiple choice."""
    return multiple if resolved.question.several else single


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    if not resolved.question.from_list:
        return ["indiquez la liste de référence"]
    problems: list[str] = behaviour(resolved).check(resolved)
    return problems


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the value or values chosen."""
    answers: dict[str, Answer] = behaviour(resolved).read(resolved, fields)
    return answers


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    sentences: list[str] = behaviour(resolved).errors(resolved, answers, language)
    return sentences


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the labels chosen."""
    lines: list[str] = behaviour(resolved).display(resolved, answers, language)
    return lines


def columns(resolved: Resolved) -> list[Column]:
    """The columns of single or multiple choice."""
    found: list[Column] = behaviour(resolved).columns(resolved)
    return found


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the values of :func:`columns`."""
    values: list[object] = behaviour(resolved).cells(resolved, answers)
    return values


def width(resolved: Resolved) -> int:
    """Two bytes for one entry, a bit per entry for several."""
    size: int = behaviour(resolved).width(resolved)
    return size


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return the bytes of single or multiple choice."""
    packed: bytes = behaviour(resolved).pack(resolved, answers)
    return packed
