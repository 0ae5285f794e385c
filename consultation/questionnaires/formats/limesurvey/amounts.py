"""Numbers: one (N), several (K) that may have to add up."""

from __future__ import annotations

from typing import Any

from consultation.questionnaires.expressions.build import call, literal, question
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import Node, Reference
from consultation.questionnaires.formats.limesurvey.asked import Asked, Fields
from consultation.questionnaires.formats.limesurvey.comparisons import figure
from consultation.questionnaires.formats.limesurvey.filters import row_conditions, say_filters
from consultation.questionnaires.formats.limesurvey.source import Row
from consultation.questionnaires.formats.limesurvey.validations import bound
from consultation.questionnaires.formats.limesurvey.variables import Value
from consultation.questionnaires.kinds.allocation import Allocation
from consultation.questionnaires.kinds.number import Number
from consultation.questionnaires.kinds.question import Constraint
from consultation.questionnaires.kinds.question import Row as OurRow

_LOW: tuple[str, ...] = ("min_num_value_n", "multiflexible_min", "slider_min")
_SUMS = (("min_num_value", ">="), ("max_num_value", "<="), ("equals_num_value", "=="))
_HIGH: tuple[str, ...] = ("max_num_value_n", "multiflexible_max", "slider_max")


def number(asked: Asked) -> list[Any]:
    """Return a number (N, or a text that takes numbers only)."""
    whole = asked.attributes.flag("num_value_int_only")
    asked.work.variable(asked.row, Value(Reference(asked.key), "number", whole=whole))
    made = Number(**asked.shared(), **_number_fields(asked), default=_default(asked, None))
    made.constraints = _limits(asked, "", question(asked.key), ("_n", ""))
    return [made]


def _number_fields(asked: Asked) -> Fields:
    low, high = _first(asked, _LOW), _first(asked, _HIGH)
    whole = asked.attributes.flag("num_value_int_only")
    digits = asked.attributes.whole("maximum_chars")
    if high is None and digits and digits <= 12:
        high = float(10**digits - 1)
    if low is not None and high is not None and low > high:
        asked.say("Le minimum dépasse le maximum\u00a0: il n’est pas repris.")
        low = None
    step = (
        asked.attributes.number("slider_accuracy")
        if asked.attributes.flag("slider_layout")
        else None
    )
    return {"integer": whole, "minimum": low, "maximum": high, "step": step, "unit": unit(asked)}


def _first(asked: Asked, names: tuple[str, ...]) -> float | None:
    slider = asked.attributes.flag("slider_layout")
    for name in names:
        if name.startswith("slider") and not slider:
            continue
        found = asked.attributes.number(name)
        if found is not None:
            return float(found)
    default = {_LOW: 0.0, _HIGH: 100.0}[names]
    return default if slider and asked.type == "K" else None


def unit(asked: Asked) -> dict[str, str]:
    """Return what stands after the number, or before it; both become one."""
    before, after = asked.localised("prefix"), asked.localised("suffix")
    if before and after:
        asked.say("Le texte placé avant la réponse rejoint celui placé après.")
    languages = dict.fromkeys([*after, *before])
    both = {lang: " ".join(filter(None, (after.get(lang), before.get(lang)))) for lang in languages}
    return {language: text[:60] for language, text in both.items()}


def _limits(asked: Asked, tail: str, node: Node, ends: tuple[str, ...]) -> list[Constraint]:
    found = []
    for end in ends:
        for name, sign in ((f"min_num_value{end}", ">="), (f"max_num_value{end}", "<=")):
            if rule := bound(asked, name + tail, node, sign):
                found.append(rule)
    return found


def _default(asked: Asked, part: Row | None) -> int | float | None:
    text = asked.default(part=part)
    found = figure(text.replace(",", "."))
    if text and found is None:
        asked.lost_default(text)
    return found


def several(asked: Asked) -> list[Any]:
    """Return shares of a total when one is asked for, else a number by row."""
    rows = asked.rows()
    conditions = row_conditions(asked, rows)
    say_filters(asked)
    if asked.random:
        asked.say("L’ordre au hasard des lignes n’est pas repris.")
    asked.work.keep(*rows)
    total = asked.attributes.number("equals_num_value")
    low = _first(asked, _LOW)
    if total and total > 0 and len(rows) > 1 and not low:
        return [_allocation(asked, rows, conditions, total)]
    return _numbers(asked, rows, conditions)


def _allocation(
    asked: Asked, rows: list[Row], conditions: list[str | None], total: float
) -> Allocation:
    values = asked.work.values(rows, asked.row, "title")
    for row, value in zip(rows, values, strict=True):
        meaning = Value(Reference(asked.key, value), "number")
        asked.work.variable(asked.row, meaning, row.get("title"))
    high = _first(asked, _HIGH)
    if high is not None and high < total:
        asked.say(f"Le maximum de chaque part ({high:g}) n’est pas repris.")
    return Allocation(
        **asked.shared(),
        rows=[
            OurRow(value=value, label=asked.label_of(row), relevant=condition)
            for row, value, condition in zip(rows, values, conditions, strict=True)
        ],
        total=float(total),
        integer=asked.attributes.flag("num_value_int_only"),
        unit=unit(asked),
    )


def _numbers(asked: Asked, rows: list[Row], conditions: list[str | None]) -> list[Any]:
    whole = asked.attributes.flag("num_value_int_only")
    shared = _number_fields(asked)
    numbers = []
    for row, condition in zip(rows, conditions, strict=True):
        code = row.get("title")
        meaning = Value(Reference(asked.work.key(asked.row, code)), "number", whole=whole)
        asked.work.variable(asked.row, meaning, code)
        label = asked.part_label(asked.label_of(row))
        fields = asked.shared(code, label=label, when=condition)
        numbers.append(Number(**fields, **shared, default=_default(asked, row)))
    if numbers:
        _of_the_sum(asked, numbers)
    return asked.in_parts(numbers)


def _of_the_sum(asked: Asked, numbers: list[Number]) -> None:
    """Put the bounds of the sum on the last number, and those an equation gives on each."""
    total = call("sum", *[question(n.key) for n in numbers], literal(0))
    last = numbers[-1]
    plain: list[tuple[str, str]] = []
    for name, sign in _SUMS:
        value = asked.attributes.number(name)
        if value is not None:
            plain.append((sign, _plain(value)))
        elif rule := bound(asked, name, total, sign):
            last.constraints = [*last.constraints, rule]
    if plain and not asked.work.silent:
        if not asked.mandatory:
            asked.say("La limite de la somme n’est examinée que si chaque ligne est remplie.")
        last.constraints = [asked.limit(to_source(total), *plain), *last.constraints]
    for one in numbers:
        one.constraints = [*one.constraints, *_limits(asked, "", question(one.key), ("_n",))]


def _plain(value: float) -> str:
    node = literal(int(value) if float(value).is_integer() else value)
    return str(node.value)  # type: ignore[union-attr]
