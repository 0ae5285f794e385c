"""The functions of the language, one table. Each takes values and gives a value, and never raises.

A function called with a value it has no use for gives none (or false, when it asks a question).
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from consultation.questionnaires.expressions.automaton import PatternError
from consultation.questionnaires.expressions.patterns import compile_pattern
from consultation.questionnaires.expressions.values import (
    Scalar,
    Value,
    as_date,
    as_number,
    as_text,
    bounded,
    equal,
)

MAX_TEXT = 20_000
_MAX_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how many arguments (`most` is None when unlimited), and what it does.

    `run` is None for the two that `evaluate` does itself: `if` chooses, `today` needs the day.
    """

    least: int
    most: int | None
    run: Callable[..., Value] | None

    def takes(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)


def _parts(value: Value) -> Iterable[Scalar]:
    """The single values in a value: the options of a list, the cells of the rows."""
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, list):
        return value
    return () if value is None else (value,)


def selected(value: Value, option: Value) -> bool:
    if option is None or isinstance(value, dict):
        return False
    return any(equal(part, option) for part in _parts(value))


def count(value: Value, option: Value = None) -> int:
    parts = list(_parts(value))
    return len(parts) if option is None else sum(equal(part, option) for part in parts)


def rank(value: Value, option: Value) -> int | None:
    if not isinstance(value, list):
        return None
    places = (place for place, part in enumerate(value, 1) if equal(part, option))
    return next(places, None)


def answered(value: Value) -> bool:
    return value is not None


def length(value: Value) -> int | None:
    if value is None:
        return 0
    text = None if isinstance(value, list) else as_text(value)
    return None if text is None else len(text)


def _numbers(values: Iterable[Value]) -> list[int | float]:
    read = (as_number(part) for value in values for part in _parts(value))
    return [number for number in read if number is not None]


def total(*values: Value) -> int | float | None:
    numbers = _numbers(values)
    return bounded(sum(numbers)) if numbers else None


def smallest(*values: Value) -> int | float | None:
    return min(_numbers(values), default=None)


def largest(*values: Value) -> int | float | None:
    return max(_numbers(values), default=None)


def rounded(value: Value, decimals: Value = 0) -> int | float | None:
    """Half goes away from zero, as people round: 2.5 gives 3, -2.5 gives -3."""
    number, places = as_number(value), as_number(decimals)
    if number is None or places is None:
        return None
    kept = max(-_MAX_DECIMALS, min(_MAX_DECIMALS, math.floor(places)))
    if isinstance(number, int) and kept >= 0:
        return number
    step = Decimal(1).scaleb(-kept)
    result = Decimal(repr(number)).quantize(step, ROUND_HALF_UP, Context(prec=60))
    return float(result) if kept > 0 else int(result)


def absolute(value: Value) -> int | float | None:
    number = as_number(value)
    return None if number is None else abs(number)


def year(value: Value) -> int | None:
    day = as_date(value)
    return None if day is None else day.year


def month(value: Value) -> int | None:
    day = as_date(value)
    precise = not isinstance(value, str) or len(value) > len("2022")
    return day.month if day is not None and precise else None


def days_between(start: Value, end: Value) -> int | None:
    first, last = as_date(start), as_date(end)
    return None if first is None or last is None else (last - first).days


def to_date(value: Value) -> date | None:
    return as_date(value)


def matches(value: Value, pattern: Value) -> bool:
    text = None if isinstance(value, list) else as_text(value)
    if text is None or not isinstance(pattern, str):
        return False
    try:
        return compile_pattern(pattern).accepts(text)
    except PatternError:
        return False


def contains(value: Value, part: Value) -> bool:
    text, sought = as_text(value), as_text(part)
    return text is not None and sought is not None and sought in text


def starts_with(value: Value, part: Value) -> bool:
    text, sought = as_text(value), as_text(part)
    return text is not None and sought is not None and text.startswith(sought)


def lower(value: Value) -> str | None:
    text = as_text(value)
    return None if text is None else text.lower()


def upper(value: Value) -> str | None:
    text = as_text(value)
    return None if text is None else text.upper()


def concat(*values: Value) -> str | None:
    texts = [text for text in map(as_text, values) if text]
    return "".join(texts)[:MAX_TEXT] or None


FUNCTIONS: dict[str, Function] = {
    "selected": Function(2, 2, selected),
    "count": Function(1, 2, count),
    "answered": Function(1, 1, answered),
    "rank": Function(2, 2, rank),
    "sum": Function(1, None, total),
    "min": Function(1, None, smallest),
    "max": Function(1, None, largest),
    "round": Function(1, 2, rounded),
    "abs": Function(1, 1, absolute),
    "length": Function(1, 1, length),
    "contains": Function(2, 2, contains),
    "starts_with": Function(2, 2, starts_with),
    "matches": Function(2, 2, matches),
    "lower": Function(1, 1, lower),
    "upper": Function(1, 1, upper),
    "concat": Function(1, None, concat),
    "date": Function(1, 1, to_date),
    "today": Function(0, 0, None),
    "year": Function(1, 1, year),
    "month": Function(1, 1, month),
    "days_between": Function(2, 2, days_between),
    "number": Function(1, 1, as_number),
    "text": Function(1, 1, as_text),
    "if": Function(3, 3, None),
}
