"""Masking more cells until each that is masked is proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from consultation.results.disclosure.cells import Flags
from consultation.results.disclosure.effects import effect
from consultation.results.disclosure.lattice import CURTAINS, DEAR, Lattice, Move, Place
from consultation.results.disclosure.moves import moves_through

TRIALS = 200

Unsafe = Callable[[Flags, int], Flags]
"""``unsafe(hidden, axis)``: the lines along ``axis`` whose masked cells hold too few together."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to settle.

    ``secret`` cells must be proved; other masked cells are when they can. Cells that are not
    ``published`` need no proof. ``trouble`` counts the other tables that a move would harm: the
    move that harms the fewest is taken. ``dearly``: a dear cell may be masked to prove another.
    ``opens``: the answers that open another question, by category and place, and the places where
    too few gave them together: a move should change that number.
    """

    secret: Flags
    published: Flags
    unsafe: Unsafe
    trouble: Callable[[Move], int] | None = None
    dearly: bool = False
    opens: tuple[tuple[Flags, Flags], ...] = ()


def settle(lattice: Lattice, task: Task) -> bool:
    """Mask more until each masked cell is protected, and each line hides enough.

    Returns ``False`` when a secret cell cannot be protected, or a line has nothing to add.
    """
    while True:
        before = int(lattice.hidden.sum())
        if not _prove(lattice, task.secret, task):
            return False
        _prove_unions(lattice, task)
        if not _widen(lattice, task.unsafe):
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


def _prove_unions(lattice: Lattice, task: Task) -> None:
    """Look for a move that changes each number that opens another question, where it is small."""
    for opens, places in task.opens:
        proved = proved_unions(lattice, opens, places.shape)
        for where in np.argwhere(places & ~proved):
            if proved[tuple(where)]:
                continue
            move = _changing(lattice, task, opens, tuple(int(i) for i in where))
            if move is not None:
                lattice.take(move)
                proved |= effect(move, opens, places.shape) != 0


def proved_unions(lattice: Lattice, opens: Flags, shape: tuple[int, ...]) -> Flags:
    """Return the places where some move changes how many gave the answers of ``opens``."""
    proved = np.zeros(shape, dtype=bool)
    for move in lattice.moves:
        more = effect(move, opens, shape) if move.needed else None
        if more is not None:
            proved |= more != 0
    return proved


def _changing(lattice: Lattice, task: Task, opens: Flags, where: Place) -> Move | None:
    """Return a move that changes how many opened the other question at ``where``."""

    def changes(move: Move) -> bool:
        more = effect(move, opens, opens.shape[1:])
        return more is not None and bool(more[where] != 0)

    column: Any = (slice(None), *where)
    for category in np.argsort(-lattice.value[column], kind="stable"):
        place = int(category), *where
        if lattice.hidden[place] or np.isfinite(lattice.cost[place]):
            move = _found(lattice, place, task, secret=True, wanted=changes)
            if move is not None:
                return move
    return None


def _found(
    lattice: Lattice,
    place: Place,
    task: Task,
    secret: bool,
    wanted: Callable[[Move], bool] | None = None,
) -> Move | None:
    """Return the cheapest of the moves that harm the fewest other tables."""
    best: tuple[int, Move] | None = None
    trials = 1 if task.trouble is None and wanted is None else TRIALS
    for effort in _efforts(bool(lattice.dear[place]), secret, task.dearly):
        for move in moves_through(lattice, place, trials, effort):
            if wanted is not None and not wanted(move):
                continue
            trouble = task.trouble(move) if task.trouble else 0
            if trouble == 0:
                return move
            if best is None or trouble < best[0]:
                best = trouble, move
    return best[1] if best else None


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
