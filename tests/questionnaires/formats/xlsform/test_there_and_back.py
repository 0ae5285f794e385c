"""Our questionnaires in ODK's words, and back: what it can say is the same, the rest is listed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.format import Computed, Questionnaire
from consultation.questionnaires.formats.xlsform.reader import read
from consultation.questionnaires.formats.xlsform.writer import LOST, write
from consultation.questionnaires.kinds.table import name_of
from consultation.questionnaires.path import walk
from consultation.questionnaires.starters.shelf import starter
from tests.questionnaires.formats.xlsform.test_reader import TODAY

STARTERS = ("poles_2022", "contrats_ruralite", "satisfaction")
SAME = {
    "single", "multiple", "ranking", "number", "short_text", "long_text", "date", "file", "consent",
    "statement",
}  # fmt: skip
"""The kinds that XLSForm has: a scale and a list of reference come back as a single choice."""


def questions(questionnaire: Questionnaire) -> dict[str, Any]:
    return {q.key: q for s in questionnaire.sections for q in s.questions}


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_keeps_its_kinds_its_bounds_and_its_obligations(name: str) -> None:
    before = starter(name)
    found = read(write(before), f"{name}.xlsx")
    after = questions(found.questionnaire)

    assert (found.report.conditions.reported, found.report.constraints.reported) == (0, 0)
    for key, question in questions(before).items():
        if name_of(question) not in SAME:
            continue
        back = after[key]
        assert (name_of(back), back.label) == (name_of(question), question.label)
        assert getattr(back, "required", False) == getattr(question, "required", False)
        for field in ("minimum", "maximum", "max_choices", "max_ranked", "precision"):
            if not question.constraints:
                assert getattr(back, field, None) == getattr(question, field, None), (key, field)


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_asks_the_same_people_the_same_questions(name: str) -> None:
    before = starter(name)
    one, two = compile_version(before), compile_version(read(write(before), "x.xlsx").questionnaire)
    first = next(i for i in one.items.values() if i.name == "single" and i.key in two.items)
    common = one.items.keys() & two.items.keys()

    for option in first.resolved.options:
        answers = {first.key: option.value}
        ours = set(walk(one, answers, TODAY).shown) & common
        assert ours == set(walk(two, answers, TODAY).shown) & common


@pytest.mark.parametrize("name", STARTERS)
def test_the_second_journey_changes_nothing_more(name: str) -> None:
    once = read(write(starter(name)), "x.xlsx").questionnaire
    twice = read(write(once), "x.xlsx").questionnaire
    kinds = {key: name_of(question) for key, question in questions(once).items()}

    assert {k: name_of(q) for k, q in questions(twice).items() if k in kinds} == kinds


def test_what_a_form_cannot_say_is_listed_in_a_sheet_of_its_own() -> None:
    before = starter("satisfaction")
    before.computed = [Computed(key="note", expression="count(satisfaction, '4')")]
    data = write(before)
    rows = list(load_workbook(io.BytesIO(data))[LOST].iter_rows(values_only=True))

    assert rows[1][:2] == ("note", "count(satisfaction, '4')")
    assert not [p for p in read(data, "x.xlsx").report.problems if LOST in p.where]


def test_the_unit_of_a_number_is_in_its_help() -> None:
    before = questions(starter("poles_2022"))["effectif"]
    after = questions(read(write(starter("poles_2022")), "x.xlsx").questionnaire)["effectif"]

    assert before.unit["fr"] in after.hint["fr"]
