"""Masking a table so that another table of whole numbers could stand behind the same page.

Hiding a cell is no use when the others give it back. The proof used here is a *move*: another set
of values, a step of one away at a few masked cells, that leaves every shown figure as it is. A
masked cell that takes part in a move cannot be computed from what is shown, whatever the method.

A move stands on the corners of a box: for each axis two places, either two ordinary places of the
axis (one goes up, the other down) or an ordinary place and the total of the axis (both go the same
way). So sums along every line are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from consultation.results.disclosure.cells import Flags, Real, Whole

Place = tuple[int, ...]

CURTAINS, DEAR = 1, 2
"""What may be done to prove a cell, besides masking ordinary ones."""


@dataclass(frozen=True, slots=True)
class Move:
    """Cells, one a row of ``places``, and the step (+1 or -1) each takes.

    ``needed``: a cell that must stay secret has no other proof than this one.
    """

    places: Whole
    signs: Whole
    needed: bool = True

    @property
    def index(self) -> tuple[Whole, ...]:
        """The cells, as numpy indexes an array."""
        return tuple(self.places.T)


@dataclass
class Lattice:
    """A table being masked. All arrays have one shape; ``totals[k]``: axis k ends with its total.

    ``lower`` and ``upper`` are what a reader knows of a cell once it is masked; ``cost`` is the
    price of masking it (infinite: it cannot be); ``dear`` cells are masked as a last resort.
    The first ``categories`` axes are the options. To draw a curtain on a place of the others is to
    mask all its options, empty ones included, where it is ``drawable``.
    """

    value: Whole
    lower: Real
    upper: Real
    cost: Real
    hidden: Flags
    totals: tuple[bool, ...]
    dear: Flags
    categories: int
    drawable: Flags
    drawn: Flags = field(init=False)
    covered: Flags = field(init=False)
    moves: list[Move] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.covered = np.zeros(self.value.shape, dtype=bool)
        self.drawn = np.zeros(self.value.shape[self.categories :], dtype=bool)
        price = np.where(self.hidden, 0.0, self.cost)
        self.rise = np.where(self.value + 1 <= self.upper, price, np.inf)
        self.fall = np.where(self.value - 1 >= self.lower, price, np.inf)

    def prices(self, step: int, effort: int) -> tuple[Real, Real]:
        """Return the prices of going the way of ``step`` and of going the other way.

        Some efforts draw curtains (``CURTAINS``), some mask dear cells (``DEAR``).
        """
        rise, fall = self.rise, self.fall
        if not effort & DEAR:
            kept = self.dear & ~self.hidden
            rise, fall = (np.where(kept, np.inf, price) for price in (rise, fall))
        if effort & CURTAINS:
            curtain = self._curtains()
            rise = np.minimum(rise, curtain)
            fall = np.where(self.value > 0, np.minimum(fall, curtain), fall)
        return (rise, fall) if step > 0 else (fall, rise)

    def _curtains(self) -> Real:
        """Return the price of drawing a curtain on the place of each cell."""
        shown = np.where(self.hidden | np.isinf(self.cost), 0.0, self.cost)
        price = shown.sum(axis=tuple(range(self.categories))) + 10.0
        return np.broadcast_to(np.where(self.drawable, price, np.inf), self.value.shape)

    def hide(self, index: tuple[Whole, ...]) -> None:
        """Mask the cells at ``index``."""
        self.hidden[index] = True
        for price in (self.rise, self.fall):
            price[index] = np.where(np.isinf(price[index]), np.inf, 0.0)

    def draw(self, where: Place) -> None:
        """Draw the curtain on one place of the breakdowns."""
        slice_ = (slice(None),) * self.categories + where
        self.drawn[where] = True
        self.hidden[slice_] = True
        self.lower[slice_] = np.minimum(self.lower[slice_], 0.0)
        self.upper[slice_] = np.inf
        self.rise[slice_] = 0.0
        self.fall[slice_] = np.where(self.value[slice_] - 1 >= self.lower[slice_], 0.0, np.inf)

    def allows(self, move: Move) -> bool:
        """Say whether every cell of ``move`` may take its step as it is."""
        return bool(np.isfinite(self._steps(move)).all())

    def _steps(self, move: Move) -> Real:
        return np.where(move.signs > 0, self.rise[move.index], self.fall[move.index])

    def take(self, move: Move) -> None:
        """Mask the cells of ``move`` and count them as protected by it."""
        for place in move.places[np.isinf(self._steps(move))]:
            self.draw(tuple(int(i) for i in place[self.categories :]))
        self.hide(move.index)
        self.covered[move.index] = True
        self.moves.append(move)
