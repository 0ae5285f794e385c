"""Counting submissions from their vectors, block after block. Pure, numpy.

A first pass over the rows fills one table per question; the few rows of units that sent several
submissions are kept and looked at again, to count each unit once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from consultation.questionnaires.compiled import CompiledVersion
from consultation.results import columns
from consultation.results.counted import Counted, CountedQuestion
from consultation.results.disclosure.cells import (
    NOT_ANSWERED,
    NOT_SEEN,
    Counts,
    Flags,
    Whole,
    quieted,
)
from consultation.results.measuring import Numbers, classes, stacked, values_of
from consultation.results.questions import Plan, Question, kind
from consultation.results.tally import Places, assembled, distinct, joined, places, tally

NUMERIC = ("number", "date", "allocation")
STATES = 3


@dataclass(frozen=True)
class Rows:
    """Submissions of one version, ready to count: one row of ``block`` each."""

    version: CompiledVersion
    block: columns.Bytes
    where: Places
    units: Whole


@dataclass
class Counter:
    """Adds up blocks of submissions. ``repeats``: the units that sent several."""

    plan: Plan
    versions: Mapping[int, CompiledVersion]
    repeats: Whole
    everybody: Whole | None = None
    tables: dict[str, list[Whole]] = field(default_factory=dict)
    numbers: dict[str, list[Numbers]] = field(default_factory=dict)
    again: list[Rows] = field(default_factory=list)

    def add(self, block: Sequence[Any]) -> None:
        """Count rows of (version, vector, unit, individual)."""
        versions, codes, units, persons = zip(*block, strict=True)
        by_version = np.array(versions)
        for version_id in sorted(set(versions)):
            chosen = np.flatnonzero(by_version == version_id)
            whole = len(chosen) == len(block)
            vectors = codes if whole else [codes[row] for row in chosen]
            self._count(
                self._rows(
                    self.versions[version_id],
                    columns.matrix(vectors, self.versions[version_id].width),
                    np.array(units, dtype=np.int64)[chosen],
                    np.array(persons, dtype=bool)[chosen],
                )
            )

    def _count(self, rows: Rows) -> None:
        found = tally(np.zeros(len(rows.units), dtype=np.int64), rows.where, 1)
        self.everybody = found if self.everybody is None else self.everybody + found
        for question in self.plan.questions.values():
            self._add(question, rows)
        kept = np.isin(rows.units, self.repeats)
        if kept.any():
            few = rows.where.among(kept)
            self.again.append(Rows(rows.version, rows.block[kept], few, rows.units[kept]))

    def _add(self, question: Question, rows: Rows) -> None:
        widths = _widths(question)
        known = self.tables.setdefault(
            question.key,
            [np.zeros((2, width, rows.where.size), dtype=np.int64) for width in widths],
        )
        found = _categories(question, rows)
        for table, width, category in zip(known, widths, found, strict=True):
            table += tally(category, rows.where, width)
        item = rows.version.items.get(question.key)
        if question.kind in NUMERIC and item is not None and kind(item) == question.kind:
            values = columns.values(rows.block, item, question)
            kept = np.logical_not(np.isnan(values).all(axis=1))
            numbers = Numbers(values[kept], rows.where.among(kept), rows.units[kept])
            self.numbers.setdefault(question.key, []).append(numbers)

    def _rows(
        self, version: CompiledVersion, block: columns.Bytes, units: Whole, persons: Flags
    ) -> Rows:
        axes = [_axis(self.plan, version, block, b.key) for b in self.plan.breakdowns]
        return Rows(version, block, places(axes, persons, self.plan.shape), units)

    def result(self) -> Counted:
        """Return everything counted."""
        again = _Again(self.plan.shape, self.again)
        rows = self.everybody
        if rows is None:
            rows = np.zeros((2, 1, again.where.size), dtype=np.int64)
        everybody = again.counts(rows, np.zeros(len(again.units), dtype=np.int64))[0]
        questions = {key: self._question(q, again) for key, q in self.plan.questions.items()}
        return Counted(everybody, questions)

    def _question(self, question: Question, again: _Again) -> CountedQuestion:
        empty = [np.zeros((2, w, again.where.size), dtype=np.int64) for w in _widths(question)]
        tables = self.tables.get(question.key, empty)
        found = [
            again.counts(table, category)
            for table, category in zip(tables, again.categories(question), strict=True)
        ]
        took_part, *details = found
        counted = CountedQuestion(
            quieted(took_part, NOT_SEEN, NOT_ANSWERED), _arranged(question, details)
        )
        if question.kind in NUMERIC:
            self._measure(question, counted)
        return counted

    def _measure(self, question: Question, counted: CountedQuestion) -> None:
        lines = max(len(question.lines), 1)
        numbers = stacked(self.numbers.get(question.key, []), lines, self.plan.shape)
        counted.values = list(values_of(numbers, self.repeats))
        if question.kind != "allocation":
            counted.bins, table = classes(question, numbers, self.repeats)
            counted.tables = [table]


class _Again:
    """The rows of the units that sent several submissions, to count each unit once."""

    def __init__(self, shape: tuple[int, ...], rows: Sequence[Rows]) -> None:
        self._rows = rows
        self.where = joined([each.where for each in rows], shape)
        units = [each.units for each in rows] or [np.zeros(0, dtype=np.int64)]
        self.units = np.concatenate(units)

    def categories(self, question: Question) -> Iterator[Whole]:
        """Yield the category of each of these rows, table by table."""
        if not self._rows:
            yield from (np.zeros(0, dtype=np.int64) for _ in _widths(question))
            return
        by_rows = [_categories(question, rows) for rows in self._rows]
        for parts in zip(*by_rows, strict=True):
            yield np.concatenate(parts)

    def counts(self, rows: Whole, category: Whole) -> Counts:
        """Return the counts of a table: all its ``rows``, tallied, and these rows' category."""
        width = rows.shape[1]
        repeated = tally(category, self.where, width)
        units = distinct(category, self.where, self.units, width)
        return assembled(rows, repeated, units, self.where.shape)


