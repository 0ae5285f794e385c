"""Counting vectors gives what counting answers one by one gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import decode
from consultation.results.counted import Counted, total
from consultation.results.counting import Counter
from consultation.results.disclosure.cells import ANSWERED, NOT_ANSWERED, NOT_SEEN
from consultation.results.questions import Plan, plan
from tests.results.sample import REGIONS, TYPES, Row, definition, options, people, row

VERSION = compile_version(decode(definition()))
PLAN = plan([VERSION])


def counted(
    rows: Sequence[Row],
    whole: Plan = PLAN,
    versions: Mapping[int, CompiledVersion] | None = None,
    block: int = 7,
) -> Counted:
    units = [each.unit for each in rows]
    repeats = sorted({unit for unit in units if units.count(unit) > 1})
    counter = Counter(whole, versions or {1: VERSION}, np.array(repeats, dtype=np.int64))
    for start in range(0, len(rows), block):
        counter.add(rows[start : start + block])
    return counter.result()


def places(row: Row) -> list[tuple[int, int]]:
    """The place of a row and the totals it is part of."""
    kind = TYPES.index(row.answers["acteur"])
    region = REGIONS.index(row.answers["region"]) if row.answers.get("region") else len(REGIONS)
    return [(a, r) for a in (kind, len(TYPES) + 1) for r in (region, len(REGIONS) + 1)]


def by_hand(rows: Sequence[Row], chosen: Callable[[Row], bool]) -> tuple[np.ndarray, ...]:
    """Count rows, then distinct units, then persons, by place."""
    n = np.zeros(PLAN.shape, dtype=int)
    persons = n.copy()
    units: dict[tuple[int, int], set[int]] = {}
    for each in rows:
        if chosen(each):
            for place in places(each):
                n[place] += 1
                persons[place] += each.individual
                units.setdefault(place, set()).add(each.unit)
    distinct = n * 0
    for place, found in units.items():
        distinct[place] = len(found)
    return n, distinct, persons


def same(counts: Any, category: Any, expected: tuple[np.ndarray, ...]) -> bool:
    found = counts.n[category], counts.units[category], counts.persons[category]
    return all((a == b).all() for a, b in zip(found, expected, strict=True))


@given(st.integers(0, 10_000), st.integers(0, 40), st.sampled_from([3, 12, 1000]))
@settings(max_examples=25)
def test_every_table_counts_what_people_answered(seed: int, size: int, units: int) -> None:
    rows = [
        row(VERSION, answers, 1 + (number * 7) % units)
        for number, answers in enumerate(people(size, seed))
    ]
    found = counted(rows)
    assert same(found.everybody, ..., by_hand(rows, lambda each: True))
    for key in PLAN.questions:
        took_part = found.questions[key].participation
        states = {
            NOT_SEEN: lambda each, key=key: key not in each.shown,
            NOT_ANSWERED: lambda each, key=key: key in each.shown and key not in each.answers,
            ANSWERED: lambda each, key=key: key in each.answers,
        }
        for state, chosen in states.items():
            assert same(took_part, state, by_hand(rows, chosen)), (key, state)
    checks = [
        ("accord", 0, 3, lambda each: each.answers.get("accord") == "4"),
        ("filieres", 1, 0, lambda each: "sante" in each.answers.get("filieres", ())),
        (
            "filieres", 1, 1,
            lambda each: "filieres" in each.answers and "sante" not in each.answers["filieres"],
        ),
        ("missions", 0, 3, lambda each: each.answers["missions"].get("rd") == "so"),
        ("missions", 1, 4, lambda each: "europe" not in each.answers["missions"]),
        ("rang", 0, (1, 0), lambda each: each.answers.get("rang", ["-"])[0] == "b"),
        (
            "rang", 0, (2, 2),
            lambda each: "rang" in each.answers and "c" not in each.answers["rang"],
        ),
        ("content", 0, 0, lambda each: each.answers.get("content") == "oui"),
    ]  # fmt: skip
    for key, table, category, chosen in checks:
        assert same(found.questions[key].tables[table], category, by_hand(rows, chosen)), key


@pytest.mark.parametrize("units", [5, 1000])
def test_amounts_are_summed_by_unit(units: int) -> None:
    rows = [row(VERSION, a, 1 + n % units) for n, a in enumerate(people(60, 3))]
    values = counted(rows).questions["cotisation"].values[0]
    paid = [
        (each.unit, each.answers["cotisation"]) for each in rows if "cotisation" in each.answers
    ]
    by_unit: dict[int, float] = {}
    for unit, amount in paid:
        by_unit[unit] = by_unit.get(unit, 0) + amount
    assert values.amounts.sum[-1, -1] == sum(amount for _, amount in paid)
    assert values.amounts.top[-1, -1] == max(by_unit.values())
    assert values.median[-1, -1] == np.median([amount for _, amount in paid])
    poles = [each.answers["cotisation"] for each in rows if each.answers["acteur"] == "pole"]
    assert values.median[TYPES.index("pole"), -1] == np.median(poles)


def test_shares_of_an_allocation_are_kept_line_by_line() -> None:
    rows = [row(VERSION, answers, n) for n, answers in enumerate(people(30, 5))]
    state, regions = counted(rows).questions["parts"].values
    assert state.amounts.sum[-1, -1] + regions.amounts.sum[-1, -1] == 100 * len(rows)


def test_dates_are_counted_by_year() -> None:
    rows = [row(VERSION, answers, n) for n, answers in enumerate(people(200, 5))]
    question = counted(rows).questions["depuis"]
    years = [int(each.answers["depuis"][:4]) for each in rows if "depuis" in each.answers]
    assert question.bins is not None
    assert question.tables[0].n[:, -1, -1].sum() == len(years)
    assert question.values[0].median[-1, -1] == np.median(years)


def test_three_people_of_one_company_are_one_unit() -> None:
    answers = people(1)[0] | {"acteur": "pme", "region": "11", "membre": "oui"}
    found = counted([row(VERSION, answers, 7) for _ in range(3)])
    assert total(found.everybody) == 3
    assert found.everybody.units[-1, -1] == 1


def test_versions_add_up_by_question_and_option() -> None:
    """The newer version moved an option, added one and dropped another."""
    newer = compile_version(decode(definition(filieres={"options": options("num", "mer", "agro")})))
    whole = plan([newer, VERSION])
    assert [c.value for c in whole.questions["filieres"].choices] == ["num", "mer", "agro", "sante"]
    old = [row(VERSION, a | {"filieres": ["agro", "sante"]}, n, 1) for n, a in enumerate(people(4))]
    new = [row(newer, a | {"filieres": ["agro", "mer"]}, 9 + n, 2) for n, a in enumerate(people(3))]
    found = counted([*old, *new], whole, {1: VERSION, 2: newer})
    chosen = [table.n[0, -1, -1] for table in found.questions["filieres"].tables]
    assert chosen == [0, 3, 7, 4]


def test_a_question_that_changed_its_kind_counts_only_its_own() -> None:
    changed = {"kind": "single", "label": {"fr": "Combien ?"}, "options": options("peu", "trop")}
    raw = definition()
    place = next(i for i, q in enumerate(raw["sections"][1]["questions"]) if q["key"] == "accord")
    raw["sections"][1]["questions"][place] = {"key": "accord", **changed}
    newer = compile_version(decode(raw))
    whole = plan([newer, VERSION])
    old = [row(VERSION, a | {"accord": "4"}, n, 1) for n, a in enumerate(people(4))]
    found = counted(old, whole, {1: VERSION, 2: newer})
    assert found.questions["accord"].participation.n[NOT_SEEN, -1, -1] == 4


def test_nobody_is_counted_as_nothing() -> None:
    found = counted([])
    assert total(found.everybody) == 0
    assert all(q.participation.n.sum() == 0 for q in found.questions.values())


def test_what_must_never_be_published_is_not_counted() -> None:
    assert "nom" not in PLAN.questions


def test_an_answer_given_never_to_be_published_stays_so_in_the_next_version() -> None:
    raw = definition()
    questions = raw["sections"][1]["questions"]
    (place,) = (i for i, q in enumerate(questions) if q["key"] == "accord")
    questions[place] = questions[place] | {"publication": "never"}
    promised = compile_version(decode(raw))
    old = [row(promised, a | {"accord": "4"}, n, 1) for n, a in enumerate(people(4))]
    new = [row(VERSION, a | {"accord": "4"}, n + 9, 2) for n, a in enumerate(people(3))]
    found = counted([*old, *new], plan([VERSION, promised]), {1: promised, 2: VERSION})
    seen = found.questions["accord"].participation.n
    assert (seen[NOT_SEEN, -1, -1], seen[ANSWERED, -1, -1]) == (4, 3)
    assert "accord" not in plan([promised, VERSION]).questions
