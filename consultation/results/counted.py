"""What counting gives: for each question, how many took part and how many by category."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from consultation.results.bins import Bins
from consultation.results.disclosure.amounts import Amounts
from consultation.results.disclosure.cells import Counts, PartlyQuiet, Real


@dataclass
class Values:
    """Numbers answered, per place of the breakdowns: the median, and what makes the mean."""

    median: Real
    amounts: Amounts


@dataclass
class CountedQuestion:
    """The tables of a question; every array ends with the axes of the breakdowns.

    ``tables``: one per line (options of a multiple choice: chosen or not); ``values``: one per
    line of numbers; ``bins``: the classes of the table of a number or a date.
    """

    participation: PartlyQuiet
    tables: list[Counts] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)
    bins: Bins | None = None


@dataclass
class Counted:
    """A whole consultation, counted."""

    everybody: Counts
    questions: dict[str, CountedQuestion]


def total(counts: Counts) -> int:
    """Return the number of submissions of a table of everybody."""
    return int(np.asarray(counts.n)[(-1,) * counts.n.ndim])
