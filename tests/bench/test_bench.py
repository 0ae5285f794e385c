"""The measures say the truth about what they measure."""

from __future__ import annotations

from datetime import date

import pytest

from bench.__main__ import _over, _row, _verdict
from bench.pages import Cost, measure_bare
from bench.questionnaires import questionnaire, whole_answers
from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.path import problems, walk
from consultation.questionnaires.rules import findings

GOOD = Cost(statements=4, cpu_ms=3.9, size=19_900)


@pytest.mark.parametrize("size", [10, 39, 150])
def test_a_questionnaire_to_measure_has_its_questions_and_whole_answers(size: int) -> None:
    made = questionnaire(size)
    version = compile_version(made)
    assert findings(made) == []
    assert max(item.number for item in version.items.values()) == size
    path = walk(version, whole_answers(version), date(2022, 2, 1))
    assert problems(version, path, date(2022, 2, 1)) == []
    assert len(path.answers) >= 0.7 * size


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (GOOD, []),
        (Cost(5, 3.9, 19_900), ["statements"]),
        (Cost(4, 4.1, 19_900), ["CPU"]),
        (Cost(4, 3.9, 20_100), ["HTML"]),
        (Cost(9, 9.0, 99_000), ["statements", "CPU", "HTML"]),
    ],
)
def test_a_missed_budget_is_said_plainly(cost: Cost, said: list[str]) -> None:
    assert _over(cost) == said
    row = _row("39", "1", "5", "GET", cost, GOOD)
    assert ("over budget" in row) is bool(said)


def test_the_verdict_counts_what_is_missed() -> None:
    assert _verdict(0) == "Every request is within its budget."
    assert _verdict(2) == "2 requests over budget."


def test_the_bare_page_weighs_about_ten_kilobytes() -> None:
    bare = measure_bare()
    assert 9_000 < bare.size < 11_000
    assert bare.cpu_ms > 0
