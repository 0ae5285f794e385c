"""Arrays answered on a scale: A B C E F H, and 1 that has two scales."""

from __future__ import annotations

from typing import Any

from consultation.questionnaires.expressions.build import call, question
from consultation.questionnaires.expressions.tree import Reference
from consultation.questionnaires.formats.limesurvey.asked import Asked, joined
from consultation.questionnaires.formats.limesurvey.comparisons import figure
from consultation.questionnaires.formats.limesurvey.filters import row_conditions, say_filters
from consultation.questionnaires.formats.limesurvey.scales import (
    EVOLUTION,
    UNCERTAIN,
    built_in,
    numbered,
)
from consultation.questionnaires.formats.limesurvey.source import Row
from consultation.questionnaires.formats.limesurvey.validations import bound
from consultation.questionnaires.formats.limesurvey.variables import Value
from consultation.questionnaires.kinds.matrix import Matrix
from consultation.questionnaires.kinds.question import Constraint, Option, Text
from consultation.questionnaires.kinds.question import Row as OurRow


def array(asked: Asked) -> list[Any]:
    """Return an array of one scale."""
    points, codes = _points(asked, "0")
    return [_matrix(asked, points, codes, (), None)]


def dual(asked: Asked) -> list[Any]:
    """Return an array of two scales as two matrices."""
    made = []
    for scale, header in (("0", "dualscale_headerA"), ("1", "dualscale_headerB")):
        points, codes = _points(asked, scale)
        if not points and scale == "1":
            break
        said: Text = asked.localised(header)
        number = {asked.work.base: str(int(scale) + 1)}
        made.append(_matrix(asked, points, codes, (scale,), joined(asked.label, said or number)))
    return made


def _points(asked: Asked, scale: str) -> tuple[list[Option], dict[str, str]]:
    languages = asked.work.source.languages
    labels = {
        "A": lambda: numbered(1, 5, languages),
        "B": lambda: numbered(1, 10, languages),
        "C": lambda: built_in(UNCERTAIN, languages),
        "E": lambda: built_in(EVOLUTION, languages),
    }
    if asked.type in labels:
        options = [Option(value=code, label=label) for code, label in labels[asked.type]().items()]
        return options, {o.value: o.value for o in options}
    rows = asked.answers(scale)
    options = asked.options(rows)
    return options, {r.get("code"): o.value for r, o in zip(rows, options, strict=True)}


def _matrix(
    asked: Asked,
    points: list[Option],
    codes: dict[str, str],
    parts: tuple[str, ...],
    label: Text | None,
) -> Matrix:
    rows = asked.rows()
    if asked.random:
        asked.say("L’ordre au hasard des lignes n’est pas repris.")
    values = asked.work.values(rows, asked.row, "title")
    asked.work.keep(*rows)
    key = asked.work.key(asked.row, *parts)
    _name_rows(asked, key, rows, values, points, codes, parts)
    conditions = row_conditions(asked, rows)
    if parts != ("1",):
        say_filters(asked)
    made = Matrix(
        **asked.shared(*parts, label=label),
        points=[Option(value=p.value, label=p.label) for p in points],
        rows=[
            OurRow(value=value, label=asked.label_of(row), relevant=condition)
            for row, value, condition in zip(rows, values, conditions, strict=True)
        ],
        default=_default(asked, rows, values, codes, parts),
    )
    made.constraints = _limits(asked, key) if parts != ("1",) else []
    return made


def _name_rows(
    asked: Asked,
    key: str,
    rows: list[Row],
    values: list[str],
    points: list[Option],
    codes: dict[str, str],
    parts: tuple[str, ...],
) -> None:
    weights = {
        codes.get(r.get("code"), ""): int(figure(r.get("assessment_value")) or 0)
        for r in asked.answers(*parts)
    }
    labels = {text: p.value for p in reversed(points) for text in p.label.values()}
    for row, value in zip(rows, values, strict=True):
        meaning = Value(Reference(key, value), "choice", codes=codes, labels=labels, points=weights)
        asked.work.variable(asked.row, meaning, row.get("title"), *parts)


def _default(
    asked: Asked, rows: list[Row], values: list[str], codes: dict[str, str], parts: tuple[str, ...]
) -> dict[str, str] | None:
    if parts:
        return None
    found = {}
    for row, value in zip(rows, values, strict=True):
        text = asked.default(part=row)
        if text in codes:
            found[value] = codes[text]
        elif text:
            asked.lost_default(text)
    return found or None


def _limits(asked: Asked, key: str) -> list[Constraint]:
    """Return the numbers of rows to answer as constraints."""
    count = call("count", question(key))
    found = []
    for name, sign in (("min_answers", ">="), ("max_answers", "<=")):
        number = asked.attributes.whole(name)
        if number and not asked.work.silent:
            found.append(asked.limit(f"count({key})", (sign, str(number))))
        elif rule := bound(asked, name, count, sign):
            found.append(rule)
    return found
