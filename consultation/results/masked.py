"""Arithmetic with figures that may be masked: what is masked stays so. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from consultation.results.disclosure.cells import Whole
from consultation.results.figures import Count, Masked, Measure, Reason

REASONS: tuple[Reason, ...] = ("frequence", "frequence", "secondaire", "dominance")
"""The reason of each code; the first is that of a figure that is shown, and never read."""

Place = tuple[int, ...]


def figure(values: Whole, reasons: Whole, place: Place) -> Count:
    """Return one count, or why it is masked."""
    code = int(reasons[place])
    return Masked(REASONS[code]) if code else int(values[place])


def added(counts: Sequence[Count]) -> Count:
    """Return the sum, masked as soon as a part is."""
    for count in counts:
        if isinstance(count, Masked):
            return count
    return sum(count for count in counts if not isinstance(count, Masked))


def subtracted(whole: Count, parts: Sequence[Count]) -> Count:
    """Return what is left, masked as soon as a part is."""
    left = added(parts)
    if isinstance(whole, Masked) or isinstance(left, Masked):
        return whole if isinstance(whole, Masked) else left
    return whole - left


def share(count: Count, base: Count) -> Measure:
    """Return the share of ``base``: masked with either, ``None`` of nobody."""
    if isinstance(count, Masked) or isinstance(base, Masked):
        return count if isinstance(count, Masked) else base
    return count / base if base else None
