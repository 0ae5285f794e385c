"""The statistics of the field. Pure; no division by zero: ``None`` where there is nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from consultation.results.figures import Association

Z95 = 1.959963984540054


def wilson(successes: int, n: int, z: float = Z95) -> tuple[float, float] | None:
    """Return Wilson's interval of a share (95 % by default); ``None`` of nobody."""
    if n <= 0:
        return None
    share, square = successes / n, z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def mean(values: Sequence[float], counts: Sequence[int]) -> float | None:
    """Return the mean of ``values`` given so many times each."""
    n = sum(counts)
    return sum(v * k for v, k in zip(values, counts, strict=True)) / n if n else None


def median(values: Sequence[float], counts: Sequence[int]) -> float | None:
    """Return the median of ascending ``values`` given so many times each."""
    n = sum(counts)
    if not n:
        return None
    ends = np.cumsum(counts)
    low, high = (int(np.searchsorted(ends, k, side="right")) for k in ((n - 1) // 2, n // 2))
    return (values[low] + values[high]) / 2


def association(table: Sequence[Sequence[int]]) -> Association | None:
    """Return Pearson's chi-square of a table of counts, empty rows and columns left out.

    ``None`` when fewer than two rows or columns are left.
    """
    counts = np.array(table, dtype=np.float64)
    if counts.ndim != 2:
        return None
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    rows, columns = counts.shape
    if rows < 2 or columns < 2:
        return None
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    freedom = (rows - 1) * (columns - 1)
    v = math.sqrt(chi_square / (n * (min(rows, columns) - 1)))
    return Association(chi_square, freedom, chi_square_p(chi_square, freedom), min(v, 1.0))


def chi_square_p(chi_square: float, freedom: int) -> float:
    """Return the probability of a chi-square at least as large by chance."""
    return upper_gamma(freedom / 2, chi_square / 2)


def upper_gamma(a: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function Q(a, x), for a > 0."""
    if x <= 0:
        return 1.0
    scale = math.exp(min(a * math.log(x) - x - math.lgamma(a), 700.0))
    if x < a + 1:
        return max(0.0, 1.0 - scale * _series(a, x))
    return min(1.0, scale * _fraction(a, x))


def _series(a: float, x: float) -> float:
    term = total = 1.0 / a
    step = a
    while term > total * 1e-16:
        step += 1.0
        term *= x / step
        total += term
    return total


def _fraction(a: float, x: float) -> float:
    """Evaluate the continued fraction of Q(a, x) by Lentz's method."""
    tiny = 1e-300
    b = x + 1.0 - a
    c, d = 1.0 / tiny, 1.0 / (b or tiny)
    value = d
    for i in range(1, 10_000):
        factor = -i * (i - a)
        b += 2.0
        d = 1.0 / (factor * d + b or tiny)
        c = b + factor / c or tiny
        value *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
    return value


def significant(number: float, digits: int = 3) -> float:
    """Return ``number`` with so many significant digits."""
    if number == 0 or not math.isfinite(number):
        return number
    return round(number, digits - 1 - math.floor(math.log10(abs(number))))
