"""A crossed table as a grid to read: groups one way, answers the other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from consultation.questionnaires.kinds.number import write
from consultation.results.drawing import heat
from consultation.results.figures import Column, Count, Line, Masked, Measure, SafeTable
from consultation.results.statistics import significant
from consultation.web.typography import number_fr, percent_fr

MOST_COLUMNS = 8
"""With more groups than this, they are the rows of the grid."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell: its text and the class of its colour, or why it is masked."""

    text: str
    css: str = ""
    masked: Masked | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One answer (or measure) over the groups."""

    label: str
    marks: tuple[Mark, ...]
    base: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid ready to print; the first group is everybody. ``what`` says what the cells are."""

    what: str
    corner: str
    head: tuple[str, ...]
    rows: tuple[Series, ...]


def grid(table: SafeTable) -> Grid:
    """Return the grid of a crossed table, without the groups that did not see the question."""
    kept = [i for i, seen in enumerate(table.seen) if isinstance(seen, Masked) or seen > 0]
    groups = [_group(table.columns[i], at) for at, i in enumerate(kept)]
    found = [
        *_coloured(list(_series(table, kept))),
        Series("Répondants", _counts(table.answered, kept), base=True),
    ]
    if len(groups) <= max(MOST_COLUMNS, len(found)):
        return Grid(WHAT[table.chart], "Réponse", tuple(groups), tuple(found))
    turned = [
        Series(group, tuple(series.marks[at] for series in found))
        for at, group in enumerate(groups)
    ]
    head = tuple(series.label for series in found)
    return Grid(WHAT[table.chart], "Groupe", head, tuple(turned))


WHAT = {
    "bars": "en % des répondants de chaque groupe",
    "scale": "en % des répondants de chaque groupe qui expriment un avis",
    "matrix": "part des deux degrés les plus hauts, en % des avis exprimés de chaque groupe",
    "ranking": "part des répondants de chaque groupe qui classent la proposition",
    "histogram": "moyenne et médiane de chaque groupe",
    "dates": "en % des répondants de chaque groupe",
    "shares": "part moyenne de chaque groupe",
    "count": "répondants de chaque groupe",
}


def _coloured(series: list[Series]) -> list[Series]:
    """Give each share one of six blues, from the least of the grid to the most."""
    shares = [mark.share for each in series for mark in each.marks if mark.share is not None]
    if not shares:
        return series
    least, most = min(shares), max(shares)
    return [
        replace(each, marks=tuple(_blue(mark, least, most) for mark in each.marks))
        for each in series
    ]


def _blue(mark: Mark, least: float, most: float) -> Mark:
    return mark if mark.share is None else replace(mark, css=heat(mark.share, least, most))


def _group(column: Column, at: int) -> str:
    return "Ensemble" if at == 0 else column.label


def _series(table: SafeTable, kept: Sequence[int]) -> Iterator[Series]:
    if table.chart in ("bars", "scale", "dates"):
        for row in table.lines[0].rows:
            yield Series(row.label, _shares(row.shares, kept))
    elif table.chart in ("matrix", "ranking"):
        for line in table.lines:
            yield Series(line.label, _shares(line.top, kept))
    elif table.chart in ("histogram", "shares"):
        for line in table.lines:
            yield from _middles(line, kept)


def _middles(line: Line, kept: Sequence[int]) -> Iterator[Series]:
    named = f"{line.label}, " if line.label else ""
    yield Series(_capital(f"{named}moyenne"), _numbers(line.mean, kept))
    yield Series(_capital(f"{named}médiane"), _numbers(line.median, kept))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shares(shares: Sequence[Measure], kept: Sequence[int]) -> tuple[Mark, ...]:
    return tuple(_share(shares[i]) for i in kept)


def _share(share: Measure) -> Mark:
    if isinstance(share, Masked):
        return Mark("", "sup", share)
    return Mark("–", "n") if share is None else Mark(percent_fr(100 * share), share=share)


def _numbers(values: Sequence[Measure], kept: Sequence[int]) -> tuple[Mark, ...]:
    return tuple(_number(values[i]) for i in kept)


def _number(value: Measure) -> Mark:
    if isinstance(value, Masked):
        return Mark("", "sup", value)
    return Mark("–", "n") if value is None else Mark(write(significant(value, 4)))


def _counts(counts: Sequence[Count], kept: Sequence[int]) -> tuple[Mark, ...]:
    return tuple(_count(counts[i]) for i in kept)


def _count(count: Count) -> Mark:
    return Mark("", "sup", count) if isinstance(count, Masked) else Mark(number_fr(count), "n")
