"""How often something may be tried: a count that fades with time, and waits that double."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """``free`` tries, then a wait that starts at ``first`` and doubles up to ``longest``.

    One try is forgotten every ``fading``.
    """

    free: int
    first: timedelta
    longest: timedelta
    fading: timedelta


_ONE_PERSON = Limit(5, timedelta(minutes=1), timedelta(hours=1), timedelta(hours=1))
_ONE_NETWORK = Limit(20, timedelta(minutes=1), timedelta(minutes=15), timedelta(minutes=2))

LIMITS = {
    "password": _ONE_PERSON,
    "password from": _ONE_NETWORK,
    "code": _ONE_PERSON,
    "code from": _ONE_NETWORK,
    "second factor": _ONE_PERSON,
    "letter": Limit(5, timedelta(minutes=5), timedelta(hours=1), timedelta(minutes=10)),
    "letter from": Limit(30, timedelta(minutes=1), timedelta(minutes=15), timedelta(minutes=1)),
}
"""What is counted: for one account (known or not), and « from » one network of visitors."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many tries were counted, the last one at ``last_at``."""

    number: int
    last_at: datetime


def faded(limit: Limit, count: Count, now: datetime) -> int:
    """Return how many tries are still remembered."""
    elapsed = max(now - count.last_at, timedelta(0))
    return max(0, count.number - elapsed // limit.fading)


def wait_after(limit: Limit, number: int) -> timedelta:
    """Return the wait that follows the ``number``-th remembered try; zero while it is free."""
    excess = number - limit.free
    if excess <= 0:
        return timedelta(0)
    return min(limit.longest, limit.first * (1 << min(excess - 1, 20)))


def locked_until(limit: Limit, count: Count | None, now: datetime) -> datetime | None:
    """Return until when no try is accepted, or ``None`` when one is."""
    if count is None:
        return None
    until = count.last_at + wait_after(limit, count.number)
    return until if until > now else None


def minutes_left(until: datetime, now: datetime) -> int:
    """Return the whole minutes to wait, at least one."""
    return max(1, -((now - until) // timedelta(minutes=1)))
