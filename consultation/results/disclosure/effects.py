"""What moving respondents between the options of a question does to who sees another. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np

from consultation.results.disclosure.cells import (
    ANSWERED,
    NOT_ANSWERED,
    NOT_SEEN,
    Counts,
    Flags,
    Thresholds,
    Whole,
    needed,
)
from consultation.results.disclosure.lattice import Move


def effect(move: Move, opens: Flags, shape: tuple[int, ...]) -> Whole | None:
    """Return, by place, how many more respondents see the question that depends on this one.

    ``None`` when the move comes from the table above: there, respondents come and go whole.
    """
    everybody = np.zeros(shape, dtype=np.int64)
    more = np.zeros(shape, dtype=np.int64)
    for (category, *place), sign in zip(move.places.tolist(), move.signs.tolist(), strict=True):
        if all(i < size - 1 for i, size in zip(place, shape, strict=True)):
            everybody[tuple(place)] += sign
            more[tuple(place)] += sign * int(opens[(category, *place)])
    if everybody.any():
        return None
    return retotalled(more)


def followed(more: Whole) -> tuple[Move, ...]:
    """Return the moves of a participation that change the number of those who see by ``more``.

    They answer, or else they do not: two ways.
    """
    places = np.argwhere(more)
    signs = more[tuple(places.T)]
    ways = []
    for category in (ANSWERED, NOT_ANSWERED):
        cells = [[category, *place] for place in places] + [[NOT_SEEN, *place] for place in places]
        ways.append(Move(np.array(cells), np.sign(np.concatenate([signs, -signs]))))
    return tuple(ways) if (np.abs(signs) == 1).all() else ()


def unsafe_unions(cells: Counts, opens: Flags, thresholds: Thresholds) -> Flags:
    """Return the places where too few units, together, gave the answers that open a question."""
    n, persons, repeated = (
        _gathered(part, opens) for part in (cells.n, cells.persons, cells.repeated)
    )
    units = n - repeated + (repeated > 0)
    unsafe: Flags = (units > 0) & (units < needed(persons, thresholds))
    return unsafe


def _gathered(part: Whole, opens: Flags) -> Whole:
    """Add up the categories that open, by ordinary place, then by total."""
    more: Whole = np.where(opens, part, 0).sum(axis=0)
    return retotalled(more)


def retotalled(table: Whole) -> Whole:
    """Compute again the total of each axis, in place."""
    for axis in range(table.ndim):
        rest: tuple[Any, ...] = (slice(None),) * axis
        table[(*rest, -1)] = table[(*rest, slice(0, -1))].sum(axis)
    return table
