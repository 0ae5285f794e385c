"""A table cut out of the protected arrays: the only place where masks meet counts. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from consultation.results import statistics
from consultation.results.counted import Counted, CountedQuestion
from consultation.results.disclosure.cells import ANSWERED, NOT_ANSWERED, NOT_SEEN, Whole
from consultation.results.figures import (
    Association,
    Column,
    Count,
    Line,
    Masked,
    Measure,
    Row,
    SafeTable,
)
from consultation.results.gate import GatedQuestion
from consultation.results.labels import bin_rows
from consultation.results.lines import opinions, over, row_of, with_scale
from consultation.results.masked import REASONS, Place, added, figure, share, subtracted
from consultation.results.questions import Choice, Plan, Question


@dataclass(frozen=True)
class View:
    """A question seen at some places of the breakdowns, a column each."""

    plan: Plan
    question: Question
    counted: Counted
    everybody: Whole
    own: CountedQuestion
    masks: GatedQuestion
    places: Sequence[Place]

    def table(self, by: str | None, columns: tuple[Column, ...]) -> SafeTable:
        """Return the table whole."""
        seen, answered = self._each(self._seen), self._each(self._answered)
        question = self.question
        lines = tuple(self._lines())
        return SafeTable(
            key=question.key,
            number=question.number,
            section=question.section,
            kind=question.kind,
            chart=question.chart,
            label=question.label,
            unit=question.unit,
            by=by,
            columns=columns,
            seen=seen,
            answered=answered,
            lines=lines,
            association=self._association(lines) if by else None,
            verbatim=question.verbatim,
        )

    def _category(self, n: Whole, hidden: Whole, category: int) -> tuple[Count, ...]:
        return tuple(figure(n, hidden, (category, *place)) for place in self.places)

    def _each(self, figure: Callable[[Place], Any]) -> tuple[Any, ...]:
        return tuple(figure(place) for place in self.places)

    # --- participation -----------------------------------------------------------------------

    def _seen(self, place: Place) -> Count:
        """Everybody but those who did not see it, or those who answered and those who did not."""
        n, hidden = self.own.participation.n, self.masks.participation
        unseen = figure(n, hidden, (NOT_SEEN, *place))
        everybody = figure(self.counted.everybody.n, self.everybody, place)
        if not isinstance(everybody, Masked) and not isinstance(unseen, Masked):
            return everybody - unseen
        parts = [figure(n, hidden, (state, *place)) for state in (NOT_ANSWERED, ANSWERED)]
        return added(parts)

    def _answered(self, place: Place) -> Count:
        return figure(self.own.participation.n, self.masks.participation, (ANSWERED, *place))

    # --- details -----------------------------------------------------------------------------

    def _lines(self) -> list[Line]:
        kind = self.question.kind
        if self.plan.is_breakdown(self.question.key):
            return [self._groups()]
        if kind in ("single", "scale"):
            return [self._options(0, "", "", self.question.choices)]
        if kind == "matrix":
            choices = self.question.choices
            lines = enumerate(self.question.lines)
            return [self._options(i, line.value, line.label, choices) for i, line in lines]
        if kind == "multiple":
            return [self._chosen()]
        if kind == "ranking":
            return [self._ranked(i, choice) for i, choice in enumerate(self.question.choices)]
        if kind in ("number", "date"):
            return [self._numbers()]
        if kind == "allocation":
            return [self._shares(i, line) for i, line in enumerate(self.question.lines)]
        return []

    def _groups(self) -> Line:
        """The options of a breakdown are groups of everybody."""
        axis = self.plan.breakdown(self.question.key)
        total = self.plan.shape[axis] - 1
        rows = []
        answered = self._each(self._answered)
        for option, choice in enumerate(self.question.choices):
            counts: list[Count] = []
            for place in self.places:
                if place[axis] not in (total, option):
                    counts.append(0)
                    continue
                group = (*place[:axis], option, *place[axis + 1 :])
                counts.append(figure(self.counted.everybody.n, self.everybody, group))
            rows.append(row_of(choice, tuple(counts), answered))
        return Line("", "", tuple(rows), answered, answered)

    def _options(self, table: int, value: str, label: str, choices: Sequence[Choice]) -> Line:
        n, hidden = self.own.tables[table].n, self.masks.tables[table]
        counts = [self._category(n, hidden, option) for option in range(len(choices))]
        answered = self._each(self._answered)
        if len(n) > len(choices):  # a line of a matrix may be left without an answer
            left = self._category(n, hidden, len(choices))
            answered = tuple(map(subtracted, answered, ([each] for each in left)))
        silent = [counts[i] for i, choice in enumerate(choices) if choice.no_opinion]
        expressed = tuple(
            subtracted(base, [each[column] for each in silent])
            for column, base in enumerate(answered)
        )
        scale = self.question.kind in ("scale", "matrix")
        bases = opinions(expressed, answered) if scale else answered
        rows = tuple(
            row_of(choice, counts[i], answered if choice.no_opinion else bases)
            for i, choice in enumerate(choices)
        )
        line = Line(value, label, rows, answered, expressed)
        return with_scale(line, bases) if scale else line

    def _chosen(self) -> Line:
        answered = self._each(self._answered)
        rows = []
        for option, choice in enumerate(self.question.choices):
            n, hidden = self.own.tables[option].n, self.masks.tables[option]
            rows.append(row_of(choice, self._category(n, hidden, 0), answered))
        return Line("", "", tuple(rows), answered, answered)

    def _ranked(self, option: int, choice: Choice) -> Line:
        n, hidden, ranks = self.own.tables[0].n, self.masks.tables[0], self.question.ranks
        answered = self._each(self._answered)
        counts = [
            tuple(figure(n, hidden, (option, rank, *place)) for place in self.places)
            for rank in range(ranks + 1)
        ]
        ranked = tuple(map(subtracted, answered, ([each] for each in counts[ranks])))
        rows = tuple(
            row_of(Choice(str(rank + 1), f"Rang {rank + 1}"), counts[rank], answered)
            for rank in range(ranks)
        )
        line = Line(choice.value, choice.label, rows, answered, ranked)
        positions = [float(rank + 1) for rank in range(ranks)]
        means = over(line, positions, statistics.mean)
        top = tuple(map(share, ranked, answered))
        return Line(line.value, line.label, rows, answered, ranked, means, (), top)

    def _numbers(self) -> Line:
        bins = self.own.bins
        answered = self._each(self._answered)
        n, hidden = self.own.tables[0].n, self.masks.tables[0]
        rows = tuple(
            row_of(choice, self._category(n, hidden, at), answered)
            for at, choice in enumerate(bin_rows(bins, self.question) if bins else ())
        )
        narrow = bins is not None and bins.single
        mean, median = self._middle(0, answered, rows if narrow else ())
        if self.question.kind == "date":
            mean = ()
        return Line("", "", rows, answered, answered, mean, median)

    def _shares(self, at: int, line: Choice) -> Line:
        answered = self._each(self._answered)
        mean, median = self._middle(at, answered, ())
        return Line(line.value, line.label, (), answered, answered, mean, median)

    def _middle(
        self, line: int, answered: tuple[Count, ...], rows: Sequence[Row]
    ) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
        """Return means and medians, masked with what they would give back.

        ``rows`` hold one value each: with a mean, the one that is masked could be computed.
        """
        values, hidden = self.own.values[line], self.masks.values[line]
        means: list[Measure] = []
        medians: list[Measure] = []
        for column, place in enumerate(self.places):
            n, code = answered[column], int(hidden[place])
            masked = [row.counts[column] for row in rows if isinstance(row.counts[column], Masked)]
            if isinstance(n, Masked) or code or masked:
                reason = n if isinstance(n, Masked) else Masked(REASONS[code or 2])
                means.append(reason)
                medians.append(reason)
            else:
                means.append(float(values.amounts.sum[place]) / n if n else None)
                medians.append(self._median(float(values.median[place])))
        return tuple(means), tuple(medians)

    def _median(self, found: float) -> Measure:
        if math.isnan(found):
            return None
        # A median is what somebody answered: an amount is rounded to say it of nobody.
        return statistics.significant(found, 2) if self.question.sensitive else found

    def _association(self, lines: Sequence[Line]) -> Association | None:
        """Return the chi-square of the options by the columns; ``None`` when one is masked."""
        if self.question.kind not in ("single", "scale") or len(lines) != 1:
            return None
        counts: list[list[int]] = []
        for row in lines[0].rows:
            known = [count for count in row.counts[1:] if not isinstance(count, Masked)]
            if len(known) < len(row.counts) - 1:
                return None
            if not row.no_opinion:
                counts.append(known)
        return statistics.association(counts)
