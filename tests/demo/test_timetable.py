"""People come in office hours, at the beginning, and above all at the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np

from consultation.demo.timetable import timetable
from consultation.web.typography import in_paris

OPENS = datetime(2022, 1, 20, 8, tzinfo=UTC)
CLOSES = datetime(2022, 3, 7, 22, 59, 59, tzinfo=UTC)
LATER = CLOSES + timedelta(days=200)
SHARES = np.linspace(0, 1, 5000)


def test_everybody_comes_between_the_opening_and_the_closing_in_order() -> None:
    moments = timetable(OPENS, CLOSES, LATER).at(SHARES)
    assert moments[0] >= OPENS
    assert moments[-1] <= CLOSES
    assert all(before <= after for before, after in pairwise(moments))


def test_nobody_has_come_yet_after_now() -> None:
    now = OPENS + timedelta(days=20)
    assert timetable(OPENS, CLOSES, now).at(SHARES)[-1] <= now


def _between(moments: list[datetime], start: datetime, days: int) -> int:
    return sum(start <= moment < start + timedelta(days=days) for moment in moments)


def test_the_last_week_is_the_busiest_and_the_first_comes_next() -> None:
    moments = timetable(OPENS, CLOSES, LATER).at(SHARES)
    last = _between(moments, CLOSES - timedelta(days=7), 7)
    first = _between(moments, OPENS, 7)
    middle = _between(moments, OPENS + timedelta(days=20), 7)
    assert last > first > 1.3 * middle


def test_the_night_and_the_week_end_are_quiet() -> None:
    local = [in_paris(moment) for moment in timetable(OPENS, CLOSES, LATER).at(SHARES)]
    assert sum(moment.hour < 6 for moment in local) < 0.05 * len(local)
    assert sum(moment.weekday() > 4 for moment in local) < 0.12 * len(local)
