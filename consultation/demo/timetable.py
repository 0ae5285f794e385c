"""When respondents come: an opening wave, office hours, quiet week-ends, a rush at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from consultation.demo.draws import Floats
from consultation.web.typography import in_paris

OF_HOURS = (
    1, 0.5, 0.3, 0.2, 0.2, 0.5, 2, 6, 14, 20, 22, 18,
    10, 16, 20, 20, 19, 17, 11, 7, 6, 6, 5, 2,
)  # fmt: skip
"""Arrivals by hour of the day in Paris."""

OF_DAYS = (1.1, 1.2, 1.1, 1.15, 0.9, 0.2, 0.18)
"""Arrivals by day of the week, from Monday."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Arrivals over a period: cumulated shares (hours + 1,) against seconds from ``start``."""

    start: datetime
    cumulated: Floats
    seconds: Floats

    def at(self, shares: Floats) -> list[datetime]:
        """Return the moments by which these shares of the arrivals have come; order is kept."""
        offsets = np.interp(shares, self.cumulated, self.seconds)
        return [self.start + timedelta(seconds=offset) for offset in offsets.round().tolist()]


def timetable(opens_at: datetime, closes_at: datetime, now: datetime) -> Timetable:
    """Return the arrivals from ``opens_at`` until ``now`` or the closing, whichever is first."""
    start, end = opens_at.astimezone(UTC), min(closes_at, now).astimezone(UTC)
    hours = int((end - start) / timedelta(hours=1))
    whole = (closes_at - opens_at) / timedelta(hours=1)
    moments = [start + timedelta(hours=hour) for hour in range(hours)]
    weights = [_weight(moment, n / whole) for n, moment in enumerate(moments)]
    cumulated = np.concatenate([[0.0], np.cumsum(weights)])
    shares: Floats = (cumulated / cumulated[-1]).astype(np.float64)
    seconds: Floats = np.arange(hours + 1, dtype=np.float64) * 3600.0
    return Timetable(start, shares, seconds)


def _weight(moment: datetime, progress: float) -> float:
    """Arrivals in the hour after ``moment``, when ``progress`` (0 to 1) of the time is over."""
    local = in_paris(moment)
    wave = 0.7 + 2.2 * np.exp(-progress / 0.06) + 3.5 * np.exp(-(1.0 - progress) / 0.07)
    return float(wave) * OF_HOURS[local.hour] * OF_DAYS[local.weekday()]
