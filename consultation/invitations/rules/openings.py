"""How often somebody who wants to know of an opening is asked to confirm, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

LIFE = timedelta(days=7)
"""How long an address that nobody confirmed is kept."""

MOST_LETTERS = 3
"""Letters that ask an address to confirm: one a day at the most."""


def letter_number(asked_at: datetime, now: datetime) -> int | None:
    """Return the number of the letter that may be posted today, or ``None``."""
    number = (now - asked_at) // timedelta(days=1)
    return number if 0 <= number < MOST_LETTERS else None
