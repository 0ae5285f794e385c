"""The curve of participation, as figures that a stretched SVG draws. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from consultation.web.typography import MONTHS, in_paris

TICKS = 5
HEIGHT = 100


class Period(Protocol):
    """What the curve covers and aims at."""

    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def target(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Curve:
    """``width`` days by 100: an open ``line``, a closed ``area``, the marks of both axes.

    ``totals`` are the cumulated submissions by day, ``goal`` the height (from the top) of the
    target on the last day.
    """

    width: int
    line: str
    area: str
    goal: float | None
    levels: list[int]
    days: list[str]
    totals: list[tuple[date, int]]


def curve(sent: Sequence[tuple[date, int]], period: Period, now: datetime) -> Curve:
    """Draw ``sent`` (day of Paris, submissions of that day) over the life of the consultation."""
    first, last = in_paris(period.opens_at).date(), in_paris(period.closes_at).date()
    until = max(first, min(in_paris(now).date(), last))
    totals = _cumulated(dict(sent), first, until)
    top = _round_up(max(totals[-1][1], period.target or 0, 4))
    points = [((day - first).days, _height(total, top)) for day, total in totals]
    line = " L".join(f"{x},{y}" for x, y in points)
    width = max((last - first).days, 1)
    return Curve(
        width=width,
        line=f"M{line}",
        area=f"M{line} L{points[-1][0]},{HEIGHT} L0,{HEIGHT} Z",
        goal=_height(period.target, top) if period.target else None,
        levels=[top * step // 4 for step in (4, 3, 2, 1, 0)],
        days=[_short(first + timedelta(days=width * tick // (TICKS - 1))) for tick in range(TICKS)],
        totals=totals,
    )


def _cumulated(by_day: dict[date, int], first: date, until: date) -> list[tuple[date, int]]:
    total = sum(number for day, number in by_day.items() if day < first)
    totals = []
    for offset in range((until - first).days + 1):
        day = first + timedelta(days=offset)
        total += by_day.get(day, 0)
        totals.append((day, total))
    return totals


def _round_up(value: int) -> int:
    """Return the least round number that is not below ``value`` and that four divides."""
    magnitude: int = 10 ** max(len(str(value)) - 2, 0)
    steps = (mantissa * magnitude for mantissa in (1, 2, 3, 5, 10, 20, 25))
    return next(4 * step for step in steps if 4 * step >= value)


def _height(value: int, top: int) -> float:
    return round(HEIGHT - HEIGHT * value / top, 2)


def _short(day: date) -> str:
    name = MONTHS[day.month - 1]
    return f"{day.day} {SHORTENED.get(name, name)}"


SHORTENED = {
    "janvier": "janv.",
    "février": "févr.",
    "avril": "avr.",
    "juillet": "juil.",
    "septembre": "sept.",
    "octobre": "oct.",
    "novembre": "nov.",
    "décembre": "déc.",
}
"""The usual abbreviations; the other months are written whole."""
