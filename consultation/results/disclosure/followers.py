"""Whether the tables of questions can follow a move of the table above them, tried quickly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from consultation.results.disclosure.cells import ANSWERED, Counts, Flags, Whole
from consultation.results.disclosure.lattice import Move
from consultation.results.disclosure.patterns import patterns

States = tuple[Counts, Sequence[Counts], int]
"""A question: who took part, the tables of what they answered, how many a ranking holds."""


@dataclass(frozen=True)
class Followers:
    """The counts of some questions, stacked so that a move is tried on all of them at once.

    ``states[question, state, place...]``; ``stacked`` holds the tables with one axis of options,
    one after the other, ``starts`` their first rows and ``owners`` their questions.
    """

    states: Whole
    stacked: Whole
    starts: Whole
    owners: Whole
    rankings: tuple[tuple[int, Whole, int], ...]

    @classmethod
    def of(cls, questions: Sequence[States]) -> Followers:
        """Prepare some questions, one at least."""
        states = np.stack([took_part.n for took_part, _, _ in questions])
        places = states.ndim - 2
        flat, owners, rankings = [np.zeros((0, *states.shape[2:]), dtype=np.int64)], [], []
        for owner, (_, tables, least) in enumerate(questions):
            for table in tables:
                if table.n.ndim > places + 1:
                    rankings.append((owner, table.n, least))
                elif len(table.n):
                    flat.append(table.n)
                    owners.append(owner)
        ends = np.cumsum([len(n) for n in flat])
        starts, own = ends[:-1], np.array(owners, dtype=np.int64)
        return cls(states, np.concatenate(flat), starts, own, tuple(rankings))

    def left_behind(self, move: Move) -> int:
        """Count the questions in which respondents cannot move all in one state, and follow."""
        three: Any = (slice(None), slice(None), *move.index)
        able = (self.states[three] >= np.where(move.signs > 0, 1, 2)).all(axis=-1)
        ways = able[:, :ANSWERED].any(axis=1) | (able[:, ANSWERED] & self._details(move))
        return int((~ways).sum())

    def answers_left_behind(self, move: Move) -> int:
        """Count the questions whose answers cannot follow a move of the participation."""
        answered = move.places[:, 0] == ANSWERED
        if not answered.any():
            return 0
        part = Move(move.places[answered, 1:], move.signs[answered])
        return int((~self._details(part)).sum())

    def _details(self, move: Move) -> Flags:
        least = np.where(move.signs > 0, 0, 1)
        able = np.ones(len(self.states), dtype=bool)
        if len(self.starts):
            one: Any = (slice(None), *move.index)
            rows = (self.stacked[one] >= least).all(axis=1)
            np.logical_and.at(able, self.owners, np.logical_or.reduceat(rows, self.starts))
        for owner, n, most in self.rankings:
            if able[owner]:
                able[owner] = _ranked(n, move, least, most)
        return able


def _ranked(n: Whole, move: Move, least: Whole, ranks: int) -> bool:
    two: Any = (slice(None), slice(None), *move.index)
    held = n[two]
    allowed = np.asarray((held >= least).all(axis=-1))
    return next(patterns(allowed, held.min(axis=-1), ranks), None) is not None
