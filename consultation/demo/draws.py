"""Drawing closed answers from leanings: pure functions over numpy arrays.

``scores`` is a float array (n respondents, k options or rows): what each respondent thinks of each,
on the scale of a standard normal. Every function takes the generator it draws from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def points(
    rng: Generator, scores: Floats, cuts: Sequence[float], silent: Floats | float
) -> Integers:
    """Return the point of each respondent on each row, 0 for the first, (n, k).

    ``cuts`` separate the points. ``silent`` is the share (of all, or of each row) that has no
    opinion: their point is the one after the last.
    """
    heard = scores + rng.normal(0.0, 0.7, scores.shape)
    chosen = np.searchsorted(np.asarray(cuts), heard).astype(np.int64)
    chosen[rng.random(scores.shape) < silent] = len(cuts) + 1
    return chosen


def one(rng: Generator, scores: Floats) -> Integers:
    """Return the option each respondent chooses, (n,); odds grow with the score."""
    chosen: Integers = np.argmax(scores + rng.gumbel(0.0, 1.0, scores.shape), axis=1)
    return chosen


def ranked(rng: Generator, scores: Floats, strength: float = 1.0) -> Integers:
    """Return the options of each respondent from the first to the last, (n, k)."""
    noisy = strength * scores + rng.gumbel(0.0, 1.0, scores.shape)
    order: Integers = np.argsort(-noisy, axis=1, kind="stable")
    return order


def first(order: Integers, sizes: Integers) -> Booleans:
    """Return which options come among the first ``sizes`` (n,) of ``order`` (n, k)."""
    chosen = np.zeros(order.shape, dtype=bool)
    within = np.arange(order.shape[1]) < sizes[:, None]
    np.put_along_axis(chosen, order, within, axis=1)
    return chosen


def each(rng: Generator, scores: Floats) -> Booleans:
    """Return which options each respondent ticks, one by one, with logistic odds, (n, k)."""
    ticked: Booleans = rng.random(scores.shape) < 1.0 / (1.0 + np.exp(-scores))
    return ticked


def sizes(rng: Generator, n: int, weights: Sequence[float]) -> Integers:
    """Return ``n`` numbers from 1; ``weights`` are the odds of 1, 2, 3…"""
    odds = np.asarray(weights, dtype=float)
    drawn: Integers = rng.choice(len(odds), size=n, p=odds / odds.sum()) + 1
    return drawn


def shares(rng: Generator, scores: Floats) -> Integers:
    """Share out 100 between the k options, in whole percents, often by tens or fives, (n, k)."""
    weights = np.exp(scores + rng.normal(0.0, 0.35, scores.shape))
    exact = 100.0 * weights / weights.sum(axis=1, keepdims=True)
    step = rng.choice([10, 5, 1], size=(len(scores), 1), p=[0.55, 0.35, 0.10])
    given: Integers = (np.round(exact / step) * step).astype(np.int64)
    given[:, -1] = 100 - given[:, :-1].sum(axis=1)
    # Rounding may take one point too many: the largest gives it back.
    short = np.minimum(given[:, -1], 0)
    largest = np.argmax(given[:, :-1], axis=1)
    given[np.arange(len(given)), largest] += short
    given[:, -1] -= short
    return given
