"""SIRET numbers that are right by their key and registered to nobody."""

from __future__ import annotations


def siret(number: int) -> str:
    """Return the SIRET of the main establishment of the synthetic organisation ``number``.

    Its SIREN begins with 0, as no SIREN given by Insee does, so that nobody takes it for a real
    one. ``number`` is below 10,000,000.
    """
    if not 0 <= number < 10_000_000:
        raise ValueError("only ten million synthetic organisations have a number")
    siren = _with_key(f"0{number:07}")
    return _with_key(f"{siren}0001")


def _with_key(digits: str) -> str:
    """Append the Luhn key of ``digits``."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = int(digit) * (2 if place % 2 == 0 else 1)
        total += double - 9 if double > 9 else double
    return f"{digits}{-total % 10}"
