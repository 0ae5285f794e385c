"""The rows and lines of a table, from counts that may be masked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from consultation.results import statistics
from consultation.results.figures import Count, Line, Masked, Measure, Row
from consultation.results.masked import added, share
from consultation.results.questions import Choice

Worth = Callable[[Sequence[float], Sequence[int]], float | None]


def row_of(choice: Choice, counts: tuple[Count, ...], bases: tuple[Count, ...]) -> Row:
    shares = tuple(map(share, counts, bases))
    return Row(choice.value, choice.label, choice.no_opinion, counts, shares, bases)


def opinions(expressed: tuple[Count, ...], answered: tuple[Count, ...]) -> tuple[Count, ...]:
    """Return the bases of shares: those who gave an opinion or, when masked, who answered."""
    return tuple(
        whole if isinstance(base, Masked) else base
        for base, whole in zip(expressed, answered, strict=True)
    )


def with_scale(line: Line, bases: tuple[Count, ...]) -> Line:
    """Add the mean, the median and the share of the two best points, « no opinion » left out."""
    points = [row for row in line.rows if not row.no_opinion]
    worth = _worth(points)
    top = tuple(
        share(added([row.counts[column] for row in points[-2:]]), base)
        for column, base in enumerate(bases)
    )
    bare = Line(line.value, line.label, tuple(points), line.answered, line.expressed)
    means, medians = (over(bare, worth, how) for how in (statistics.mean, statistics.median))
    return Line(
        line.value, line.label, line.rows, line.answered, line.expressed, means, medians, top
    )


def _worth(points: Sequence[Row]) -> list[float]:
    """Return what each point is worth: its value when all are ascending numbers, else its place."""
    try:
        values = [float(row.value.replace(",", ".")) for row in points]
    except ValueError:
        values = []
    ascending = len(values) > 1 and bool((np.diff(values) > 0).all())
    return values if ascending else [float(i + 1) for i in range(len(points))]


def over(line: Line, worth: Sequence[float], how: Worth) -> tuple[Measure, ...]:
    """Compute something of the rows of each column; masked when one of them is."""
    found: list[Measure] = []
    for column in range(len(line.answered)):
        counts = [row.counts[column] for row in line.rows]
        masked = next((count for count in counts if isinstance(count, Masked)), None)
        known = [count for count in counts if not isinstance(count, Masked)]
        found.append(masked or how(worth, known))
    return tuple(found)
