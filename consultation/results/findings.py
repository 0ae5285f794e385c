"""The title of a chart: what it finds when that is clear, in French. Pure.

Clear: Wilson's intervals of the first and of the second do not meet, so that another draw of
respondents would hardly say otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from consultation.questionnaires.kinds.number import write
from consultation.results.figures import Line, Masked, Row, SafeTable
from consultation.results.statistics import significant, wilson
from consultation.web.typography import NBSP, percent_fr

FEWEST = 30
"""Fewer respondents found nothing."""

LONGEST = 90
"""A title that quotes more characters is no title."""


def finding(table: SafeTable) -> str | None:
    """Return what the first column of a table finds; ``None`` when nothing is clear."""
    n = table.answered[0]
    if isinstance(n, Masked) or n < FEWEST:
        return None
    how = {
        "bars": _most_given,
        "scale": _agreed,
        "matrix": _most_agreed,
        "ranking": _first_ranked,
        "histogram": _middle,
        "dates": _middle,
    }.get(table.chart)
    found = how(table) if how else None
    return found if found and len(found) <= LONGEST + 40 else None


def _most_given(table: SafeTable) -> str | None:
    rows = sorted(_shown(table.lines[0].rows), key=lambda row: -_count(row))
    if not rows or not _ahead(rows, table.lines[0]):
        return None
    words = "est la réponse la plus citée" if table.kind == "multiple" else "arrive en tête"
    return f"{_quoted(rows[0].label)} {words}, {_percent(rows[0].shares[0])}"


def _ahead(rows: Sequence[Row], line: Line) -> bool:
    """Say whether the first is given by clearly more people than the second."""
    base = line.answered[0]
    if isinstance(base, Masked) or any(isinstance(row.counts[0], Masked) for row in line.rows):
        return False
    first = wilson(_count(rows[0]), base)
    second = wilson(_count(rows[1]), base) if len(rows) > 1 else (0.0, 0.0)
    return first is not None and second is not None and first[0] > second[1]


def _agreed(table: SafeTable) -> str | None:
    line = table.lines[0]
    points = [row for row in line.rows if not row.no_opinion]
    top, base = line.top[0], line.expressed[0]
    if not isinstance(top, float) or isinstance(base, Masked) or len(points) < 2:
        return None
    interval = wilson(round(top * base), base)
    ends = f"{_quoted(points[-2].label)} ou {_quoted(points[-1].label)}"
    if interval and interval[0] > 0.5:
        return f"{_percent(top).capitalize()} répondent {ends}"
    if interval and interval[1] < 0.5:
        return f"Moins de la moitié répond {ends}{NBSP}: {_percent(top)}"
    return None


def _most_agreed(table: SafeTable) -> str | None:
    known = [line for line in table.lines if isinstance(line.top[0], float)]
    best = max(known, key=lambda line: line.weight, default=None)
    if best is None or len(known) < 2:
        return None
    points = [_quoted(row.label) for row in best.rows if not row.no_opinion]
    words = f"{_quoted(best.label)} vient en premier"
    said = f"{words}{NBSP}: {_percent(best.top[0])} répondent {' ou '.join(points[-2:])}"
    return said if len(said) <= LONGEST + 40 else f"{words}, {_percent(best.top[0])}"


def _first_ranked(table: SafeTable) -> str | None:
    firsts = [(line, line.rows[0]) for line in table.lines if line.rows]
    if any(isinstance(row.counts[0], Masked) for _, row in firsts):
        return None
    firsts.sort(key=lambda pair: -_count(pair[1]))
    if len(firsts) < 2 or not _ahead([row for _, row in firsts], firsts[0][0]):
        return None
    line, row = firsts[0]
    return f"{_quoted(line.label)} est le premier choix, {_percent(row.shares[0])}"


def _middle(table: SafeTable) -> str | None:
    line = table.lines[0]
    median = line.median[0] if line.median else None
    if not isinstance(median, float):
        return None
    if table.chart == "dates":
        return f"La moitié répond {int(median)} ou avant"
    value = f"{write(significant(median, 4))}{NBSP}{table.unit}".strip()
    return f"La moitié répond {value} ou moins"


def _shown(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not isinstance(row.counts[0], Masked)]


def _count(row: Row) -> int:
    count = row.counts[0]
    return 0 if isinstance(count, Masked) else count


def _percent(share: object) -> str:
    return percent_fr(100 * share) if isinstance(share, float) else ""


def _quoted(label: str) -> str:
    return f"«{NBSP}{label}{NBSP}»"
