"""The counts are LimeSurvey's own: counted apart, straight from the file, as its import does."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from consultation.questionnaires.formats.limesurvey.reader import read
from consultation.questionnaires.formats.report import Import
from tests.questionnaires.formats.limesurvey.every_type import every_type
from tests.questionnaires.formats.limesurvey.exported import VERSIONS, exported
from tests.questionnaires.formats.limesurvey.survey import Survey
from tests.questionnaires.formats.limesurvey.test_conservation import surveys


@dataclass
class Counted:
    groups: int
    questions: int
    subquestions: int
    answers: int
    conditions: int
    constraints: int
    bounds: int


def counted(data: bytes) -> Counted:
    """Count as LimeSurvey's import does: a row whose group, question or language is not in the
    file is left out, and each identifier counts once, whatever the languages."""
    root = etree.fromstring(data)
    spoken = {e.text for e in root.iterfind("languages/language")}

    def rows(table: str) -> list[dict[str, str]]:
        found = [{f.tag: f.text or "" for f in r} for r in root.iterfind(f"{table}/rows/row")]
        return [row for row in found if row.get("language", "") in spoken | {""}]

    groups = {row["gid"] for row in rows("groups")}
    questions = {row["qid"] for row in rows("questions") if row["gid"] in groups}
    parts = {row["qid"] for row in rows("subquestions") if row["parent_qid"] in questions}
    answers = {
        (row["qid"], row["code"], row.get("scale_id", "0"))
        for row in rows("answers")
        if row["qid"] in questions
    }
    told = {row["gid"] for row in rows("groups") if _hides(row.get("grelevance", ""))}
    tables = (*rows("questions"), *rows("subquestions"))
    kept = questions | parts
    told |= {f"q{r['qid']}" for r in tables if r["qid"] in kept and _hides(r.get("relevance", ""))}
    told |= {f"q{row['qid']}" for row in rows("conditions") if row["qid"] in questions}
    rules = [
        row
        for row in rows("question_attributes")
        if row["attribute"].startswith("em_validation_") and not row["attribute"].endswith("_tip")
    ]
    patterns = {r["qid"] for r in rows("questions") if r["qid"] in questions and r.get("preg")}
    constraints = len([r for r in rules if r["qid"] in questions and r.get("value")]) + len(
        patterns
    )
    bounds = [
        row
        for row in rows("question_attributes")
        if row["attribute"].startswith(("min_", "max_", "equals_", "date_"))
        and not row.get("value", "").isdecimal()
    ]
    return Counted(
        len(groups), len(questions), len(parts), len(answers), len(told), constraints, len(bounds)
    )


def _hides(equation: str) -> bool:
    return equation.strip().lower() not in ("", "1", "true", "(1)")


def conserved(data: bytes) -> Import:
    """Check the counts of a file, and that each question is one of ours or has a line."""
    found, oracle = read(data, "x.lss"), counted(data)
    report = found.report
    assert (report.sections, report.questions) == (oracle.groups, oracle.questions)
    assert (report.rows, report.options) == (oracle.subquestions, oracle.answers)
    assert report.conditions.translated + report.conditions.reported == oracle.conditions
    examined = report.constraints.translated + report.constraints.reported
    assert 0 <= examined - oracle.constraints <= oracle.bounds  # a bound may be an equation
    left = report.questions - sum(report.kinds.values())
    lines = {p.where for p in report.problems if p.where.startswith("/document/questions/rows/row")}
    assert 0 <= left <= len(lines)
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_a_survey_of_every_type_is_counted_as_limesurvey_does(version: int) -> None:
    data = exported(every_type(), version)
    found = conserved(data)

    assert found.report.questions == 29
    assert found.questionnaire == read(every_type().lss(version), "x.lss").questionnaire


NINE = ("fr", "en", "de", "es", "it", "pt-BR", "ar", "zh-Hans", "de-informal")


@pytest.mark.parametrize("version", [150, 261, 426, 650])
def test_nine_languages_come_over_and_the_tenth_is_said(version: int) -> None:
    survey = Survey(languages=NINE, title={lang: f"Titre {lang}" for lang in NINE})
    survey.question("L", "Q1", {lang: f"Q {lang}" for lang in NINE}, options={"A": "Une"})
    data = exported(survey, version).replace(b"<language>ar</language>", b"", 1)
    found = conserved(data)
    question = found.questionnaire.sections[0].questions[0]

    assert set(found.report.languages) == set(NINE) - {"ar"} or found.report.languages[0] == "fr"
    assert question.label["zh-Hans"] == "Q zh-Hans"
    assert set(found.questionnaire.title) == set(found.report.languages)


def test_texts_in_a_language_that_the_survey_lost_are_left_out_and_said() -> None:
    survey = Survey(languages=("fr", "ru"))
    survey.question("L", "Q1", options={"A": "Une", "B": "Deux"})
    survey.settings["additional_languages"] = ""
    data = exported(survey, 164).replace(b"<language>ru</language>", b"", 1)
    found = conserved(data)

    assert found.report.languages == ["fr"]
    assert (
        sum("ne sont pas repris\u00a0: cette langue" in p.what for p in found.report.problems) == 1
    )


def test_rows_that_hang_on_nothing_are_left_out_and_said_one_by_one() -> None:
    survey = Survey()
    survey.question("S", "Q1")
    survey.attribute("999", "hidden", "1")
    survey.condition("999", "998", "123456X1X998", "Y")
    survey.default("999", "x")
    survey.tables["themes"] = [({"id": "1", "name": "vanilla"}, {})]
    found = conserved(exported(survey, 178))

    assert sorted(p.where for p in found.report.problems) == [
        "/document/conditions/rows/row[1]",
        "/document/defaultvalues/rows/row[1]",
        "/document/question_attributes/rows/row[1]",
        "/document/themes",
    ]


def test_the_rules_of_a_type_that_is_unknown_are_counted_and_said() -> None:
    survey = Survey()
    rules = {"em_validation_q": "Q1 > 3", "em_validation_sq": "this > 3"}
    survey.question("§", "Q1", relevance="Q2 == 1", preg="/x/", attributes=rules)
    found = conserved(survey.lss())

    assert (found.report.constraints.reported, found.report.conditions.reported) == (3, 1)


@settings(max_examples=60)
@given(surveys(), st.sampled_from(VERSIONS), st.data())
def test_whatever_the_survey_its_counts_are_limesurvey_s(
    survey: Survey, version: int, data: st.DataObject
) -> None:
    table = data.draw(st.sampled_from(sorted(survey.tables)))
    if table != "groups" and data.draw(st.booleans()):
        del survey.tables[table][data.draw(st.integers(0, len(survey.tables[table]) - 1))]
    conserved(exported(survey, version))
