"""Numbers answered: medians, sums, the part of the largest unit, classes. Pure, numpy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from consultation.results.bins import Bins, bins, merged
from consultation.results.counted import Values
from consultation.results.disclosure.amounts import Amounts
from consultation.results.disclosure.cells import Counts, Flags, Real, Thresholds, Whole
from consultation.results.questions import Question
from consultation.results.tally import Places, assembled, distinct, joined, tally, totalled


@dataclass(frozen=True)
class Numbers:
    """What respondents answered to a question of numbers, a row each, a column per line."""

    values: Real
    where: Places
    units: Whole

    def known(self, line: int) -> Numbers:
        """Return the rows that have a number in ``line``, with that column alone."""
        kept = ~np.isnan(self.values[:, line])
        return Numbers(self.values[kept, line : line + 1], self.where.among(kept), self.units[kept])


def stacked(parts: Sequence[Numbers], lines: int, shape: tuple[int, ...]) -> Numbers:
    """Return the rows of several blocks together."""
    values = [part.values for part in parts] or [np.zeros((0, lines))]
    units = [part.units for part in parts] or [np.zeros(0, dtype=np.int64)]
    where = joined([part.where for part in parts], shape)
    return Numbers(np.concatenate(values), where, np.concatenate(units))


def values_of(numbers: Numbers, repeats: Whole) -> Iterator[Values]:
    """Yield the median and the amounts of each line."""
    for line in range(numbers.values.shape[1]):
        known = numbers.known(line)
        again = np.isin(known.units, repeats)
        yield Values(_medians(known), _amounts(known, again))


def _medians(numbers: Numbers) -> Real:
    where, order = numbers.where, np.argsort(numbers.values[:, 0], kind="stable")
    values = numbers.values[order, 0]
    found = np.full(where.size, np.nan)
    for level in where.levels():
        cells = level[order].astype(np.uint16 if where.size <= 65_536 else np.int64)
        grouped = values[np.argsort(cells, kind="stable")]
        sizes = np.bincount(cells, minlength=where.size)
        starts, held = np.cumsum(sizes) - sizes, sizes > 0
        low = grouped[(starts + (sizes - 1) // 2)[held]]
        high = grouped[(starts + sizes // 2)[held]]
        found[held] = (low + high) / 2
    return found.reshape(where.shape)


def _amounts(numbers: Numbers, again: Flags) -> Amounts:
    where, values = numbers.where, numbers.values[:, 0]
    absolute, shape = np.abs(values), where.shape
    once = _largest(absolute[~again], where.among(~again))
    several = _largest_unit(absolute[again], where.among(again), numbers.units[again])
    return Amounts(
        _summed(values, where),
        _summed(absolute, where),
        np.maximum(once, several).reshape(shape),
        _summed(absolute[again], where.among(again)),
    )


def _summed(values: Real, where: Places) -> Real:
    flat = np.bincount(where.codes, weights=values, minlength=where.size)
    found: Real = totalled(flat, where.shape)
    return found


def _largest(values: Real, where: Places) -> Real:
    found = np.zeros(where.size)
    for level in where.levels():
        np.maximum.at(found, level, values)
    return found


def _largest_unit(values: Real, where: Places, units: Whole) -> Real:
    found = np.zeros(where.size)
    _, numbers = np.unique(units, return_inverse=True)
    most = int(numbers.max(initial=0)) + 1
    for level in where.levels():
        pairs, back = np.unique(level * most + numbers, return_inverse=True)
        sums = np.bincount(back, weights=values, minlength=len(pairs))
        np.maximum.at(found, pairs // most, sums)
    return found


def classes(question: Question, numbers: Numbers, repeats: Whole) -> tuple[Bins, Counts]:
    """Return the classes of a question of numbers and their counts, none too small for all.

    The classes are chosen with the default thresholds, so that they do not move with those of a
    consultation.
    """
    known = numbers.known(0)
    chosen = bins(known.values[:, 0], question.whole)
    while True:
        counts = _by_class(chosen, known, repeats)
        grand: Any = (slice(None), *(-1,) * len(known.where.shape))
        better = merged(chosen, counts.n[grand], counts[grand].safe(Thresholds()))
        if len(better) == len(chosen):
            return chosen, counts
        chosen = better


def _by_class(chosen: Bins, numbers: Numbers, repeats: Whole) -> Counts:
    where, width = numbers.where, len(chosen)
    category = chosen.place(numbers.values[:, 0])
    again = np.isin(numbers.units, repeats)
    few = where.among(again)
    return assembled(
        tally(category, where, width),
        tally(category[again], few, width),
        distinct(category[again], few, numbers.units[again], width),
        where.shape,
    )
