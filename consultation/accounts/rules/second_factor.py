"""Codes of a second factor: RFC 6238 with one step of tolerance, each code once."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from datetime import datetime

STEP_SECONDS = 30
TOLERANCE = 1
"""Steps accepted before and after the present one: clocks of telephones are a little off."""

RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters that are read as digits."""


def clean_code(typed: str) -> str:
    """Return what was typed without spaces and dashes, in lower-case."""
    return "".join(character for character in typed.casefold() if character not in " -\u00a0")


def is_recovery(code: str) -> bool:
    """Whether a clean code has the form of a recovery code."""
    return len(code) == 10 and set(code) <= set(_ALPHABET)


def new_recovery_code(choose: Callable[[Sequence[str]], str]) -> str:
    """Return ten characters drawn by ``choose``: 49 bits."""
    return "".join(choose(_ALPHABET) for _ in range(10))


def accepted_step(secret: str, code: str, now: datetime, last: int | None) -> int | None:
    """Return the time step whose code this is, near ``now`` and after ``last``; else ``None``."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    import pyotp  # when a code is typed, and not before

    generator = pyotp.TOTP(secret)
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        fits = hmac.compare_digest(generator.generate_otp(step), code)
        if fits and (last is None or step > last):
            return step
    return None
