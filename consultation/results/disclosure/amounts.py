"""The dominance rule: no sum or mean of which one unit makes nearly all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from consultation.results.disclosure.cells import Flags, Real, Thresholds, Whole

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Amounts:
    """Arrays of the same shape, a cell per place.

    ``sum`` of the amounts; sum of their absolute values, and the largest part of it that one unit
    makes; ``repeated``, the absolute sum of the units that sent several submissions.
    """

    sum: Real
    absolute: Real
    top: Real
    repeated: Real

    @property
    def n(self) -> Whole:
        """One where there is an amount: what a move may take away."""
        return (self.absolute > 0).astype(np.int64)

    def safe(self, thresholds: Thresholds) -> Flags:
        """Say of each cell whether no unit dominates it."""
        safe: Flags = ~_dominated(self.top, self.absolute, thresholds)
        return safe

    def union_unsafe(self, chosen: Flags, axis: int, thresholds: Thresholds) -> Flags:
        """Say of each line along ``axis`` whether one unit dominates its ``chosen`` cells."""
        absolute = (self.absolute * chosen).sum(axis)
        repeated = (self.repeated * chosen).sum(axis)
        top = np.maximum((self.top * chosen).max(axis), repeated)
        return _dominated(top, absolute, thresholds)

    def bounds(self, thresholds: Thresholds) -> tuple[Real, Real]:
        """Return what a reader knows of a masked amount: nothing."""
        return np.zeros(self.sum.shape), np.full(self.sum.shape, np.inf)

    def costs(self) -> Real:
        """Return the price of masking each cell: the smallest amounts first."""
        return 1.0 + 1000.0 * self.absolute / max(float(self.absolute.max(initial=0.0)), 1.0)


def _dominated(top: Real, absolute: Real, thresholds: Thresholds) -> Flags:
    dominated: Flags = top > absolute * thresholds.dominance * (1 + ROUNDING)
    return dominated
