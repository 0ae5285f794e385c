"""Likert matrix: one point of the same scale for each row, as ``{row: point}``."""

from __future__ import annotations

from collections.abc import Mapping

from consultation.questionnaires.kinds import choosing
from consultation.questionnaires.kinds.question import (
    Answer,
    Column,
    Fields,
    Option,
    Question,
    Resolved,
    Row,
    by_value,
    is_typed,
    say,
    typed,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "rows"
SUMMARY = "matrix"


class Matrix(Question, tag="matrix"):
    """Rows answered on one scale. ``rows_from`` carries rows over, like ``options_from``."""

    scale: str | None = None
    points: list[Option] = []
    rows: list[Row] = []
    rows_from: str | None = None


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    problems = [] if resolved.rows else ["il faut au moins une ligne"]
    if len([point for point in resolved.options if not point.no_opinion]) < 2:
        problems.append("il faut au moins deux points à l’échelle")
    return problems


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the rows answered; what was posted when a point is not on the scale."""
    given = {row.value: fields.one(f"{resolved.key}.{row.value}") for row in resolved.rows}
    given = {row: point for row, point in given.items() if point}
    if not given:
        return {}
    known = by_value(resolved.options)
    if any(point not in known for point in given.values()):
        return {resolved.key: typed({row: point[:200] for row, point in given.items()})}
    return {resolved.key: given}


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong or, for a required matrix, incomplete answer."""
    answer = answers[resolved.key]
    known = by_value(resolved.options)
    if is_typed(answer) or any(point not in known for point in answer.values()):
        return [sentence("not_in_list", language)]
    missing = [row for row in resolved.rows if row.value not in answer]
    if missing and resolved.question.required:
        return [sentence("rows", language, n=len(missing))]
    return []


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return a line per row answered."""
    answer = answers[resolved.key]
    return [
        f"{say(row.label, language)}\u00a0: "
        f"{choosing.label_of(resolved.options, answer[row.value], language)}"
        for row in resolved.rows
        if row.value in answer
    ]


def columns(resolved: Resolved) -> list[Column]:
    """One column per row, with the value of the point."""
    label = say(resolved.question.label)
    return [
        Column(f"{resolved.key}_{row.value}", f"{label} – {say(row.label)}", "text")
        for row in resolved.rows
    ]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the values of :func:`columns`."""
    answer = answers.get(resolved.key)
    if answer is None or is_typed(answer):
        return [None] * len(resolved.rows)
    return [answer.get(row.value) for row in resolved.rows]


def width(resolved: Resolved) -> int:
    """One byte per row: the number of the point, from 1."""
    return len(resolved.rows)


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return the number of the point of each row, 0 where there is none."""
    answer = answers[resolved.key]
    return bytes(choosing.number_of(resolved.options, answer.get(r.value)) for r in resolved.rows)
