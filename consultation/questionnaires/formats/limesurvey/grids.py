"""Arrays of numbers (:) and of texts (;): one question of ours by cell, or by row when it fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from consultation.questionnaires.expressions.tree import Reference
from consultation.questionnaires.formats.limesurvey.asked import Asked
from consultation.questionnaires.formats.limesurvey.filters import row_conditions, say_filters
from consultation.questionnaires.formats.limesurvey.source import Row
from consultation.questionnaires.formats.limesurvey.variables import Tick, Value
from consultation.questionnaires.formats.limesurvey.work import every
from consultation.questionnaires.kinds.matrix import Matrix
from consultation.questionnaires.kinds.multiple import Multiple
from consultation.questionnaires.kinds.number import Number
from consultation.questionnaires.kinds.question import Option
from consultation.questionnaires.kinds.question import Row as OurRow
from consultation.questionnaires.kinds.short_text import ShortText

MOST_POINTS = 11
"""Numbers to choose from that still make a scale."""

MOST_CELLS = 600
"""Cells of a grid that become questions; nobody fills more."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the grid, its condition and its columns."""

    row: Row
    condition: str | None
    columns: list[Row]
    column_conditions: list[str | None]


def _lines(asked: Asked) -> list[Line]:
    rows, columns = asked.rows("0"), asked.rows("1")
    if asked.random:
        asked.say("L’ordre au hasard des lignes n’est pas repris.")
    conditions, column_conditions = row_conditions(asked, rows), row_conditions(asked, columns)
    say_filters(asked)
    if len(rows) * len(columns) > MOST_CELLS:
        asked.say(f"Ce tableau a plus de {MOST_CELLS} cases\u00a0: il n’est pas repris.")
        return []
    if rows and columns:
        asked.work.keep(*rows, *columns)
    return [
        Line(row, condition, columns, column_conditions)
        for row, condition in zip(rows, conditions, strict=True)
        if columns
    ]


def numbers(asked: Asked) -> list[Any]:
    """Return boxes to tick by row, a scale by row, or a number by cell."""
    lines = _lines(asked)
    if asked.attributes.flag("multiflexible_checkbox"):
        return asked.in_parts([_boxes(asked, line) for line in lines])
    points = _points(asked)
    if points and not asked.attributes.flag("input_boxes"):
        return asked.in_parts([_scale(asked, line, points) for line in lines])
    return asked.in_parts([q for line in lines for q in _cells(asked, line, number=True)])


def texts(asked: Asked) -> list[Any]:
    """Return a text by cell, or a number when only numbers are taken."""
    number = asked.attributes.flag("numbers_only")
    return asked.in_parts([q for line in _lines(asked) for q in _cells(asked, line, number=number)])


def _bounds(asked: Asked) -> tuple[float | None, float | None, float]:
    low, high = (
        asked.attributes.number("multiflexible_min"),
        asked.attributes.number("multiflexible_max"),
    )
    step = asked.attributes.number("multiflexible_step") or 1
    return low, high, abs(step)


def _points(asked: Asked) -> list[str]:
    """Return the numbers of the menus of a grid, when they are few."""
    low, high, step = _bounds(asked)
    first, last = (1 if low is None else low), (10 if high is None else high)
    if not 0 <= (last - first) / step < MOST_POINTS:
        return []
    count = int((last - first) / step + 1e-9) + 1
    found = [f"{first + n * step:g}" for n in range(count)]
    return found[::-1] if asked.attributes.flag("reverse") else found


def _boxes(asked: Asked, line: Line) -> Multiple:
    key = asked.work.key(asked.row, line.row.get("title"))
    values = asked.work.values(line.columns, asked.row, "title")
    for column, value in zip(line.columns, values, strict=True):
        asked.work.variable(asked.row, Tick(key, value), line.row.get("title"), column.get("title"))
    options = [
        Option(value=value, label=asked.label_of(column), relevant=condition)
        for column, value, condition in zip(
            line.columns, values, line.column_conditions, strict=True
        )
    ]
    return Multiple(**_fields(asked, line), options=options)


def _scale(asked: Asked, line: Line, points: list[str]) -> Matrix:
    key = asked.work.key(asked.row, line.row.get("title"))
    values = asked.work.values(line.columns, asked.row, "title")
    codes = {point: point for point in points}
    for column, value in zip(line.columns, values, strict=True):
        meaning = Value(Reference(key, value), "choice", codes=codes)
        asked.work.variable(asked.row, meaning, line.row.get("title"), column.get("title"))
    rows = [
        OurRow(value=value, label=asked.label_of(column), relevant=condition)
        for column, value, condition in zip(
            line.columns, values, line.column_conditions, strict=True
        )
    ]
    scale = [Option(value=p, label={asked.work.base: p}) for p in points]
    return Matrix(**_fields(asked, line), rows=rows, points=scale)


def _fields(asked: Asked, line: Line) -> dict[str, Any]:
    label = asked.part_label(asked.label_of(line.row))
    return asked.shared(line.row.get("title"), label=label, when=line.condition)


def _cells(asked: Asked, line: Line, *, number: bool) -> Iterator[Any]:
    low, high, step = _bounds(asked)
    longest = asked.attributes.whole("maximum_chars")
    for column, condition in zip(line.columns, line.column_conditions, strict=True):
        codes = (line.row.get("title"), column.get("title"))
        key = asked.work.key(asked.row, *codes)
        shape = "number" if number else "text"
        asked.work.variable(asked.row, Value(Reference(key), shape), *codes)  # type: ignore[arg-type]
        label = asked.part_label(asked.label_of(line.row), asked.label_of(column))
        fields = asked.shared(*codes, label=label, when=every(line.condition, condition))
        if number and asked.type == ":":
            yield Number(**fields, minimum=low, maximum=high, step=step if step != 1 else None)
        elif number:
            yield Number(**fields)
        else:
            yield ShortText(**fields, max_length=min(longest or 1000, 20_000))