def _axis(plan: Plan, version: CompiledVersion, block: columns.Bytes, key: str) -> Whole:
    question, item = plan.questions[key], version.items.get(key)
    none = len(question.choices)
    if item is None or kind(item) != question.kind:
        return np.full(len(block), none)
    found = next(iter(columns.categories(block, item, question)))
    return np.where(found < 0, none, found)


def _widths(question: Question) -> list[int]:
    """Return the number of categories of each table of a question, participation first."""
    choices = len(question.choices)
    details = {
        "single": [choices],
        "scale": [choices],
        "multiple": [2] * choices,
        "matrix": [choices + 1] * len(question.lines),
        "ranking": [question.ranks + 1] * choices,
    }
    return [STATES, *details.get(question.kind, [])]


def _categories(question: Question, rows: Rows) -> Iterator[Whole]:
    """Yield the category of each row, table by table, participation first."""
    item = rows.version.items.get(question.key)
    if item is None or kind(item) != question.kind:
        yield np.zeros(len(rows.units), dtype=np.int64)
        yield from (np.full(len(rows.units), -1) for _ in _widths(question)[1:])
        return
    yield columns.presence(rows.block, item)
    if question.kind == "ranking":
        yield from columns.ranks(rows.block, item, question)
    else:
        yield from columns.categories(rows.block, item, question)


def _arranged(question: Question, tables: list[Counts]) -> list[Counts]:
    """Say that a line of a matrix not answered is no answer; stack the options of a ranking."""
    if question.kind == "matrix":
        return [quieted(table, len(question.choices)) for table in tables]
    return _grid(tables) if question.kind == "ranking" else tables


def _grid(tables: Sequence[Counts]) -> list[Counts]:
    """Stack the ranks of each option: options, then ranks with « not ranked » last."""
    names = ("n", "units", "persons", "repeated")
    return [Counts(*(np.stack([getattr(table, name) for table in tables]) for name in names))]
