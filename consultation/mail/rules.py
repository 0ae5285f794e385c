"""What a message may be and when it is tried again: pure rules."""

from __future__ import annotations

from datetime import datetime, timedelta

LEASE = timedelta(minutes=5)
"""How long a worker keeps a message to itself: longer than one sending can take."""

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 960))
"""The wait after each failure; after the last one (31 hours in all) the message is given up."""

RESERVED_HEADERS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "auto-submitted", "sender"}
)
"""Headers the delivery writes itself."""


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after ``attempts`` failures, or ``None`` to give up."""
    if attempts > len(RETRIES):
        return None
    return now + RETRIES[attempts - 1]


def one_line(text: str) -> str:
    """Return ``text`` on one line: whatever could start another header becomes a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def check_headers(headers: dict[str, str]) -> dict[str, str]:
    """Return ``headers`` with values on one line; raise ``ValueError`` on a forbidden name."""
    for name in headers:
        if not name.replace("-", "").isalnum() or not name.isascii():
            raise ValueError(f"not a header name: {name!r}")
        if name.lower() in RESERVED_HEADERS:
            raise ValueError(f"the delivery writes {name} itself")
    return {name: one_line(value) for name, value in headers.items()}
