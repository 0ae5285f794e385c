"""Protecting one table, under the table it details."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from consultation.results.disclosure.cells import FREQUENCY, SECONDARY, SHOWN, Flags, Real, Whole
from consultation.results.disclosure.effects import unsafe_unions
from consultation.results.disclosure.lattice import Lattice, Move
from consultation.results.disclosure.patterns import patterns
from consultation.results.disclosure.settle import Task, proved_unions, settle
from consultation.results.disclosure.table import Protected, Table, Veil

UNLIKELY = 5.0


def protect(table: Table) -> Protected:
    """Return the table protected, closing its finest levels when nothing else works."""
    first = table.breakdowns + 1 if table.levels is None else table.levels
    if table.parent is not None:
        first = min(first, table.parent.closed)
    for dearly in (False, True):
        for closed in range(first, 0, -1):
            found = attempt(table, closed, dearly)
            if found:
                return found
    return _nothing(table)


def attempt(table: Table, closed: int, dearly: bool = False) -> Protected | None:
    """Protect the table without its levels from ``closed`` on; ``None`` when it cannot be.

    Unless ``dearly``, figures about everybody are masked for their own sake only.
    """
    veil = Veil(table, closed)
    if table.parent is None and not _root_is_safe(table):
        return None
    lattice = _lattice(table, veil)
    if not _follow_parent(table, veil, lattice):
        return None
    _follow_links(table, lattice)
    published = ~veil.unpublished
    secret = ~table.cells.safe(table.thresholds) & (table.cells.n > 0) & published
    task = Task(
        secret,
        published,
        unsafe=partial(_unsafe, table, veil),
        trouble=_published_part(table, veil),
        dearly=dearly,
        opens=tuple(_opened(table, veil, opens) for opens in table.opens),
    )
    if not settle(lattice, task):
        return None
    bare = tuple(_bare(lattice, opens, places) for opens, places in task.opens)
    found = tuple(each for each in bare if each is not None)
    return Protected(_reasons(table, veil, lattice), tuple(lattice.moves), closed, found)


def _bare(lattice: Lattice, opens: Flags, places: Flags) -> tuple[Flags, int] | None:
    """Return ``opens`` and the level to close, when no move hides how many gave them."""
    left = places & ~proved_unions(lattice, opens, places.shape)
    grand: Any = (-1,) * left.ndim
    return (opens, 0 if left[grand] else 1) if left.any() else None


def _published_part(table: Table, veil: Veil) -> Callable[[Move], int] | None:
    """Judge a move by what it does where something is published, or whole when linked tables do."""
    trouble = table.trouble
    if trouble is None or table.parent is not None:
        return trouble

    def judge(move: Move) -> int:
        return trouble(_restricted(move, ~veil.unpublished[move.index]))

    return judge


def _restricted(move: Move, kept: Flags) -> Move:
    return Move(move.places[kept], move.signs[kept], move.needed)


def _root_is_safe(table: Table) -> bool:
    grand: Any = (-1,) * table.breakdowns
    return bool(table.cells.safe(table.thresholds)[grand])


def _lattice(table: Table, veil: Veil) -> Lattice:
    cells = table.cells
    lower, upper = cells.bounds(table.thresholds)
    empty = cells.n == 0
    lower = np.where(veil.all, np.where(veil.empty | empty, 0.0, 1.0), lower)
    lower = np.where(veil.unpublished, -np.inf, lower)
    upper = np.where(veil.all, np.inf, upper)
    known_empty = empty & ~veil.empty & ~veil.unpublished
    cost = np.where(known_empty, np.inf, cells.costs() * _weights(cells.n.shape, table.categories))
    if table.parent is None:
        cost[(-1,) * table.breakdowns] = np.inf
    hidden = (veil.all & ~known_empty) | (~cells.safe(table.thresholds) & ~empty)
    totals = (False,) * table.categories + (True,) * table.breakdowns
    dear = np.zeros(cells.n.shape, dtype=bool)
    grand: Any = (..., *(-1,) * table.breakdowns)
    dear[grand] = True
    drawable = np.full(cells.n.shape[table.categories :], table.veiled and table.categories > 0)
    drawable &= ~veil.place_all
    drawable[(-1,) * table.breakdowns] = False
    lattice = Lattice(cells.n, lower, upper, cost, hidden, totals, dear, table.categories, drawable)
    # Where nothing is published any group will do; one that exists makes a likelier world.
    lattice.fall[veil.unpublished & empty] = UNLIKELY
    return lattice


def _weights(shape: tuple[int, ...], categories: int) -> Real:
    """Return how much dearer a cell is for each total it stands on: totals are read most."""
    weights = np.ones(shape)
    for axis in range(categories, len(shape)):
        weights[(slice(None),) * axis + (-1,)] *= 20.0
    return weights


def _follow_parent(table: Table, veil: Veil, lattice: Lattice) -> bool:
    """Let each move of the parent happen here too; ``False`` when one that is needed cannot."""
    if table.parent is None or table.categories == 0:
        return True
    for move in table.parent.moves:
        found = False
        published = ~veil.unpublished[(0,) * table.categories][move.index]
        if not published.any():
            continue
        for mine in _carried(table, lattice, move):
            if not found or not lattice.covered[mine.index].all():
                lattice.take(mine)
            found = True
        if move.needed and not found:
            return False
    return True


def _follow_links(table: Table, lattice: Lattice) -> None:
    """Let the moves of linked tables happen here too; the places they concern are masked anyway."""
    for ways in table.imposed:
        way = next((move for move in ways if lattice.allows(move)), None)
        if way is not None:
            lattice.take(way)
    for category in table.frozen:
        lattice.cost[category] = lattice.rise[category] = lattice.fall[category] = np.inf


def _opened(table: Table, veil: Veil, opens: Flags) -> tuple[Flags, Flags]:
    unsafe = unsafe_unions(table.cells, opens, table.thresholds)  # type: ignore[arg-type]
    return opens, unsafe & ~veil.unpublished[0]


def _picked(table: Table, values: Any, move: Move) -> Any:
    """Return the values of each category at the places of a move of the parent, on a last axis."""
    return values[(slice(None),) * table.categories + move.index]


def _carried(table: Table, lattice: Lattice, move: Move) -> Iterator[Move]:
    """Yield the ways in which the respondents of a move of the parent may have answered here."""
    rise, fall = (_picked(table, price, move) for price in (lattice.rise, lattice.fall))
    allowed = np.isfinite(np.where(move.signs > 0, rise, fall)).all(axis=-1)
    weight = _picked(table, table.cells.n, move).min(axis=-1)
    for chosen in patterns(allowed, weight, table.least):
        yield Move(
            np.array([[*category, *place] for category in chosen for place in move.places]),
            np.concatenate([move.signs for _ in chosen]),
            move.needed,
        )


def _unsafe(table: Table, veil: Veil, hidden: Flags, axis: int) -> Flags:
    """Return the lines whose sum is known and whose masked cells hold too few units together."""
    if axis < table.categories:
        inside: tuple[slice | int, ...] = (slice(None),) * hidden.ndim
        known = np.broadcast_to(~veil.parent_hidden, np.delete(hidden.shape, axis))
    else:
        inside = (slice(None),) * axis + (slice(0, -1),)
        known = ~hidden[(slice(None),) * axis + (-1,)]
    masked = np.zeros_like(hidden)
    masked[inside] = hidden[inside]
    # When every cell of the line is masked their sum is the total itself, judged by its own count.
    some_shown = ((table.cells.n > 0) & ~hidden)[inside].any(axis)
    unsafe = table.cells.union_unsafe(masked, axis, table.thresholds)
    unsafe &= known & some_shown
    return unsafe


def _reasons(table: Table, veil: Veil, lattice: Lattice) -> Whole:
    hidden = lattice.hidden
    safe = table.cells.safe(table.thresholds)
    own = np.where(safe, SECONDARY, table.reason)
    if table.parent is None:
        own = np.where(veil.closed, FREQUENCY, own)
        return np.where(hidden, own, SHOWN)
    inherited = np.broadcast_to(table.parent.reasons, hidden.shape)
    own = np.where(veil.closed | veil.linked, SECONDARY, own)
    own = np.where(lattice.drawn, FREQUENCY, own)
    return np.where(hidden, np.where(veil.under, inherited, own), SHOWN)


def _nothing(table: Table) -> Protected:
    """Return the table wholly masked."""
    shape = table.cells.n.shape
    reasons = np.full(shape, FREQUENCY if table.parent is None else SECONDARY)
    if table.parent is not None:
        parent = np.broadcast_to(table.parent.reasons, shape)
        reasons = np.where(parent != SHOWN, parent, reasons)
    return Protected(reasons, (), 0)
