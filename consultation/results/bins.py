"""Classes of numbers that people can read: round bounds, few of them, none too small. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from consultation.results.disclosure.cells import Flags, Real, Whole

MOST_CLASSES = 10
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
FINEST = 1e-5
"""The narrowest classes, in themselves and beside the size of the numbers."""

ROUND = [m * 10.0**e for e in range(-6, 16) for m in (1, 2, 5)]
"""1, 2, 5, 10, 20, 50 … : the bounds of what is spread over orders of magnitude."""


@dataclass(frozen=True, slots=True)
class Bins:
    """Classes ``edges[i] <= x < edges[i+1]``, the last one closed; ``single``: one value each.

    ``low_open``, ``high_open``: the first class holds whatever is less, the last whatever more.
    """

    edges: tuple[float, ...]
    single: bool
    low_open: bool = False
    high_open: bool = False

    def __len__(self) -> int:
        return max(len(self.edges) - 1, 0)

    def place(self, values: Real) -> Whole:
        """Return the class of each value, -1 for NaN."""
        inner = np.array(self.edges[1:-1])
        found = np.searchsorted(inner, values, side="right")
        return np.where(np.isnan(values), -1, found)

    def without(self, bound: int) -> Bins:
        """Return the classes with the two around edge ``bound`` (not an end) made one."""
        edges = self.edges[:bound] + self.edges[bound + 1 :]
        return Bins(edges, self.single, self.low_open, self.high_open)


def bins(values: Real, whole: bool) -> Bins:
    """Return readable classes for ``values`` (NaN left out)."""
    known = values[~np.isnan(values)]
    if not known.size:
        return Bins((), single=whole)
    low, high = float(known.min()), float(known.max())
    if whole and high - low < 2 * MOST_CLASSES:
        return Bins(tuple(np.arange(low, high + 2).tolist()), single=True)
    first, middle, last = (float(q) for q in np.quantile(known, (0.02, 0.5, 0.98)))
    edges = _spread(first, last) if low >= 0 and last > 8 * max(middle, 1e-9) else None
    edges = edges if edges is not None else _regular(first, last, high - low, whole)
    return Bins(tuple(edges.tolist()), False, bool(low < edges[0]), bool(high > edges[-1]))


def _regular(first: float, last: float, spread: float, whole: bool) -> Real:
    """Return bounds a round step apart around most of the values."""
    width = max((last - first) or spread, abs(first) * FINEST, FINEST)
    scale = 10.0 ** np.floor(np.log10(width / MOST_CLASSES))
    steps = [s * scale for s in STEPS if not whole or (s * scale).is_integer()] or [1.0]
    step = next((s for s in steps if width / s <= MOST_CLASSES), steps[-1])
    start, stop = np.floor(first / step), np.floor(last / step) + 1
    edges: Real = np.unique(np.round(np.arange(start, stop + 1) * step, 9))
    return edges


def _spread(first: float, last: float) -> Real | None:
    """Return bounds of the series 1, 2, 5, fewer when they are many; from zero."""
    least = max(first, last / 1e5)
    inside = [bound for bound in ROUND if least < bound < last]
    while len(inside) > MOST_CLASSES - 1:
        inside = inside[::2]
    end = next((bound for bound in ROUND if bound >= last), last)
    return np.array([0.0, *inside, end]) if len(inside) > 1 else None


def merged(classes: Bins, counts: Whole, safe: Flags) -> Bins:
    """Join each class that is not ``safe`` with its smaller neighbour, once, from the smallest.

    ``counts`` are those of everybody. The caller counts again and comes back until nothing moves.
    """
    if safe.all() or len(classes) < 2:
        return classes
    worst = int(np.where(safe, np.iinfo(np.int64).max, counts).argmin())
    left = counts[worst - 1] if worst > 0 else np.inf
    right = counts[worst + 1] if worst + 1 < len(classes) else np.inf
    return classes.without(worst if left <= right else worst + 1)
