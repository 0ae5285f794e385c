"""A reader who computes: by subtraction, by another filter, with a solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultation.results.disclosure.cells import (
    ANSWERED,
    DOMINANCE,
    FREQUENCY,
    SECONDARY,
    Counts,
    Participation,
    Thresholds,
)
from consultation.results.disclosure.lattice import Move
from consultation.results.disclosure.protect import can_follow, protect
from consultation.results.disclosure.table import Protected, Table
from tests.results.disclosure.worlds import Reader, counts, secrets

DEFAULT = Thresholds()


def masked(values: list[list[int]], persons: int = 0) -> Protected:
    """Protect a table of options by groups, everybody answering."""
    array = np.array(values)
    everybody = protect(
        Table(counts(array.sum(axis=0), 1, array.sum(axis=0) * persons), 0, DEFAULT)
    )
    return protect(Table(counts(array, 1, array * persons), 1, DEFAULT, everybody))


def test_two_companies_are_masked_and_three_are_shown() -> None:
    shown = masked([[2, 30, 30], [30, 3, 30], [30, 30, 30]])
    assert shown.reasons[0, 0] == FREQUENCY
    assert shown.reasons[1, 1] == 0


def test_one_small_cell_forces_three_more_in_a_table_with_totals() -> None:
    shown = masked([[2, 30, 30], [30, 40, 30], [30, 30, 50]])
    assert (shown.reasons == FREQUENCY).sum() == 1
    assert (shown.reasons == SECONDARY).sum() >= 3
    assert (shown.hidden.sum(axis=0) != 1).all()
    assert (shown.hidden.sum(axis=1) != 1).all()


def test_a_group_too_small_hides_its_empty_options_too() -> None:
    shown = masked([[2, 30, 30], [0, 40, 30], [0, 30, 50]])
    assert shown.hidden[:, 0].all()


def test_three_who_all_differ_are_not_known_one_by_one() -> None:
    """Zeroes shown beside three masked ones would say « one each »."""
    shown = masked([[1, 40, 30], [1, 30, 50], [1, 20, 60], [0, 30, 30]])
    assert shown.hidden[:, 0].all()


def test_nothing_is_shown_of_a_consultation_of_two() -> None:
    everybody = protect(Table(counts(np.array([1, 1]), 1), 0, DEFAULT))
    shown = protect(Table(counts(np.array([[1, 0], [0, 1]]), 1), 1, DEFAULT, everybody))
    assert everybody.hidden.all()
    assert shown.hidden.all()


def test_an_empty_consultation_shows_zeroes() -> None:
    shown = masked([[0, 0], [0, 0]])
    assert not shown.hidden.any()


@dataclass
class Survey:
    """Everybody by two breakdowns, who answered a question, and what."""

    everybody: Counts
    participation: Counts
    options: Counts


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """Respondents of a few types and regions; some types do not see the question."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    types, regions, options = (draw(st.integers(*ends)) for ends in ((2, 4), (1, 3), (2, 4)))
    size = draw(st.sampled_from([4, 15, 40, 120, 600]))
    kind = rng.choice(types, size, p=rng.dirichlet(np.ones(types)))
    region = rng.choice(regions, size, p=rng.dirichlet(np.ones(regions)))
    answer = rng.choice(options, size, p=rng.dirichlet(np.ones(options)))
    sees, individual = rng.random(types) < 0.8, rng.random(types) < 0.3
    status = np.where(sees[kind], np.where(rng.random(size) < 0.9, ANSWERED, 1), 0)
    everybody = np.zeros((types, regions), dtype=int)
    np.add.at(everybody, (kind, region), 1)
    took_part = np.zeros((3, types, regions), dtype=int)
    np.add.at(took_part, (status, kind, region), 1)
    chose = np.zeros((options, types, regions), dtype=int)
    said = status == ANSWERED
    np.add.at(chose, (answer[said], kind[said], region[said]), 1)
    by_person = individual[:, None]
    part = counts(took_part, 2, took_part * by_person)
    return Survey(
        counts(everybody, 2, everybody * by_person),
        Participation(part.n, part.units, part.persons, part.repeated),
        counts(chose, 2, chose * by_person),
    )


