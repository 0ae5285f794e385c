"""Classes of numbers are few, round, and hold everybody once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consultation.results.bins import MOST_CLASSES, Bins, bins, merged
from consultation.results.labels import bin_rows
from consultation.results.questions import Question

numbers = st.lists(st.floats(-1e6, 1e9, allow_nan=False), min_size=1, max_size=80)


def question(kind: str = "number", whole: bool = False, unit: str = "€") -> Question:
    return Question("combien", 1, 1, kind, "histogram", "Combien ?", unit=unit, whole=whole)


@given(numbers, st.booleans())
@example([0.0, 4.9e-93], False)
@example([1e9, 1e9 + 1e-7], False)
def test_everybody_is_in_one_class(values: list[float], whole: bool) -> None:
    known = np.round(np.array(values)) if whole else np.array(values)
    found = bins(known, whole)
    places = found.place(known)
    assert ((places >= 0) & (places < len(found))).all()
    assert len(found) <= 2 * MOST_CLASSES + 2
    assert list(found.edges) == sorted(set(found.edges))
    for value, place in zip(known, places, strict=True):
        low, high = found.edges[place], found.edges[place + 1]
        assert value >= low or (place == 0 and found.low_open)
        assert value <= high or (place == len(found) - 1 and found.high_open)


def test_whoever_gave_no_number_is_in_no_class() -> None:
    assert bins(np.array([1.0, np.nan, 40.0]), True).place(np.array([np.nan])).tolist() == [-1]


def test_nobody_makes_no_class() -> None:
    assert len(bins(np.array([np.nan]), False)) == 0


def test_few_whole_numbers_keep_a_class_each() -> None:
    found = bins(np.array([2.0, 3.0, 3.0, 5.0]), True)
    assert [c.label for c in bin_rows(found, question(whole=True, unit="pôles"))] == [
        "2\u00a0pôles", "3\u00a0pôles", "4\u00a0pôles", "5\u00a0pôles",
    ]  # fmt: skip


def test_percentages_go_by_ten() -> None:
    found = bins(np.arange(0, 101, dtype=float), False)
    assert found.edges[:3] == (0.0, 10.0, 20.0)


def test_amounts_over_orders_of_magnitude_are_not_all_in_one_class() -> None:
    values = np.concatenate([np.full(50, 80.0), np.full(40, 900.0), np.full(10, 60_000.0)])
    found = bins(values, False)
    assert len(set(found.place(values).tolist())) == 3


@pytest.mark.parametrize(
    ("edges", "kind", "whole", "labels"),
    [
        ((10.0, 20.0, 30.0), "number", False, ["Moins de 20\u00a0€", "20\u00a0€ et plus"]),
        ((2005.0, 2008.0, 2009.0), "date", True, ["De 2005 à 2007", "2008"]),
    ],
)
def test_classes_are_said_in_french(
    edges: tuple[float, ...], kind: str, whole: bool, labels: list[str]
) -> None:
    open_ends = kind == "number"
    found = Bins(edges, single=whole, low_open=open_ends, high_open=open_ends)
    assert [choice.label for choice in bin_rows(found, question(kind, whole))] == labels


def test_a_class_too_small_joins_its_smaller_neighbour() -> None:
    found = Bins((0.0, 1.0, 2.0, 3.0), single=False)
    counts, safe = np.array([50, 2, 20]), np.array([True, False, True])
    assert merged(found, counts, safe).edges == (0.0, 1.0, 3.0)
    assert merged(found, counts, np.array([True, True, True])) == found
