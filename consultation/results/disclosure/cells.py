"""The first rule: a cell is shown when it is empty or holds enough distinct units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SHOWN, FREQUENCY, SECONDARY, DOMINANCE = 0, 1, 2, 3
"""Codes of the reasons, as kept in arrays."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How many distinct units a cell needs, and the largest part of an amount one may make."""

    organisations: int = 3
    individuals: int = 11
    dominance: float = 0.85


@dataclass(frozen=True, slots=True)
class Counts:
    """Arrays of the same shape, a cell per place.

    ``n`` submissions by ``units`` distinct units; ``persons`` of the submissions are by
    individuals, and ``repeated`` by units that sent more than one submission.
    """

    n: Whole
    units: Whole
    persons: Whole
    repeated: Whole

    def __getitem__(self, place: Any) -> Counts:
        return Counts(self.n[place], self.units[place], self.persons[place], self.repeated[place])

    def safe(self, thresholds: Thresholds) -> Flags:
        """Say of each cell whether it may be shown by itself."""
        safe: Flags = (self.n == 0) | (self.units >= needed(self.persons, thresholds))
        return safe

    def union_unsafe(self, chosen: Flags, axis: int, thresholds: Thresholds) -> Flags:
        """Say of each line along ``axis`` whether its ``chosen`` cells hold too few units together.

        Units that sent several submissions may stand in several cells: they count for one.
        """
        repeated = (self.repeated * chosen).sum(axis)
        units = ((self.n - self.repeated) * chosen).sum(axis) + (repeated > 0)
        persons = (self.persons * chosen).sum(axis)
        unsafe: Flags = (units > 0) & (units < needed(persons, thresholds))
        return unsafe

    def bounds(self, thresholds: Thresholds) -> tuple[Real, Real]:
        """Return what a reader knows of each cell once it is masked, from the reason given.

        « frequence » says at least one and fewer than needed, « secondaire » at least as many.
        """
        need, safe = needed(self.persons, thresholds), self.safe(thresholds)
        lower = np.where(safe, np.minimum(need, self.n), 1).astype(np.float64)
        upper = np.where(safe, np.inf, np.maximum(need - 1, self.n))
        return lower, upper

    def costs(self) -> Real:
        """Return the price of masking each cell: the smallest first."""
        return (self.n + 1).astype(np.float64)


NOT_SEEN, NOT_ANSWERED, ANSWERED = 0, 1, 2
"""The categories of participation, on the first axis."""


@dataclass(frozen=True, slots=True)
class PartlyQuiet(Counts):
    """Counts in which some ``quiet`` categories, on the first axis, say nothing of anybody.

    Not answering is no answer: only those who answered make a group that may be too small. The
    quiet categories still hide what would give the others back.
    """

    quiet: tuple[int, ...]

    def safe(self, thresholds: Thresholds) -> Flags:
        """Say of each cell whether it may be shown by itself."""
        safe = Counts.safe(self, thresholds)
        safe[list(self.quiet)] = True
        return safe

    def union_unsafe(self, chosen: Flags, axis: int, thresholds: Thresholds) -> Flags:
        """Say of each line whether its ``chosen`` cells hold too few units together."""
        unsafe = Counts.union_unsafe(self, chosen, axis, thresholds)
        if axis == 0:
            telling = np.ones(len(chosen), dtype=bool)
            telling[list(self.quiet)] = False
            unsafe &= (chosen & (self.n > 0))[telling].any(axis=0)
        else:
            unsafe[list(self.quiet)] = False
        return unsafe

    def bounds(self, thresholds: Thresholds) -> tuple[Real, Real]:
        """Return what a reader knows of each cell once it is masked."""
        lower, upper = Counts.bounds(self, thresholds)
        lower[list(self.quiet)] = 1.0
        upper[list(self.quiet)] = np.inf
        return lower, upper


def quieted(counts: Counts, *quiet: int) -> PartlyQuiet:
    """Return ``counts`` with some categories of the first axis quiet."""
    return PartlyQuiet(counts.n, counts.units, counts.persons, counts.repeated, quiet)


def needed(persons: Whole, thresholds: Thresholds) -> Whole:
    """Return the least number of units: that of individuals as soon as one is among them."""
    return np.where(persons > 0, thresholds.individuals, thresholds.organisations)
