"""A cell is shown when nobody is in it, or enough distinct units."""

from __future__ import annotations

import numpy as np
import pytest

from consultation.results.disclosure.cells import Counts, Thresholds

DEFAULT = Thresholds()


def one(n: int, units: int, persons: int, repeated: int = 0) -> Counts:
    return Counts(*(np.array([v]) for v in (n, units, persons, repeated)))


@pytest.mark.parametrize(
    ("n", "units", "persons", "shown"),
    [
        (0, 0, 0, True),
        (1, 1, 0, False),
        (2, 2, 0, False),
        (3, 3, 0, True),
        (10, 10, 10, False),
        (11, 11, 11, True),
        (10, 10, 1, False),  # one person among nine organisations: the rule of persons
        (3, 1, 0, False),  # three submissions of one SIREN
    ],
)
def test_nadia_is_not_alone_in_a_cell(n: int, units: int, persons: int, shown: bool) -> None:
    assert bool(one(n, units, persons).safe(DEFAULT)[0]) is shown


def test_a_consultation_may_ask_for_more() -> None:
    assert not one(4, 4, 0).safe(Thresholds(organisations=5))[0]


def test_a_unit_in_two_cells_counts_once_in_their_union() -> None:
    two = Counts(*(np.array(v) for v in ([2, 2], [2, 2], [0, 0], [1, 1])))
    both = np.array([True, True])
    # two units seen once each, and a third one that may be the same in both cells
    assert not two.union_unsafe(both, 0, DEFAULT)
    assert two.union_unsafe(both, 0, Thresholds(organisations=4))


def test_what_a_reader_knows_from_the_reason() -> None:
    cells = Counts(*(np.array(v) for v in ([2, 40], [2, 40], [0, 40], [0, 0])))
    lower, upper = cells.bounds(DEFAULT)
    assert lower.tolist() == [1, 11]
    assert upper.tolist() == [2, np.inf]
