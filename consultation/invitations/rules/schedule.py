"""When a campaign leaves, and how many messages may leave now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from consultation.consultations.rules import instant
from consultation.web.typography import in_paris

MOST_DAYS = 60
HOURS = range(7, 21)
"""The hours of Paris at which a reminder may be planned."""

MOST_A_MINUTE = 600
WINDOW = timedelta(seconds=58)
"""A minute, less what the clock of the worker may be late: it wakes up each minute."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Either a moment, or the opening, or an hour of Paris so many days before the closing."""

    send_at: datetime | None = None
    days_before: int | None = None
    hour: int | None = None
    at_opening: bool = False


def due_at(schedule: Schedule, opens_at: datetime, closes_at: datetime) -> datetime | None:
    """Return when the campaign leaves; ``None`` without a schedule.

    What is planned at the opening, or before the closing, moves with it.
    """
    if schedule.at_opening:
        return opens_at
    if schedule.send_at is not None or schedule.days_before is None:
        return schedule.send_at
    day = in_paris(closes_at).date() - timedelta(days=schedule.days_before)
    return instant(day, time(schedule.hour or 0))


def allowance(per_minute: int, on_their_way: int) -> int:
    """Return how many messages may be posted beside those posted within ``WINDOW`` or waiting."""
    return max(0, per_minute - on_their_way)
