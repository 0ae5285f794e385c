"""A reader with a solver: what can be computed from everything that is shown.

Each cell of each table is an unknown; each total is an equation; what is shown is a constant.
The interval in which a masked cell may lie, for all we show, comes out of a linear program.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from consultation.results.disclosure.cells import FREQUENCY, SHOWN, Counts, Thresholds
from consultation.results.disclosure.table import Protected


def with_totals(values: np.ndarray, breakdowns: int) -> np.ndarray:
    """Add to each of the last ``breakdowns`` axes its total."""
    for axis in range(values.ndim - breakdowns, values.ndim):
        values = np.concatenate([values, values.sum(axis, keepdims=True)], axis)
    return values


def counts(values: np.ndarray, breakdowns: int, persons: np.ndarray | None = None) -> Counts:
    """Count one submission a unit; ``persons`` of each cell are individuals."""
    n = with_totals(values.astype(np.int64), breakdowns)
    if persons is None:
        persons = np.zeros_like(values)
    return Counts(n, n, with_totals(persons.astype(np.int64), breakdowns), np.zeros_like(n))


@dataclass
class Reader:
    """Collects what is known, then says in which interval an unknown lies."""

    thresholds: Thresholds
    bounds: list[tuple[float | None, float | None]] = field(default_factory=list)
    equations: list[dict[int, float]] = field(default_factory=list)
    _worlds: list[np.ndarray] = field(default_factory=list)

    def learn(
        self,
        cells: Counts,
        shown: Protected,
        categories: int,
        parent: np.ndarray | None = None,
        parent_shown: Protected | None = None,
        root: int | None = None,
    ) -> np.ndarray:
        """Read a table; return the numbers of its unknowns. ``parent``: unknowns it adds up to."""
        first = len(self.bounds)
        unknowns = np.arange(first, first + cells.n.size).reshape(cells.n.shape)
        self._read(cells, shown, categories, parent_shown, shown.closed if root is None else root)
        for axis in range(categories, cells.n.ndim):
            self._totals(unknowns, axis)
        if parent is not None:
            for axis in range(categories):
                self._details(unknowns, axis, categories, parent)
        return unknowns

    def _read(self, cells, shown, categories, parent_shown, root) -> None:
        lower, upper = cells.bounds(self.thresholds)
        own = cells.n.shape[categories:]
        whole = shown.hidden.all(axis=tuple(range(categories)))
        for place in np.ndindex(cells.n.shape):
            where = place[categories:]
            depth = sum(i < size - 1 for i, size in zip(where, own, strict=True))
            if shown.reasons[place] == SHOWN:
                self.bounds.append((cells.n[place], cells.n[place]))
            elif depth >= root:
                self.bounds.append((None, None))
            elif depth >= shown.closed or (parent_shown and parent_shown.hidden[where]):
                self.bounds.append((0 if whole[where] else 1, None))
            elif categories and whole[where]:
                self.bounds.append((0, None))
            else:
                high = upper[place]
                self.bounds.append((lower[place], None if np.isinf(high) else high))

    def _totals(self, unknowns: np.ndarray, axis: int) -> None:
        lines = np.moveaxis(unknowns, axis, -1).reshape(-1, unknowns.shape[axis])
        for *parts, total in lines:
            self.equations.append({**dict.fromkeys(map(int, parts), 1.0), int(total): -1.0})

    def _details(self, unknowns, axis, categories, parent) -> None:
        lines = np.moveaxis(unknowns, axis, -1)
        for place in np.ndindex(lines.shape[:-1]):
            where = place[categories - 1 :]
            row = dict.fromkeys(map(int, lines[place]), 1.0)
            self.equations.append({**row, int(parent[where]): -1.0})

    def equal(self, left: list[int], right: list[int]) -> None:
        """Learn that two sums of unknowns are equal."""
        row = dict.fromkeys(left, 1.0)
        for unknown in right:
            row[unknown] = row.get(unknown, 0.0) - 1.0
        self.equations.append(row)

    def doubts(self, unknown: int, width: float) -> bool:
        """Tell whether the unknown may have two values ``width`` apart, and is so not known.

        Every solution of the program is a world that fits all that is shown: two of them that
        differ enough say it without another program.
        """
        seen = [world[unknown] for world in self._worlds]
        if seen and max(seen) - min(seen) >= width:
            return True
        least, most = self.interval(unknown)
        return most - least >= width

    def interval(self, unknown: int) -> tuple[float, float]:
        """Return the least and the greatest value the unknown may have."""
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(self.bounds))
            goal[unknown] = sign
            found = linprog(goal, A_eq=self._matrix(), b_eq=self._zeros, bounds=self.bounds)
            assert found.status in (0, 3), found.message
            if found.status == 0:
                self._worlds.append(found.x)
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return ends[0], ends[1]

    def _matrix(self) -> csr_matrix:
        if not hasattr(self, "_kept"):
            entries = [(r, c, v) for r, row in enumerate(self.equations) for c, v in row.items()]
            rows, columns, values = zip(*entries, strict=True)
            shape = (len(self.equations), len(self.bounds))
            self._kept = csr_matrix((values, (rows, columns)), shape=shape)
            self._zeros = np.zeros(len(self.equations))
        return self._kept


def secrets(cells: Counts, shown: Protected, thresholds: Thresholds, categories: int, root: int):
    """Yield the places of the cells that must not be known: masked, published and unsafe."""
    own = cells.n.shape[categories:]
    unsafe = ~cells.safe(thresholds) & (cells.n > 0)
    for place in np.argwhere(unsafe):
        where = place[categories:]
        if sum(i < size - 1 for i, size in zip(where, own, strict=True)) < root:
            yield tuple(int(i) for i in place)


__all__ = ["FREQUENCY", "Reader", "counts", "secrets", "with_totals"]
