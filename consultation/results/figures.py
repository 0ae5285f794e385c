"""What leaves the gate: figures that are shown, and figures that are masked with their reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Reason = Literal["frequence", "secondaire", "dominance"]
"""Why a figure is masked: too few units, to protect another one, or one unit makes it all."""

Audience = Literal["organiser", "public"]
Chart = Literal["bars", "scale", "matrix", "ranking", "histogram", "dates", "shares", "count"]


@dataclass(frozen=True, slots=True)
class Masked:
    """A figure that is not shown."""

    reason: Reason


Count = int | Masked
"""A number of respondents."""

Measure = float | Masked | None
"""A share (0 to 1), a mean or a median; ``None`` when there is nothing to compute it from."""


@dataclass(frozen=True, slots=True)
class Column:
    """The respondents a column is about: all those of the request, or one value of ``by``."""

    value: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One option, point, rank, class or year; per column a count, and its share of a base."""

    value: str
    label: str
    no_opinion: bool
    counts: tuple[Count, ...]
    shares: tuple[Measure, ...]
    bases: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What is tabulated: a question, or one statement, option or row of it (``value``).

    Per column: ``answered`` this line, ``expressed`` an opinion, ``mean`` and ``median`` without
    « no opinion », ``top`` the share of the two best points of a scale, or of those who ranked it.
    On a scale, shares are of those who expressed an opinion or, where that number is masked, of
    those who answered; elsewhere, of those who answered.
    """

    value: str
    label: str
    rows: tuple[Row, ...]
    answered: tuple[Count, ...]
    expressed: tuple[Count, ...]
    mean: tuple[Measure, ...] = ()
    median: tuple[Measure, ...] = ()
    top: tuple[Measure, ...] = ()

    @property
    def weight(self) -> float:
        """What lines are sorted by: the share ``top`` of everybody, nothing when masked."""
        first = self.top[0] if self.top else None
        return first if isinstance(first, float) else -1.0


@dataclass(frozen=True, slots=True)
class Association:
    """Pearson's chi-square of a cross table, its p-value and Cramér's V."""

    chi_square: float
    freedom: int
    p: float
    v: float


@dataclass(frozen=True, slots=True)
class SafeTable:
    """A table that its audience may see, whole.

    ``columns`` starts with all the respondents of the request; ``seen`` is the base n, the people
    who saw the question, per column.
    """

    key: str
    number: int
    section: int
    kind: str
    chart: Chart
    label: str
    unit: str
    by: str | None
    columns: tuple[Column, ...]
    seen: tuple[Count, ...]
    answered: tuple[Count, ...]
    lines: tuple[Line, ...]
    association: Association | None = None
    verbatim: bool = False

    def figures(self) -> Iterator[Count | Measure]:
        """Yield every figure, shown or masked."""
        yield from self.seen
        yield from self.answered
        for line in self.lines:
            for group in (line.answered, line.expressed, line.mean, line.median, line.top):
                yield from group
            for row in line.rows:
                yield from row.counts
                yield from row.shares

    @property
    def masked(self) -> frozenset[Reason]:
        """The reasons that mask something in the table."""
        return frozenset(f.reason for f in self.figures() if isinstance(f, Masked))

    @property
    def too_few(self) -> bool:
        """Whether the request holds so few respondents that nothing at all is shown."""
        return isinstance(self.seen[0], Masked)


@dataclass(frozen=True, slots=True)
class TableRequest:
    """What is asked of the gate.

    ``by`` crosses the question with a breakdown of the questionnaire; ``filters`` keeps the
    respondents who gave these values to breakdowns.
    """

    consultation: Any
    question: str
    by: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    audience: Audience = "organiser"


class RefusedRequestError(Exception):
    """The request cannot be answered; the message is a French sentence for the person."""
