"""A reader who computes: by subtraction, by another filter, with a solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.results.counted import Counted, CountedQuestion
from consultation.results.disclosure.cells import (
    ANSWERED,
    DOMINANCE,
    FREQUENCY,
    SECONDARY,
    Counts,
    Thresholds,
    quieted,
)
from consultation.results.disclosure.followers import Followers
from consultation.results.disclosure.protect import protect
from consultation.results.disclosure.table import Protected, Table
from consultation.results.gate import Gate
from consultation.results.links import Link
from consultation.results.questions import Breakdown, Choice, Plan, Question
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
    """Respondents of a few types and regions; who sees the second question depends on the first.

    ``answers[q]``: the option chosen by each respondent, -1 not seen, -2 not answered.
    """

    kind: np.ndarray
    region: np.ndarray
    individual: np.ndarray
    answers: dict[str, np.ndarray]
    plan: Plan
    opens: np.ndarray

    def table(self, rows: np.ndarray, category: np.ndarray, width: int) -> Counts:
        """Count rows by category, type and region; the last group of each axis is empty."""
        shape = (width, *(size - 1 for size in self.plan.shape))
        where = category[rows], self.kind[rows], self.region[rows]
        cells, persons = np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)
        np.add.at(cells, where, 1)
        np.add.at(persons, where, self.individual[rows].astype(int))
        return counts(cells, 2, persons)

    def counted(self) -> Counted:
        everyone = np.ones(len(self.kind), dtype=bool)
        everybody = self.table(everyone, np.zeros(len(self.kind), dtype=int), 1)
        questions = {}
        for key, answer in self.answers.items():
            status = np.where(answer == -2, 1, np.where(answer == -1, 0, ANSWERED))
            took_part = quieted(self.table(everyone, status, 3), 0, 1)
            width = len(self.plan.questions[key].choices)
            questions[key] = CountedQuestion(took_part, [self.table(answer >= 0, answer, width)])
        return Counted(everybody[0], questions)


def question(key: str, number: int, options: int) -> Question:
    choices = tuple(Choice(str(o), f"Option {o}") for o in range(options))
    return Question(key, number, 1, "single", "bars", key, choices)


def survey(seed: int) -> Survey:
    """Draw a survey."""
    rng = np.random.default_rng(seed)
    types, regions, first, second = (
        int(rng.integers(*ends)) for ends in ((2, 5), (1, 4), (2, 5), (2, 4))
    )
    size = int(rng.choice([4, 15, 40, 120, 600]))
    kind = rng.choice(types, size, p=rng.dirichlet(np.ones(types)))
    region = rng.choice(regions, size, p=rng.dirichlet(np.ones(regions)))
    sees = (rng.random(types) < 0.8)[kind]
    trigger = np.where(sees, rng.choice(first, size, p=rng.dirichlet(np.ones(first))), -1)
    trigger[sees & (rng.random(size) < 0.1)] = -2
    opening = rng.random(first) < 0.5
    follows = (trigger >= 0) & opening[trigger]
    dependent = np.where(follows, rng.choice(second, size, p=rng.dirichlet(np.ones(second))), -1)
    breakdowns = tuple(
        Breakdown(key, key, tuple(Choice(str(i), str(i)) for i in range(n)))
        for key, n in (("type", types), ("region", regions))
    )
    questions = {"first": question("first", 1, first), "second": question("second", 2, second)}
    plan = Plan(breakdowns, questions, (Choice("1", "Partie"),))
    opens = np.broadcast_to(opening[:, None, None], (first, types + 2, regions + 2))
    individual = (rng.random(types) < 0.3)[kind]
    answers = {"first": trigger, "second": dependent}
    return Survey(kind, region, individual, answers, plan, opens)


surveys = st.integers(0, 2**32 - 1)


@given(surveys)
def test_no_solver_finds_the_number_of_a_small_group(seed: int) -> None:
    """Everybody, two questions, and that the second is asked to some of the first: all at once."""
    for place, least, most in known_cells(survey(seed)):
        raise AssertionError(f"survey {seed}: {place} is between {least} and {most}")


def known_cells(survey: Survey) -> Iterator[tuple[object, float, float]]:
    """Yield the secret cells that a reader with a solver finds."""
    counted = survey.counted()
    gate = Gate(survey.plan, counted, DEFAULT, {"second": [Link("first", 0, survey.opens)]})
    reader, root = Reader(DEFAULT), gate.everybody
    everybody = reader.learn(counted.everybody, root, 0, root=root.closed)
    asked = [(counted.everybody, root, everybody, 0)]
    for key in survey.answers:
        cells, part = counted.questions[key], gate.participation(key)
        numbers = reader.learn(cells.participation, part, 1, everybody, root, root.closed)
        answered, shown = part.of(ANSWERED), gate.tables(key)[0]
        level = shown.closed if shown.closed <= 1 else root.closed
        options = reader.learn(cells.tables[0], shown, 1, numbers[ANSWERED], answered, level)
        asked += [(cells.participation, part, numbers, 1), (cells.tables[0], shown, options, 1)]
    opening = np.flatnonzero(survey.opens[:, 0, 0])
    for place in np.ndindex(everybody.shape):
        seen = [int(asked[3][2][(state, *place)]) for state in (1, 2)]
        reader.equal(seen, [int(asked[2][2][(option, *place)]) for option in opening])
    for cells, result, unknowns, categories in asked:
        for place in secrets(cells, result, DEFAULT, categories, root.closed):
            assert result.hidden[place]
            unknown = int(unknowns[place])
            if not reader.doubts(unknown, 1 - 1e-6):
                yield (type(cells).__name__, place, int(cells.n[place])), *reader.interval(unknown)


@given(surveys)
def test_masked_cells_of_a_line_are_enough_together(seed: int) -> None:
    counted = survey(seed).counted()
    chose = counted.questions["first"].tables[0]
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
    took_part = np.stack([0 * everybody, 0 * everybody, everybody])
    groups = Followers.of([(counts(took_part, 2), [counts(chose, 2)], 0)])
    root = protect(Table(counts(everybody, 2), 0, DEFAULT, levels=2, trouble=groups.left_behind))
    shown = protect(Table(counts(chose, 2), 1, DEFAULT, root))
    assert not shown.hidden[:, -1, -1].any()
    by_kind = counts(chose, 2).n[:, :-1, -1]
    assert by_kind[~shown.hidden[:, :-1, -1]].sum() > by_kind.sum() * (0.5 if size == 300 else 0.8)


def test_the_codes_of_the_reasons_are_distinct() -> None:
    assert len({0, FREQUENCY, SECONDARY, DOMINANCE}) == 4
