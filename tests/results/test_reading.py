"""How a table is told and drawn: titles, bars, grids, and the arrays it is kept in."""

from __future__ import annotations

import numpy as np
import pytest

from consultation.results.crossing import grid
from consultation.results.disclosure.cells import Thresholds
from consultation.results.drawing import MASKED, colours, diverging, ranks
from consultation.results.figures import Chart, Column, Line, Masked, Row, SafeTable
from consultation.results.findings import finding
from consultation.results.gate import Gate
from consultation.results.packing import pack_counted, pack_gated, unpack_counted, unpack_gated
from tests.results.sample import people, row
from tests.results.test_counting import PLAN, VERSION, counted

HIDDEN = Masked("frequence")


def options(counts: list[object], base: int, no_opinion: tuple[int, ...] = ()) -> tuple[Row, ...]:
    return tuple(
        Row(
            str(i),
            f"Option {i}",
            i in no_opinion,
            (count,),  # type: ignore[arg-type]
            (count / max(base, 1) if isinstance(count, int) else HIDDEN,),
        )
        for i, count in enumerate(counts)
    )


def shown(
    counts: list[object], chart: Chart = "bars", kind: str = "single", n: int = 100
) -> SafeTable:
    line = Line("", "", options(counts, n), (n,), (n,))
    everybody = (Column(None, "Ensemble"),)
    return SafeTable(
        "avis", 3, 1, kind, chart, "Qu’en pensez-vous ?", "", None, everybody, (n,), (n,), (line,)
    )


def test_a_title_says_what_comes_first() -> None:
    assert finding(shown([70, 20, 10])) == "«\u00a0Option 0\u00a0» arrive en tête, 70\u00a0%"
    said = finding(shown([70, 60], kind="multiple"))
    assert said is None  # too close to call
    assert "la plus citée" in str(finding(shown([90, 20], kind="multiple")))


@pytest.mark.parametrize("counts", [[52, 48], [HIDDEN, 60, 20], [0, 0]])
def test_a_title_says_nothing_when_nothing_is_clear(counts: list[object]) -> None:
    assert finding(shown(counts)) is None


def test_a_title_says_nothing_of_a_few_people() -> None:
    assert finding(shown([10, 1], n=11)) is None


def test_a_question_that_nobody_answered_has_no_title() -> None:
    assert finding(shown([0, 0], n=0)) is None


def test_agreement_spreads_from_the_middle() -> None:
    rows = options([10, 20, 40, 20, 10, 7], 100, no_opinion=(5,))
    laid = diverging(Line("", "", rows, (107,), (100,)))
    middle = laid.pieces[2]
    assert middle.x + 20 / 2 == pytest.approx(50)
    assert [piece.css for piece in laid.pieces] == ["lk1", "lk2", "lk3", "lk4", "lk5"]
    assert (laid.against, laid.for_) == (pytest.approx(0.3), pytest.approx(0.3))


def test_masked_points_are_one_hatched_piece() -> None:
    laid = diverging(Line("", "", options([HIDDEN, HIDDEN, 40, 30], 100), (100,), (100,)))
    assert [piece.css for piece in laid.pieces] == [MASKED, "lk4", "lk5"]
    assert laid.against == HIDDEN
    assert laid.pieces[1].x == pytest.approx(50)


@pytest.mark.parametrize("points", range(2, 12))
def test_scales_of_any_length_have_colours(points: int) -> None:
    found = colours(points)
    assert len(found) == points
    assert (found[0], found[-1]) == ("lk1", "lk5")


def test_ranks_are_stacked_and_never_pass_the_whole() -> None:
    pieces = ranks(Line("", "", options([30, 20, HIDDEN], 100), (100,), (60,)))
    assert len(pieces) == 2
    assert pieces[1].x == pytest.approx(30)


def crossed(groups: int) -> SafeTable:
    columns = (Column(None, "Ensemble"), *(Column(str(i), f"Groupe {i}") for i in range(groups)))
    counts = (10 * groups, *[10] * (groups - 1), 0)
    row = Row("oui", "Oui", False, counts, (0.5, *[0.25] * (groups - 1), None))
    line = Line("", "", (row,), counts, counts)
    return SafeTable(
        "avis", 1, 1, "single", "bars", "Avis ?", "", "type", columns, counts, counts, (line,)
    )


def test_many_groups_are_read_down_few_are_read_across() -> None:
    assert grid(crossed(4)).corner == "Réponse"
    tall = grid(crossed(12))
    assert tall.corner == "Groupe"
    assert tall.head == ("Oui", "Répondants")


def test_a_group_that_saw_nothing_is_left_out() -> None:
    assert grid(crossed(4)).head == ("Ensemble", "Groupe 0", "Groupe 1", "Groupe 2")


def test_what_was_counted_and_masked_comes_back_whole() -> None:
    rows = [row(VERSION, answers, 1 + n % 50) for n, answers in enumerate(people(120, 4))]
    before = counted(rows)
    after = unpack_counted(PLAN, pack_counted(PLAN, before))
    for key, question in before.questions.items():
        mine = after.questions[key]
        for a, b in zip(
            [question.participation, *question.tables], [mine.participation, *mine.tables],
            strict=True,
        ):  # fmt: skip
            assert type(a) is type(b)
            for name in ("n", "units", "persons", "repeated"):
                assert (getattr(a, name) == getattr(b, name)).all()
        assert question.bins == mine.bins
        for x, y in zip(question.values, mine.values, strict=True):
            assert np.array_equal(x.median, y.median, equal_nan=True)
            assert (x.amounts.top == y.amounts.top).all()
    gates = [Gate(PLAN, each, Thresholds(), {}) for each in (before, after)]
    for key in PLAN.questions:
        a, b = (gate.question(key) for gate in gates)
        assert (a.participation == b.participation).all()
    everybody, questions = unpack_gated(
        pack_gated(gates[0].everybody.reasons, {"accord": gates[0].question("accord")})
    )
    assert (everybody == gates[0].everybody.reasons).all()
    assert (questions["accord"].tables[0] == gates[0].question("accord").tables[0]).all()
