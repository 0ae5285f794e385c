"""What came in is in the questionnaire or in the problems: nothing else."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultation.questionnaires.formats.limesurvey.reader import TYPES
from consultation.questionnaires.formats.limesurvey.source import Row, read_source
from consultation.questionnaires.formats.report import Import
from tests.questionnaires.formats.limesurvey.every_type import every_type
from tests.questionnaires.formats.limesurvey.survey import LAYOUTS, Survey

LABELS = st.sampled_from(["un", "deux", "trois", "quatre"])


def missing(data: bytes, result: Import) -> list[Row]:
    """Return the rows of a file that are neither in the questionnaire nor in a problem.

    Every text of the surveys made here names its row, so finding the text is finding the row.
    """
    source = read_source(data)
    written = msgspec.json.encode(result.questionnaire).decode()
    said = {problem.where for problem in result.report.problems}
    rows = [*source.strays, *source.all_questions()]
    for question in source.all_questions():
        rows += source.below(question)
    return [
        row
        for row in rows
        if row.where not in said
        and not any(f"#{row.get(name)}#" in written for name in ("qid", "aid") if row.get(name))
    ]


def numbered(survey: Survey) -> Survey:
    """Put the identifier of each row in its text."""
    for table, key in (("questions", "qid"), ("subquestions", "qid"), ("answers", "aid")):
        for fields, texts in survey.tables.get(table, ()):
            name = "answer" if table == "answers" else "question"
            texts[name] = f"#{fields[key]}#"
    return survey


def test_every_row_of_every_type_comes_over_or_is_said() -> None:
    survey = numbered(every_type())
    data = survey.lss(643)

    assert missing(data, survey.read(643)) == []


def test_answers_that_a_type_does_not_use_are_said_one_by_one() -> None:
    survey = Survey()
    survey.question("T", "Q1", rows={"a": "Un"}, options={"b": "Deux"})
    report = survey.read().report

    assert (report.rows, report.options) == (1, 1)
    assert [p.where for p in report.problems] == [
        "/document/subquestions/rows/row[1]",
        "/document/answers/rows/row[1]",
    ]


def test_a_question_without_its_group_is_said_and_not_counted() -> None:
    survey = Survey()
    survey.question("S", "Q1")
    survey.question("S", "Q2", gid="999")
    report = survey.read().report

    assert report.questions == 1
    assert [p.where for p in report.problems] == ["/document/questions/rows/row[2]"]


def test_an_unknown_type_is_said_with_its_rows() -> None:
    survey = Survey()
    survey.question("§", "Q1", rows={"a": "Un"})
    problems = [p.where for p in survey.read().report.problems]

    assert "/document/questions/rows/row[1]" in problems
    assert "/document/subquestions/rows/row[1]" in problems


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    made = Survey()
    for number in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            made.group(f"Partie {number}")
        made.question(
            draw(st.sampled_from([*TYPES, "?"])),
            f"Q{draw(st.integers(1, 4))}",
            rows=dict.fromkeys(draw(st.lists(LABELS, max_size=4)), "x"),
            columns=dict.fromkeys(draw(st.lists(LABELS, max_size=3)), "x"),
            options=dict.fromkeys(draw(st.lists(LABELS, max_size=4)), "x"),
            options_2=dict.fromkeys(draw(st.lists(LABELS, max_size=2)), "x"),
            other=draw(st.sampled_from("YN")),
            mandatory=draw(st.sampled_from("YNS")),
            relevance=draw(st.sampled_from(["1", "", "Q1 == 'x'", "(", "Q2_un.NAOK == 'Y'"])),
            attributes={
                draw(st.sampled_from(["hidden", "array_filter", "equals_num_value", "min_answers",
                                      "random_order", "multiflexible_checkbox", "numbers_only"])):
                draw(st.sampled_from(["1", "Q1", "Q2", "", "100"])),
            },
        )  # fmt: skip
    return numbered(made)


@settings(deadline=None, max_examples=60)
@given(surveys(), st.sampled_from(LAYOUTS))
def test_whatever_the_survey_nothing_is_dropped_in_silence(survey: Survey, version: int) -> None:
    data, result = survey.lss(version), survey.read(version)
    report = result.report

    left = [row for row in missing_old(data, result) if row.get("type") != "*"]
    assert left == []
    relevances = [
        f["relevance"] for f, _ in survey.tables["questions"] if f["relevance"] not in ("1", "")
    ]
    assert report.conditions.translated + report.conditions.reported == len(relevances)


def missing_old(data: bytes, result: Import) -> list[Row]:
    """The same, for layouts that do not number their answers: the text says the number there."""
    source = read_source(data)
    written = msgspec.json.encode(result.questionnaire).decode()
    said = {problem.where for problem in result.report.problems}
    found = []
    for question in source.all_questions():
        for row in (question, *source.below(question)):
            texts = [*row.said("question").values(), *row.said("answer").values()]
            if row.where not in said and not any(text in written for text in texts):
                found.append(row)
    return found


@pytest.mark.parametrize("version", LAYOUTS)
def test_quotas_assessments_and_end_texts_are_said(version: int) -> None:
    survey = Survey()
    survey.question("S", "Q1")
    survey.tables["quota"] = [({"id": "1", "sid": "1", "name": "Femmes"}, {})]
    survey.tables["assessments"] = [({"id": "1", "sid": "1", "name": "Score"}, {})]
    what = [p.what for p in survey.read(version).report.problems]

    assert what == [
        "Le quota n’est pas repris. (Femmes)",
        "Cette règle d’évaluation (score) n’est pas reprise. (Score)",
    ]
