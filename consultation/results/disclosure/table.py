"""A table to protect, and a table protected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from consultation.results.disclosure.cells import FREQUENCY, SHOWN, Flags, Real, Thresholds, Whole
from consultation.results.disclosure.lattice import Move


class Cells(Protocol):
    """What is protected: counts, or amounts."""

    @property
    def n(self) -> Whole: ...
    def safe(self, thresholds: Thresholds) -> Flags: ...
    def union_unsafe(self, chosen: Flags, axis: int, thresholds: Thresholds) -> Flags: ...
    def bounds(self, thresholds: Thresholds) -> tuple[Real, Real]: ...
    def costs(self) -> Real: ...


@dataclass(frozen=True)
class Protected:
    """A table with the reason each cell is masked (0: shown).

    ``moves`` prove it; what details this table must let them happen. Cells with ``closed`` or more
    ordinary places among their breakdowns are not published at all. ``bare``: the answers that open
    another question, when few gave them at some place and no move hides it, with the level (1, or 0
    when it is so for everybody) from which that question must be closed.
    """

    reasons: Whole
    moves: tuple[Move, ...]
    closed: int
    bare: tuple[tuple[Flags, int], ...] = ()

    @property
    def hidden(self) -> Flags:
        hidden: Flags = self.reasons != SHOWN
        return hidden

    def of(self, category: int) -> Protected:
        """Return one category of the table, as the parent of what details it."""
        moves = []
        for move in self.moves:
            here = move.places[:, 0] == category
            if here.any():
                moves.append(Move(move.places[here, 1:], move.signs[here], move.needed))
        return Protected(self.reasons[category], tuple(moves), self.closed, self.bare)


@dataclass(frozen=True)
class Table:
    """A table to protect: ``categories`` axes that add up to the parent, then the breakdowns.

    Each breakdown axis ends with its total. ``veiled``: under a masked parent, an empty cell is
    masked as well, so that nobody learns which options nobody chose. ``least``: how many options a
    ranking holds at the least. ``linked``: the places where another table gives this one back, or
    the other way round, so that nothing is shown; ``imposed``: for each move of such a table, the
    moves that may go with it here; ``frozen``: the categories that no other move may change.
    ``opens``: the answers that open another question, by category and place. ``reason``: that of
    a cell that is not safe. ``levels``: close those from this one on at once. ``trouble``: how
    many other tables a move would harm.
    """

    cells: Cells
    categories: int
    thresholds: Thresholds
    parent: Protected | None = None
    veiled: bool = True
    least: int = 0
    linked: Flags | None = None
    imposed: tuple[tuple[Move, ...], ...] = ()
    frozen: tuple[int, ...] = ()
    opens: tuple[Flags, ...] = ()
    reason: int = FREQUENCY
    levels: int | None = None
    trouble: Callable[[Move], int] | None = None

    @property
    def breakdowns(self) -> int:
        return self.cells.n.ndim - self.categories


class Veil:
    """Which cells are masked for another reason than their own count."""

    def __init__(self, table: Table, closed: int) -> None:
        shape = table.cells.n.shape
        own = shape[table.categories :]
        depth = depths(own)
        parent = table.parent
        self.parent_hidden = parent.hidden if parent else np.zeros(own, dtype=bool)
        self.linked = table.linked if table.linked is not None else np.zeros(own, dtype=bool)
        self.under = np.broadcast_to(self.parent_hidden, shape)
        self.closed = np.broadcast_to(depth >= closed, shape)
        # Nobody publishes what the parent does not; nor anything but totals once all is closed.
        unpublished = closed if parent is None or closed <= 1 else parent.closed
        self.unpublished = np.broadcast_to(depth >= unpublished, shape)
        self.place_all = self.parent_hidden | self.linked | (depth >= closed)
        self.all = np.broadcast_to(self.place_all, shape)
        # Which empty cells are masked too: everywhere in a veiled table.
        self.empty = self.all if table.veiled else np.broadcast_to(self.linked, shape)


def depths(shape: tuple[int, ...]) -> Whole:
    """Count, for each place of breakdowns that end with their total, those that are no total."""
    depth = np.zeros(shape, dtype=np.int64)
    for axis, size in enumerate(shape):
        ordinary = (np.arange(size) < size - 1).astype(np.int64)
        depth = depth + ordinary.reshape([-1 if k == axis else 1 for k in range(len(shape))])
    return depth
