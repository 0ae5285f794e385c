"""Our statistics are those of other people's libraries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import gammaincc
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association as cramer
from statsmodels.stats.proportion import proportion_confint

from consultation.results import statistics

tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 60), min_size=width, max_size=width), min_size=2, max_size=6
    )
)


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_intervals(case: tuple[int, int]) -> None:
    successes, n = case
    assert statistics.wilson(successes, n) == pytest.approx(
        proportion_confint(successes, n, method="wilson"), abs=1e-12
    )


def test_nobody_has_no_interval() -> None:
    assert statistics.wilson(0, 0) is None


@given(tables)
def test_chi_square_and_its_probability(table: list[list[int]]) -> None:
    counts = np.array(table)
    assume((counts.sum(axis=0) > 0).all() and (counts.sum(axis=1) > 0).all())
    found = statistics.association(table)
    expected = chi2_contingency(counts, correction=False)
    assert found is not None
    assert found.chi_square == pytest.approx(expected.statistic, abs=1e-9)
    assert found.freedom == expected.dof
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-14)
    assert found.v == pytest.approx(cramer(counts, method="cramer"), abs=1e-9)


@given(st.floats(0.5, 300), st.floats(0, 2000))
def test_the_incomplete_gamma_function(a: float, x: float) -> None:
    assert statistics.upper_gamma(a, x) == pytest.approx(gammaincc(a, x), rel=1e-8, abs=1e-13)


@pytest.mark.parametrize("table", [[], [[1, 2]], [[1], [2]], [[0, 0], [0, 0]], [[1, 2], [0, 0]]])
def test_a_table_of_one_row_says_nothing(table: list[list[int]]) -> None:
    assert statistics.association(table) is None


@given(st.lists(st.integers(0, 20), min_size=5, max_size=5))
def test_mean_and_median_of_a_scale(counts: list[int]) -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    said = np.repeat(values, counts)
    if not len(said):
        assert statistics.mean(values, counts) is None
        assert statistics.median(values, counts) is None
        return
    assert statistics.mean(values, counts) == pytest.approx(said.mean())
    assert statistics.median(values, counts) == np.median(said)


@pytest.mark.parametrize(("number", "said"), [(1234.5, 1230.0), (0.0, 0.0), (-5678, -5680.0)])
def test_three_significant_digits(number: float, said: float) -> None:
    assert statistics.significant(number) == said
