"""What came in is in the questionnaire or in the problems: counted apart, from the file."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.xls2xform import convert

from consultation.questionnaires.formats.report import Import, Report
from consultation.questionnaires.formats.xlsform.reader import read
from tests.questionnaires.formats.xlsform.test_reader import OUI_NON, asked, said, workbook

GROUPS = re.compile(r"(begin|end)[ _](group|repeat|loop|lgroup|looped group).*", re.IGNORECASE)
METADATA = re.compile(
    r"(get )?(start|end|today|device ?id|imei|subscriber ?id|sim ?(id|serial)|phonenumber|username|"
    r"email|audit|uri:\w+|start time|end time)|get phone number|(xml|csv)-external|start-geopoint|"
    r"background-\w+"
)
HEAD = (
    "type", "name", "label", "relevant", "constraint", "calculation", "choice_filter", "required",
    "default", "appearance", "parameters", "hint",
)  # fmt: skip


@dataclass
class Counted:
    """What a workbook holds, read with another library and nothing of ours."""

    questions: int
    options: int
    conditions: int
    constraints: int
    rows: list[int]


def counted(data: bytes) -> Counted:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    survey = list(book["survey"].iter_rows(values_only=True))
    head = [str(cell or "").strip().lower() for cell in survey[0]]
    rows = [dict(zip(head, map(_text, cells), strict=False)) for cells in survey[1:]]
    typed = [(n, row) for n, row in enumerate(rows, 2) if row.get("type")]
    kinds = [(n, row["type"]) for n, row in typed]
    asked_rows = [n for n, kind in kinds if not GROUPS.fullmatch(kind)]
    meta = {n for n, kind in kinds if METADATA.fullmatch(kind)}
    choices = list(book["choices"].iter_rows(values_only=True)) if "choices" in book else []
    return Counted(
        questions=len([n for n in asked_rows if n not in meta]),
        options=sum(1 for cells in choices[1:] if cells and _text(cells[0])),
        conditions=_written(rows, "relevant"),
        constraints=_written(rows, "constraint"),
        rows=[n for n, _ in typed if n in asked_rows],
    )


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _written(rows: list[dict[str, str]], column: str) -> int:
    always = ("", "true()", "yes", "1")
    return sum(1 for row in rows if row.get(column, "").lower() not in always)


def lines_of(report: Report) -> set[int]:
    """Return the rows of the survey that the problems name."""
    named = (re.findall(r"\d+", p.where) for p in report.problems if p.where.startswith("survey"))
    return {int(number) for numbers in named for number in numbers}


def conserved(data: bytes) -> Import:
    found, oracle = read(data, "x.xlsx"), counted(data)
    report = found.report
    assert (report.questions, report.options) == (oracle.questions, oracle.options)
    assert report.conditions.translated + report.conditions.reported == oracle.conditions
    assert report.constraints.translated + report.constraints.reported == oracle.constraints
    # A row is a question of ours, a computed value, or a line: the texts made here say the row.
    texts = repr(found.questionnaire)
    left = [n for n in oracle.rows if f"#{n}#" not in texts and f"calcul{n}" not in texts]
    assert set(left) <= lines_of(report)
    # An expression that is ours holds in ours, or is a line.
    made = [q.relevant for q in asked(found).values() if q.relevant]
    made += [s.relevant for s in found.questionnaire.sections if s.relevant]
    made += [c.expression for c in found.questionnaire.computed]
    assert report.conditions.translated == 0 or made
    return found


TYPES = st.sampled_from(
    [*sorted(QUESTION_TYPE_DICT), "select_one on", "select multiple from on", "rank on",
     "select_one on or_other", "select_one_from_file x.csv", "select_one_external on",
     "begin group", "begin_repeat", "end group", "end_repeat", "licorne", ""]
)  # fmt: skip
CONDITIONS = st.sampled_from(
    ["", "", "yes", "true()", "no", "${q2} = 'oui'", "${q3} > 3", "${licorne} = 1", "((",
     "../q2 = 'oui'", "selected(${q4}, 'oui')", "${q5} and ${q2}", "today() - ${q3} > 365",
     "${q2} mod 2 = 0"]
)  # fmt: skip
CALCULATIONS = st.sampled_from(["", "${q2} * 2", "position(..)", "int(${q3} div 2)", "${calcul4}"])
FILTERS = st.sampled_from(["", "true()", "label = ${q2}", "name != 'non'", "name = ${licorne}"])


@st.composite
def forms(draw: st.DrawFn) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for n in range(2, 2 + draw(st.integers(1, 9))):
        kind = draw(TYPES)
        calculate = kind.split()[-1:] == ["calculate"] or "calculate" in kind
        name = f"calcul{n}" if calculate else f"q{n}"
        row = (
            kind, name, f"#{n}#", draw(CONDITIONS), draw(CONDITIONS), draw(CALCULATIONS),
            draw(FILTERS), draw(st.sampled_from(["", "yes", "${q2} = 'oui'"])),
            draw(st.sampled_from(["", "3", "oui", "now()"])),
            draw(st.sampled_from(["", "minimal", "field-list"])),
            draw(st.sampled_from(["", "randomize=true", "start=0 end=5"])), "",
        )  # fmt: skip
        rows.append(row)
    return rows


CHOICES = [("list_name", "name", "label"), *OUI_NON]


@settings(max_examples=120)
@given(forms())
def test_whatever_claire_brings_nothing_is_dropped_in_silence(rows: list[tuple[str, ...]]) -> None:
    conserved(workbook(survey=[HEAD, *rows], choices=CHOICES))


@pytest.mark.parametrize("kind", sorted(QUESTION_TYPE_DICT))
def test_each_type_of_the_other_tool_is_a_question_or_a_line(kind: str) -> None:
    named = f"{kind} on" if "select" in kind or kind == "rank" else kind
    data = workbook(
        survey=[HEAD, ("text", "q2", "#2#"), (named, "calcul3", "#3#", "", "", "1 + 1")],
        choices=CHOICES,
    )
    found = conserved(data)

    assert "n’existe pas dans choices" not in said(found)
    assert len(asked(found)) + len(found.questionnaire.computed) == 2 or 3 in lines_of(found.report)


def test_the_other_tool_finds_as_many_questions_and_choices_in_our_forms() -> None:
    """A form that both read: the same rows are questions."""
    data = workbook(
        survey=[
            HEAD,
            ("start", "debut"),
            ("begin_group", "g", "Groupe", "${q4} = 'oui'"),
            ("select one from on", "q4", "#4#"),
            ("begin repeat", "r", "Enfants"),
            ("integer", "q6", "#6#", "", ". > 0"),
            ("end repeat",),
            ("end group",),
            ("calculate", "calcul9", "", "", "", "1 + 1"),
            ("range", "q10", "#10#", "", "", "", "", "", "", "", "start=0 end=4 step=0.5"),
            ("note", "q11", "#11# ${q4}"),
        ],
        choices=CHOICES,
    )
    kinds: Counter[str] = Counter()
    theirs = convert(xlsform=io.BytesIO(data), validate=False)._pyxform
    stack = [theirs]
    while stack:
        for child in stack.pop().get("children", ()):
            kinds[child["type"]] += child["name"] not in ("meta", "instanceID")
            stack.append(child)
    ours = conserved(data)

    assert ours.report.questions == sum(kinds.values()) - sum(
        kinds[kind] for kind in ("group", "repeat", "start")
    )
    assert ours.report.options == sum(map(len, theirs["choices"].values()))
    assert asked(ours)["q10"].step == 0.5
