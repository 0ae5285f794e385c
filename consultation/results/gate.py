"""The gate of a consultation: every table of every question, protected as one whole. Pure.

Everybody by breakdowns comes first; each question follows what was masked there, and what was
masked in the questions it depends on. The masks depend on no request: any view, filtered or
crossed, is a slice of the same arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from consultation.results.counted import Counted, CountedQuestion
from consultation.results.disclosure.cells import (
    ANSWERED,
    DOMINANCE,
    NOT_SEEN,
    Flags,
    Thresholds,
    Whole,
)
from consultation.results.disclosure.effects import effect, followed
from consultation.results.disclosure.followers import Followers, States
from consultation.results.disclosure.lattice import Move
from consultation.results.disclosure.protect import protect
from consultation.results.disclosure.table import Protected, Table, depths
from consultation.results.links import PARTICIPATION, Link
from consultation.results.questions import Plan, Question

CROWDED = 0.8
"""The part of the groups of a level that must be safe for the level to be published."""


@dataclass(frozen=True)
class GatedQuestion:
    """The reasons, cell by cell, of the tables of a question (0: shown)."""

    participation: Whole
    tables: tuple[Whole, ...]
    values: tuple[Whole, ...]


@dataclass
class Gate:
    """Protects the tables of ``counted``, question by question, once each."""

    plan: Plan
    counted: Counted
    thresholds: Thresholds
    links: Mapping[str, list[Link]]
    _participations: dict[str, Protected] = field(default_factory=dict)
    _tables: dict[str, list[Protected]] = field(default_factory=dict)

    @cached_property
    def everybody(self) -> Protected:
        """The number of respondents by breakdowns."""
        followers = Followers.of([self._states(key) for key in self.plan.questions])
        return protect(
            Table(
                self.counted.everybody,
                0,
                self.thresholds,
                levels=crowded_levels(self.counted, self.thresholds),
                trouble=followers.left_behind,
            )
        )

    def question(self, key: str) -> GatedQuestion:
        """Return the reasons of one question."""
        participation, tables = self.participation(key), self.tables(key)
        answered = participation.of(ANSWERED)
        counted = self.counted.questions[key]
        values = tuple(self._values(key, line, answered) for line in range(len(counted.values)))
        return GatedQuestion(participation.reasons, tuple(t.reasons for t in tables), values)

    def participation(self, key: str) -> Protected:
        """Return who saw and who answered a question, protected."""
        if key not in self._participations:
            self._participations[key] = self._protect_participation(key)
        return self._participations[key]

    def tables(self, key: str) -> list[Protected]:
        """Return the tables of a question, protected."""
        if self.plan.is_breakdown(key):
            return []  # its options are the groups of everybody
        if key not in self._tables:
            answered = self.participation(key).of(ANSWERED)
            question, counted = self.plan.questions[key], self.counted.questions[key]
            self._tables[key] = [
                protect(
                    Table(
                        cells,
                        2 if question.kind == "ranking" else 1,
                        self.thresholds,
                        answered,
                        least=question.least,
                        opens=tuple(self._opens(key, line)),
                        trouble=self._dependents(key, line),
                    )
                )
                for line, cells in enumerate(counted.tables)
            ]
        return self._tables[key]

    def _protect_participation(self, key: str) -> Protected:
        counted = self.counted.questions[key]
        linked, imposed, levels = self._linked(key)
        followers = Followers.of([self._states(key)])
        dependents = self._dependents(key, PARTICIPATION)

        def trouble(move: Move) -> int:
            return followers.answers_left_behind(move) + dependents(move)

        return protect(
            Table(
                counted.participation,
                1,
                self.thresholds,
                self.everybody,
                veiled=False,
                linked=linked,
                imposed=imposed,
                levels=levels,
                frozen=(NOT_SEEN,) if self.links.get(key) else (),
                trouble=trouble,
            )
        )

    def _states(self, key: str) -> States:
        counted = self.counted.questions[key]
        tables = [] if self.plan.is_breakdown(key) else counted.tables
        return counted.participation, tables, self.plan.questions[key].least

    def _linked(self, key: str) -> tuple[Flags, tuple[tuple[Move, ...], ...], int | None]:
        """Return where the base of a question must be masked, and the moves it must allow.

        Then, when too few people open it somewhere and nothing hides how many, the level from
        which nothing is published.
        """
        linked = np.zeros(self.plan.shape, dtype=bool)
        imposed: list[tuple[Move, ...]] = []
        levels: list[int] = []
        for link in self.links.get(key, []):
            source = self._source(link)
            masked = source.hidden.any(axis=tuple(range(source.reasons.ndim - linked.ndim)))
            if link.opens is None:
                linked |= masked
                continue
            # What is not published there has no move to follow.
            linked |= masked & (depths(self.plan.shape) >= source.closed)
            levels += [bare for opens, bare in source.bare if opens is link.opens]
            for move in source.moves:
                found = effect(move, link.opens, self.plan.shape) if move.needed else None
                if found is not None and found.any():
                    linked |= found != 0
                    imposed.append(followed(found))
        return linked, tuple(imposed), min(levels, default=None)

    def _source(self, link: Link) -> Protected:
        if link.table == PARTICIPATION:
            return self.participation(link.key)
        tables = self.tables(link.key)
        return tables[link.table] if tables else self.participation(link.key)

    def _opens(self, key: str, table: int) -> list[Flags]:
        """Return, for each question that depends on a table, which answers open it."""
        return [
            link.opens
            for links in self.links.values()
            for link in links
            if link.key == key and link.table == table and link.opens is not None
        ]

    def _dependents(self, key: str, table: int) -> Callable[[Move], int]:
        """Count the questions whose base, for everybody, would have to be masked for a move."""
        opens = self._opens(key, table)
        grand = (-1,) * len(self.plan.shape)

        def judge(move: Move) -> int:
            effects = [effect(move, each, self.plan.shape) for each in opens]
            return sum(found is not None and bool(found[grand]) for found in effects)

        return judge

    def _values(self, key: str, line: int, answered: Protected) -> Whole:
        """Return the reasons of means and medians: those of the count, and dominance."""
        question: Question = self.plan.questions[key]
        if not question.sensitive:
            return answered.reasons
        counted: CountedQuestion = self.counted.questions[key]
        amounts = counted.values[line].amounts
        return protect(Table(amounts, 0, self.thresholds, answered, reason=DOMINANCE)).reasons


def crowded_levels(counted: Counted, thresholds: Thresholds) -> int:
    """Return the first level too thin to be published: most of its groups are too small.

    One breakdown alone is always tried.
    """
    everybody = counted.everybody
    depth = depths(everybody.n.shape)
    safe = everybody.safe(thresholds)
    for level in range(2, everybody.n.ndim + 1):
        held = (depth == level) & (everybody.n > 0)
        if held.any() and safe[held].mean() < CROWDED:
            return level
    return everybody.n.ndim + 1
