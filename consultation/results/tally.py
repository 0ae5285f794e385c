"""Adding up categories by place of the breakdowns, with the units that are there. Pure, numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from consultation.results.disclosure.cells import Counts, Flags, Whole


@dataclass(frozen=True)
class Places:
    """The places of some rows: ``codes`` is the flat place of each in an array of ``shape``.

    Each axis of ``shape`` ends with its total, where no row stands.
    """

    codes: Whole
    persons: Flags
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    def among(self, rows: Flags) -> Places:
        """Return the places of some of the rows."""
        return Places(self.codes[rows], self.persons[rows], self.shape)

    def levels(self) -> list[Whole]:
        """Return the codes of the rows for each choice of axes summed over, none first."""
        parts = np.unravel_index(self.codes, self.shape) if self.shape else ()
        found = []
        for summed in product((False, True), repeat=len(self.shape)):
            places = [
                np.full(len(self.codes), size - 1) if over else part
                for part, size, over in zip(parts, self.shape, summed, strict=True)
            ]
            flat = np.ravel_multi_index(places, self.shape) if places else self.codes
            found.append(np.asarray(flat, dtype=np.int64))
        return found


def places(axes: Sequence[Whole], persons: Flags, shape: tuple[int, ...]) -> Places:
    """Return the places of rows from their place on each axis."""
    codes = np.ravel_multi_index(list(axes), shape) if shape else np.zeros(len(persons))
    return Places(np.asarray(codes, dtype=np.int64), persons, shape)


def joined(parts: Sequence[Places], shape: tuple[int, ...]) -> Places:
    """Return the places of several sets of rows, one after the other."""
    codes = [part.codes for part in parts] or [np.zeros(0, dtype=np.int64)]
    persons = [part.persons for part in parts] or [np.zeros(0, dtype=bool)]
    return Places(np.concatenate(codes), np.concatenate(persons), shape)


def tally(category: Whole, where: Places, width: int) -> Whole:
    """Return submissions by organisation (0) and person (1), then category, then flat place.

    ``category`` from 0 to ``width`` - 1; rows at -1 are left out. Shape ``(2, width, size)``.
    """
    code = (category + 1) * where.size + where.codes
    code += where.persons * ((width + 1) * where.size)
    counts = np.bincount(code, minlength=2 * (width + 1) * where.size)
    return counts.reshape(2, width + 1, where.size)[:, 1:]


def distinct(category: Whole, where: Places, units: Whole, width: int) -> Whole:
    """Return the number of distinct ``units`` by category and place, totals included.

    Shape ``(width, size)``. Sorts the rows once per level: for the few that repeat.
    """
    found = np.zeros(width * where.size, dtype=np.int64)
    kept = category >= 0
    _, numbers = np.unique(units[kept], return_inverse=True)
    most = int(numbers.max(initial=0)) + 1
    for level in where.among(kept).levels():
        cells = category[kept] * where.size + level
        once = np.unique(cells * most + numbers) // most
        found += np.bincount(once, minlength=found.size)
    return found.reshape(width, where.size)


def totalled(flat: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Give its shape to the last axis of ``flat`` and fill in the totals of each axis."""
    table = flat.reshape(*flat.shape[:-1], *shape)
    first = table.ndim - len(shape)
    for axis in range(first, table.ndim):
        last = (slice(None),) * axis + (-1,)
        table[last] = table.sum(axis)
    return table


def assembled(rows: Whole, repeated: Whole, units: Whole, shape: tuple[int, ...]) -> Counts:
    """Make counts of what was tallied: all ``rows``, the ``repeated`` ones, their ``units``."""
    by_nature = totalled(rows.copy(), shape)
    n = by_nature.sum(axis=0)
    again = totalled(repeated.sum(axis=0), shape)
    return Counts(n, n - again + units.reshape(again.shape), by_nature[1], again)
