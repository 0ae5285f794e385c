"""When a wake-up is worth a message to the queue: pure rules."""

from __future__ import annotations


class Spacing:
    """Spaces out the runs of each task by ``interval`` seconds, and loses no wake-up.

    The first wake-up runs at once. Those that follow closely share one run, which starts after
    the last of them was asked for.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._next_run: dict[str, float] = {}

    def delay(self, name: str, now: float) -> float | None:
        """Return in how many seconds to run ``name``; ``None`` when a run to come will do."""
        planned = self._next_run.get(name)
        if planned is not None and planned > now:
            return None
        earliest = now if planned is None else max(now, planned + self._interval)
        self._next_run[name] = earliest
        return earliest - now


def is_due(minute: int, every: int) -> bool:
    """Whether what runs ``every`` so many minutes runs at ``minute``, counted from the epoch."""
    return minute % every == 0
