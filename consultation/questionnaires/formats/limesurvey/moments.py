"""Days in equations: date questions, ``time()``, ``strtotime()``, and how far apart they are."""

from __future__ import annotations

import datetime
import re

from consultation.questionnaires.expressions.build import call, divide, literal, multiply
from consultation.questionnaires.expressions.tree import Node
from consultation.questionnaires.formats.limesurvey.em_tree import (
    Applied,
    Em,
    Figure,
    Joined,
    Name,
    Prefixed,
    Quoted,
    Untranslatable,
)
from consultation.questionnaires.formats.limesurvey.scope import Scope, one
from consultation.questionnaires.formats.limesurvey.variables import Value

_DAY = 86_400
_FULL = re.compile(r"[Yy]-[mn]-[dj](\s.*)?")
_NOW = frozenset(("now", "today", "now()", "today()", "midnight"))


def iso_day(text: str) -> str | None:
    """Return the ISO date that a text begins with: a day, a month or a year, else ``None``."""
    found = re.match(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[ T]\d.*)?\s*$", text)
    if not found:
        return None
    parts = [found[1], *(p.zfill(2) for p in found.groups()[1:] if p)]
    try:
        datetime.date(*[int(p) for p in [*parts, "1", "1"][:3]])
    except ValueError:
        return None
    return "-".join(parts)


def moment(scope: Scope, em: Em, *, bare: bool = False) -> Node | None:
    """Return the date that ``em`` is, or ``None`` when it is none.

    A text is a date only where one is expected (``bare``).
    """
    match em:
        case Quoted(text) if bare:
            if text.strip().lower() in _NOW:
                return call("today")
            day = iso_day(text)
            return call("date", literal(day)) if day else None
        case Name(name):
            meaning = one(scope, name)[0]
            is_date = isinstance(meaning, Value) and meaning.shape == "date"
            return meaning.reference if isinstance(meaning, Value) and is_date else None
        case Applied(function, arguments):
            return _made(scope, function.lower(), arguments)
    return None


def _made(scope: Scope, function: str, arguments: tuple[Em, ...]) -> Node | None:
    match function, arguments:
        case "time", ():
            return call("today")
        case "strtotime", (text,):
            return moment(scope, text, bare=True)
        case (("date" | "gmdate"), (Quoted(form), *rest)) if _FULL.fullmatch(form.strip()):
            return moment(scope, rest[0], bare=True) if rest else call("today")
        case "mktime", (_, _, _, Figure(month), Figure(day), Figure(year)):
            found = iso_day(f"{int(year):04d}-{int(month)}-{int(day)}")
            return call("date", literal(found)) if found else None
    return None


def part_of_date(scope: Scope, arguments: tuple[Em, ...]) -> Node:
    """Return the year or the month that ``date('Y', …)`` gives."""
    match arguments:
        case (Quoted(form), *rest) if form.strip() in ("Y", "m", "n"):
            day = moment(scope, rest[0], bare=True) if rest else call("today")
            if day is not None:
                return call("year" if form.strip() == "Y" else "month", day)
    raise Untranslatable("cette fonction de date n’a pas d’équivalent")


def apart(scope: Scope, em: Em) -> Node | None:
    """Return the number of seconds between two days, or of a longer unit it is divided into."""
    found = _apart(scope, em)
    if found is None:
        return None
    days, divisor = found
    if divisor == _DAY:
        return days
    if divisor < _DAY:
        return multiply(days, literal(_tidy(_DAY / divisor)))
    return divide(days, literal(_tidy(divisor / _DAY)))


def _apart(scope: Scope, em: Em) -> tuple[Node, float] | None:
    match em:
        case Joined("-", left, right):
            later, earlier = _timestamp(scope, left), _timestamp(scope, right)
            if later is not None and earlier is not None:
                return call("days_between", earlier, later), 1.0
        case Joined("/", over, under):
            inside, divisor = _apart(scope, over), constant(under)
            if inside is not None and divisor is not None and divisor > 0:
                return inside[0], inside[1] * divisor
    return None


def _timestamp(scope: Scope, em: Em) -> Node | None:
    """Return the date of a timestamp; a date question alone is a text in equations."""
    return moment(scope, em) if isinstance(em, Applied) else None


def constant(em: Em) -> float | None:
    """Return the number that an equation without variables is worth, else ``None``."""
    match em:
        case Figure(value):
            return float(value)
        case Quoted(text) if re.fullmatch(r"-?\d{1,15}(\.\d+)?", text.strip()):
            return float(text)
        case Prefixed("-", operand):
            found = constant(operand)
            return None if found is None else -found
        case Joined(operator, left, right) if operator in "+-*/":
            first, second = constant(left), constant(right)
            if first is None or second is None or (operator == "/" and second == 0):
                return None
            made = {"+": first + second, "-": first - second, "*": first * second}
            return made[operator] if operator in made else first / second
    return None


def _tidy(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number
