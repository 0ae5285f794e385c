"""Looking for the moves that prove a masked cell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import product

import numpy as np

from consultation.results.disclosure.cells import Real, Whole
from consultation.results.disclosure.lattice import Lattice, Move, Place


def moves_through(lattice: Lattice, place: Place, most: int, effort: int) -> Iterator[Move]:
    """Yield the moves through ``place``, those that mask the least first, ``most`` at the most."""
    signs = [_signs(lattice, axis, own) for axis, own in enumerate(place)]
    bills = np.stack([_bill(lattice.prices(step, effort), place, signs) for step in (1, -1)])
    prices = bills.ravel()
    order = np.argsort(prices, kind="stable") if most > 1 else [int(prices.argmin())]
    for at in order[:most]:
        if not np.isfinite(prices[at]):
            return
        which, *partner = (int(i) for i in np.unravel_index(int(at), bills.shape))
        yield _move(place, tuple(partner), signs, (1, -1)[which])


def _signs(lattice: Lattice, axis: int, own: int) -> Whole:
    """Return how each partner along ``axis`` steps: with ``own`` (1) or against it (-1)."""
    size = lattice.value.shape[axis]
    signs = np.full(size, -1)
    if lattice.totals[axis]:
        if own == size - 1:
            signs[:] = 1
        signs[-1] = 1
    return signs


def _bill(prices: tuple[Real, Real], place: Place, signs: list[Whole]) -> Real:
    """Return the price of the move through ``place`` with each other place as its far corner.

    ``prices`` are those of a cell that steps with ``place``, then of one that steps against.
    """
    along, against = prices
    dimensions = len(place)
    bill = np.zeros(along.shape)
    for far in product((False, True), repeat=dimensions):
        index = tuple(
            slice(None) if f else slice(i, i + 1) for f, i in zip(far, place, strict=True)
        )
        ways = [_spread(signs[axis], axis, dimensions) for axis in range(dimensions) if far[axis]]
        sign = reduce(np.multiply, ways, np.ones((1,) * dimensions, dtype=np.int64))
        bill += np.where(sign > 0, along[index], against[index])
    for axis, own in enumerate(place):
        bill[(slice(None),) * axis + (own,)] = np.inf
    return bill


def _spread(values: Whole, axis: int, dimensions: int) -> Whole:
    return values.reshape([-1 if k == axis else 1 for k in range(dimensions)])


def _move(place: Place, partner: Place, signs: list[Whole], step: int) -> Move:
    corners, steps = [], []
    for far in product((False, True), repeat=len(place)):
        corners.append([p if f else i for f, i, p in zip(far, place, partner, strict=True)])
        ways = [int(signs[k][partner[k]]) for k, f in enumerate(far) if f]
        steps.append(step * int(np.prod(ways)) if ways else step)
    return Move(np.array(corners).reshape(len(corners), len(place)), np.array(steps))
