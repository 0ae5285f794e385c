"""For one question, a few answers that stand for all those an expression can tell apart."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations, pairwise

from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.expressions.uses import Use
from consultation.questionnaires.expressions.values import Value, as_date, as_number, as_text

MAX_OPTIONS = 40
_MAX_MENTIONED = 6
_MAX_OTHERS = 12

Domain = tuple[list[object], bool]
"""Stored answers (None: not answered), and whether they stand for every possible answer."""


def domain(symbol: Symbol, use: Use) -> Domain:
    """The answers to try for a question used in this way."""
    values, whole = _domain(symbol, use)
    dated = symbol.shape != "date" and any(isinstance(value, date) for value in use.constants)
    return values, whole and not dated


def _domain(symbol: Symbol, use: Use) -> Domain:
    match symbol.shape:
        case "choice":
            return _choice(symbol.options, use)
        case "choices":
            return _choices(symbol.options, use)
        case "number":
            return [None, *_numbers(use.constants)], not use.free
        case "date":
            return [None, *_dates(use.constants)], not use.free
        case "boolean":
            return [None, True, False], True
        case "file":
            return [None, [{"name": "a"}]], not (use.free or use.counted)
        case "rows":
            return [None, {"?": "1"}], not (use.free or use.counted)
        case "text":
            texts = _texts(use.constants)
            return [None, *texts, _unlike(texts)], not (use.free or use.ordered)


def _texts(constants: Iterable[Value]) -> list[str]:
    """The constants as they may be typed: the number 1 may be "1" or "1.0"."""
    texts = {text for text in map(as_text, constants) if text}
    numbers = {text for value in constants if isinstance(value, int) and (text := as_text(value))}
    return sorted(texts | {f"{text}.0" for text in numbers})


def _unlike(texts: Iterable[str]) -> str:
    """A text that is none of these."""
    return "?" * (1 + max((len(text) for text in texts), default=0))


def _choice(options: frozenset[str] | None, use: Use) -> Domain:
    if options is not None and len(options) <= MAX_OPTIONS:
        return [None, *sorted(options)], True
    mentioned = [text for text in _texts(use.constants) if options is None or text in options]
    if options is None:
        other = _unlike(mentioned)
    else:
        other = min(options.difference(mentioned), default=_unlike(mentioned))
    return [None, *mentioned, other], not (use.free or use.ordered)


def _choices(options: frozenset[str] | None, use: Use) -> Domain:
    texts = _texts(use.constants)
    mentioned = [text for text in texts if options is None or text in options]
    if options is None:
        others = [_unlike(texts) + str(number) for number in range(_MAX_OTHERS + 1)]
    else:
        others = sorted(options.difference(mentioned))
    extra = min(len(others), _MAX_OTHERS) if use.counted else min(len(others), 1)
    answers: list[object] = [
        [*chosen, *others[:more]] or None
        for size in range(min(len(mentioned), _MAX_MENTIONED) + 1)
        for chosen in combinations(mentioned[:_MAX_MENTIONED], size)
        for more in range(extra + 1)
    ]
    cut = len(mentioned) > _MAX_MENTIONED or (use.counted and len(others) > _MAX_OTHERS)
    return answers, not (use.free or use.ordered or cut)


def _numbers(constants: Iterable[Value]) -> list[object]:
    """The numbers mentioned, one between each two, one below and one above."""
    points = sorted({number for number in map(as_number, constants) if number is not None}) or [0]
    between = [(low + high) / 2 for low, high in pairwise(points)]
    return [points[0] - 1, *points, *between, points[-1] + 1]


def _dates(constants: Iterable[Value]) -> list[object]:
    """The dates mentioned, as they are written and as days, and the days around them."""
    days = {day for day in map(as_date, constants) if day is not None} or {date(2000, 1, 1)}
    around = {near for day in days for near in _around(day)}
    written = {text for text in constants if isinstance(text, str)}
    return [*sorted(written.union(*map(_spellings, around)))]


def _spellings(day: date) -> set[str]:
    """The first of a month may be answered as a month, the first of January as a year."""
    full = day.isoformat()
    return (
        {full}
        | ({full[:7]} if day.day == 1 else set())
        | ({full[:4]} if day.day == day.month == 1 else set())
    )


def _around(day: date) -> Iterable[date]:
    yield day
    if day > date.min:
        yield day - timedelta(days=1)
    if day < date.max:
        yield day + timedelta(days=1)
