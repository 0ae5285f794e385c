"""Draws stay within what a question allows, whatever the leanings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siret as official

from consultation.demo import draws
from consultation.demo.registry import siret

SEEDS = st.integers(0, 2**32)


@given(SEEDS, st.floats(0, 6))
def test_shares_are_whole_percents_that_total_one_hundred(seed: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    given = draws.shares(rng, rng.normal(0, spread, (50, 3)))
    assert (given.sum(axis=1) == 100).all()
    assert (given >= 0).all()


@given(SEEDS)
def test_points_stay_on_the_scale_or_say_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = draws.points(rng, rng.normal(0, 3, (80, 4)), [-1.0, 0.0, 1.0], 0.2)
    assert set(np.unique(points)) <= {0, 1, 2, 3, 4}


@given(SEEDS)
def test_a_ranking_names_each_option_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    order = draws.ranked(rng, rng.normal(0, 1, (30, 6)))
    assert (np.sort(order, axis=1) == np.arange(6)).all()


@given(SEEDS)
def test_as_many_options_are_chosen_as_was_drawn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = draws.sizes(rng, 40, [50, 30, 20])
    chosen = draws.first(draws.ranked(rng, np.zeros((40, 5))), sizes)
    assert (chosen.sum(axis=1) == sizes).all()


def test_who_leans_to_an_option_chooses_it_more() -> None:
    rng = np.random.default_rng(1)
    scores = np.zeros((4000, 3))
    scores[:, 2] = 1.5
    chosen = np.bincount(draws.one(rng, scores), minlength=3)
    assert chosen[2] > 2 * chosen[0]


@given(st.integers(0, 9_999_999))
def test_a_siret_has_the_right_key_and_is_given_to_nobody(number: int) -> None:
    assert official.is_valid(siret(number))
    assert siret(number).startswith("0")


@given(st.sets(st.integers(0, 9_999_999), min_size=2, max_size=20))
def test_each_organisation_has_its_own_siren(numbers: set[int]) -> None:
    assert len({siret(number)[:9] for number in numbers}) == len(numbers)


def test_there_are_ten_million_numbers_and_no_more() -> None:
    with pytest.raises(ValueError, match="ten million"):
        siret(10_000_000)
