"""How long a session and a sign-in link live."""

from __future__ import annotations

from datetime import datetime, timedelta

LINK_LIFE = timedelta(minutes=15)
CODE_TRIES = 5
"""Wrong codes after which a letter is void."""

LIFE = timedelta(days=7)
STAFF_LIFE = timedelta(hours=12)
RECENT = timedelta(minutes=10)
"""A sign-in by link this fresh proves who the person is: the old password is not asked."""

RESEND_AFTER = timedelta(seconds=60)
UNCONFIRMED_LIFE = timedelta(days=7)
"""How long an account whose address was never confirmed is kept."""


def is_over(since: datetime, staff: bool, now: datetime) -> bool:
    """Whether a session opened at ``since`` is over; staff sign in every day."""
    return now - since >= (STAFF_LIFE if staff else LIFE) or since > now + timedelta(minutes=5)
