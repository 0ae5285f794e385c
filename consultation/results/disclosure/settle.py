"""Masking more cells until each that is masked is proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from consultation.results.disclosure.cells import Flags
from consultation.results.disclosure.lattice import CURTAINS, DEAR, Lattice, Move, Place
from consultation.results.disclosure.moves import moves_through

Unsafe = Callable[[Flags, int], Flags]
"""``unsafe(hidden, axis)``: the lines along ``axis`` whose masked cells hold too few together."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to settle.

    ``secret`` cells must be proved; other masked cells are when they can. Cells that are not
    ``published`` need no proof. ``accepts`` says whether what details the table can follow a move.
    ``dearly``: a dear cell may be masked to prove another.
    """

    secret: Flags
    published: Flags
    unsafe: Unsafe
    accepts: Callable[[Move], bool] | None = None
    dearly: bool = False


def settle(lattice: Lattice, task: Task) -> bool:
    """Mask more until each masked cell is protected, and each line hides enough.

    Returns ``False`` when a secret cell cannot be protected, or a line has nothing to add.
    """
    while True:
        before = int(lattice.hidden.sum())
        if not _prove(lattice, task.secret, task) or not _widen(lattice, task.unsafe):
            return False
        _prove(lattice, task.published & ~task.secret, task)
        if int(lattice.hidden.sum()) == before:
            return True


def _prove(lattice: Lattice, chosen: Flags, task: Task) -> bool:
    for place in _unproved(lattice, chosen):
        if lattice.covered[place]:
            continue
        secret = bool(task.secret[place])
        move = _found(lattice, place, task, secret)
        if move is not None:
            lattice.take(replace(move, needed=secret))
        elif secret:
            return False
    return True


def _found(lattice: Lattice, place: Place, task: Task, secret: bool) -> Move | None:
    most = 1 if task.accepts is None else 200
    for effort in _efforts(bool(lattice.dear[place]), secret, task.dearly):
        for move in moves_through(lattice, place, most, effort):
            if task.accepts is None or task.accepts(move):
                return move
    return None


def _efforts(dear: bool, secret: bool, dearly: bool) -> tuple[int, ...]:
    if not secret:
        return (0,)
    if dear:
        return (0, DEAR, DEAR | CURTAINS)
    return (0, CURTAINS, DEAR, DEAR | CURTAINS) if dearly else (0, CURTAINS)


def _unproved(lattice: Lattice, chosen: Flags) -> list[Place]:
    """Return the masked cells that no move proves yet, those of totals first."""
    found = np.argwhere(lattice.hidden & chosen & ~lattice.covered & (lattice.value > 0))
    last = [
        size - 1 if total else -1
        for size, total in zip(lattice.value.shape, lattice.totals, strict=True)
    ]
    order = np.argsort(-(found == np.array(last)).sum(axis=1), kind="stable")
    return [tuple(int(i) for i in place) for place in found[order]]


def _widen(lattice: Lattice, unsafe: Unsafe) -> bool:
    """Mask the cheapest neighbour in each unsafe line until none is; ``False``: one has none."""
    changed = True
    while changed:
        changed = False
        for axis in range(lattice.value.ndim):
            for line in np.argwhere(unsafe(lattice.hidden, axis)):
                place = _neighbour(lattice, axis, tuple(int(i) for i in line))
                if place is None:
                    return False
                lattice.hide(tuple(np.array([i]) for i in place))
                changed = True
    return True


def _neighbour(lattice: Lattice, axis: int, line: Place) -> Place | None:
    """Return the cheapest shown cell of a line, its total when there is no other."""
    across: tuple[Any, ...] = (*line[:axis], slice(None), *line[axis:])
    price = np.where(lattice.hidden[across], np.inf, lattice.cost[across])
    if lattice.totals[axis] and np.isfinite(price[:-1]).any():
        price = price[:-1]
    at = int(price.argmin())
    return (*line[:axis], at, *line[axis:]) if np.isfinite(price[at]) else None