def answers_follow(options: Table, move: Move) -> bool:
    answered = move.places[:, 0] == ANSWERED
    part = Move(move.places[answered, 1:], move.signs[answered])
    return not answered.any() or can_follow(options, part)


@given(surveys())
@settings(max_examples=60)
def test_no_solver_finds_the_number_of_a_small_group(survey: Survey) -> None:
    options = Table(survey.options, 1, DEFAULT)
    took_part = Table(survey.participation, 1, DEFAULT, veiled=False)
    root = protect(
        Table(
            survey.everybody,
            0,
            DEFAULT,
            accepts=lambda move: can_follow(took_part, move) and can_follow(options, move),
        )
    )
    part = protect(
        Table(
            survey.participation,
            1,
            DEFAULT,
            root,
            veiled=False,
            accepts=lambda move: answers_follow(options, move),
        )
    )
    answered = part.of(ANSWERED)
    shown = protect(Table(survey.options, 1, DEFAULT, answered))

    reader = Reader(DEFAULT)
    n0 = reader.learn(survey.everybody, root, 0, root=root.closed)
    n1 = reader.learn(survey.participation, part, 1, n0, root, root.closed)
    n2 = reader.learn(survey.options, shown, 1, n1[ANSWERED], answered, root.closed)
    for cells, result, unknowns, categories in (
        (survey.everybody, root, n0, 0),
        (survey.participation, part, n1, 1),
        (survey.options, shown, n2, 1),
    ):
        for place in secrets(cells, result, DEFAULT, categories, root.closed):
            assert result.hidden[place]
            least, most = reader.interval(int(unknowns[place]))
            assert most - least >= 1 - 1e-6, (place, cells.n[place])


@given(surveys())
@settings(max_examples=60)
def test_masked_cells_of_a_line_are_enough_together(survey: Survey) -> None:
    chose = survey.options
    together = Counts(*(getattr(chose, name).sum(axis=0) for name in Counts.__slots__))
    root = protect(Table(together, 0, DEFAULT))
    shown = protect(Table(chose, 1, DEFAULT, root))
    for cells, result, first in ((together, root, 0), (chose, shown, 1)):
        for axis in range(first, cells.n.ndim):
            inside = (slice(None),) * axis + (slice(0, -1),)
            sums = np.where(result.hidden[inside], cells.n[inside], 0).sum(axis)
            people = np.where(result.hidden[inside], cells.persons[inside], 0).sum(axis)
            total_known = ~result.hidden[(slice(None),) * axis + (-1,)]
            needed = np.where(people > 0, DEFAULT.individuals, DEFAULT.organisations)
            assert ((sums == 0) | (sums >= needed) | ~total_known).all()


@pytest.mark.parametrize("size", [300, 3000])
def test_the_price_of_secrecy_stays_bearable(size: int) -> None:
    """Twenty-one types by twenty regions: what everybody said stays readable."""
    rng = np.random.default_rng(7)
    kind = rng.choice(21, size, p=rng.dirichlet(np.ones(21)))
    region = rng.choice(20, size, p=rng.dirichlet(np.ones(20)))
    answer = rng.choice(5, size, p=[0.1, 0.2, 0.4, 0.2, 0.1])
    everybody = np.zeros((21, 20), dtype=int)
    np.add.at(everybody, (kind, region), 1)
    chose = np.zeros((5, 21, 20), dtype=int)
    np.add.at(chose, (answer, kind, region), 1)
    options = Table(counts(chose, 2), 1, DEFAULT)
    root = protect(
        Table(counts(everybody, 2), 0, DEFAULT, accepts=lambda m: can_follow(options, m))
    )
    shown = protect(Table(counts(chose, 2), 1, DEFAULT, root))
    assert not shown.hidden[:, -1, -1].any()
    by_kind = counts(chose, 2).n[:, :-1, -1]
    assert by_kind[~shown.hidden[:, :-1, -1]].sum() > by_kind.sum() * (0.5 if size == 300 else 0.8)


def test_the_codes_of_the_reasons_are_distinct() -> None:
    assert len({0, FREQUENCY, SECONDARY, DOMINANCE}) == 4
