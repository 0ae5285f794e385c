"""Conditions, filters, validations and texts that quote answers, as an organiser meets them."""

from __future__ import annotations

from typing import Any

import pytest

from consultation.questionnaires.formats.report import Import
from tests.questionnaires.formats.limesurvey.survey import LAYOUTS, Survey

EQUATION = "is_empty(self) or self <= 10"


def last(result: Import) -> Any:
    return result.questionnaire.sections[-1].questions[-1]


def what(result: Import) -> list[str]:
    return [problem.what for problem in result.report.problems]


# --- conditions of old surveys -------------------------------------------------------------------


def old_survey() -> tuple[Survey, str, str, str]:
    survey = Survey()
    first = survey.question("L", "Q1", options={"a": "A", "b": "B"})
    boxes = survey.question("M", "Q2", rows={"x": "X", "y": "Y"})
    return survey, first, boxes, survey.question("S", "Q3", relevance="")


@pytest.mark.parametrize("version", LAYOUTS)
def test_several_values_of_one_answer_are_alternatives(version: int) -> None:
    survey, first, _, asked = old_survey()
    survey.condition(asked, first, survey.field(first), "a")
    survey.condition(asked, first, survey.field(first), "b")
    result = survey.read(version)

    assert last(result).relevant == "q1 in ['a', 'b']"
    assert (result.report.conditions.translated, result.report.conditions.reported) == (1, 0)


def test_different_answers_of_a_scenario_must_all_hold_and_scenarios_are_alternatives() -> None:
    survey, first, boxes, asked = old_survey()
    survey.condition(asked, first, survey.field(first), "a", scenario=1)
    survey.condition(asked, boxes, survey.field(boxes), "x", scenario=1)
    survey.condition(asked, boxes, survey.field(boxes), "y", scenario=1)
    survey.condition(asked, first, survey.field(first), "b", "!=", scenario=2)

    expected = "q1 == 'a' and (selected(q2, 'x') or selected(q2, 'y')) or q1 != 'b'"
    assert last(survey.read()).relevant == expected


def test_a_box_named_whole_must_hold_beside_the_others() -> None:
    survey, _, boxes, asked = old_survey()
    survey.condition(asked, boxes, "+" + survey.field(boxes, "x"), "Y")
    survey.condition(asked, boxes, "+" + survey.field(boxes, "y"), "")

    assert last(survey.read()).relevant == "selected(q2, 'x') and not selected(q2, 'y')"


def test_no_answer_is_written_as_a_space() -> None:
    survey, first, _, asked = old_survey()
    survey.condition(asked, first, survey.field(first), " ")

    assert last(survey.read()).relevant == "not answered(q1)"


def test_the_equation_already_holds_the_conditions_so_they_count_once() -> None:
    survey, first, _, _ = old_survey()
    asked = survey.question("S", "Q4", relevance=f'(({survey.field(first)}.NAOK == "a"))')
    survey.condition(asked, first, survey.field(first), "a")
    result = survey.read(261)

    assert last(result).relevant == "q1 == 'a'"
    assert result.report.conditions.translated == 1


def test_a_condition_about_a_guest_is_said_and_the_question_kept_without_it() -> None:
    survey, _, _, asked = old_survey()
    survey.condition(asked, "0", "{TOKEN:EMAIL}", "x@y.fr")
    result = survey.read()

    assert last(result).relevant is None
    assert result.report.conditions.reported == 1
    assert "TOKEN:EMAIL" in what(result)[0]


# --- equations at every level --------------------------------------------------------------------


@pytest.mark.parametrize("version", LAYOUTS)
def test_a_group_a_question_and_a_row_keep_their_conditions(version: int) -> None:
    survey = Survey()
    survey.question("Y", "Q1")
    survey.group("Suite", relevance='Q1.NAOK == "Y"')
    asked = survey.question("F", "Q2", options={"1": "1", "2": "2"}, relevance='Q1 == "Y"')
    survey.sub(asked, "r1", "Un")
    survey.sub(asked, "r2", "Deux", relevance='Q1 != "N"')
    result = survey.read(version)

    section = result.questionnaire.sections[1]
    assert section.relevant == "q1 == 'Y'"
    assert section.questions[0].relevant == "q1 == 'Y'"
    assert [r.relevant for r in section.questions[0].rows] == [None, "q1 != 'N'"]
    assert result.report.conditions.translated == 3


def test_what_cannot_be_translated_is_said_with_the_equation_and_its_reason() -> None:
    survey = Survey()
    survey.question("S", "Q1", relevance='TOKEN:LASTNAME == "x"')
    result = survey.read()

    assert result.questionnaire.sections[0].questions[0].relevant is None
    assert result.report.conditions.reported == 1
    assert result.report.problems[0].where == "/document/questions/rows/row[1]"
    assert 'TOKEN:LASTNAME == "x"' in what(result)[0]


def test_questions_that_wait_for_each_other_are_said() -> None:
    survey = Survey()
    survey.question("Y", "Q1", relevance='Q2 == "Y"')
    survey.question("Y", "Q2", relevance='Q1 == "Y"')

    assert any("s’attendent" in line for line in what(survey.read()))


def test_an_equation_that_reads_itself_is_said() -> None:
    survey = Survey()
    survey.question("*", "Q1", "{Q1 + 1}", attributes={"hidden": "1"})
    survey.question("*", "Q2", "{Q3}", attributes={"hidden": "1"})
    survey.question("*", "Q3", "{Q2}", attributes={"hidden": "1"})
    result = survey.read()

    assert result.questionnaire.computed == []
    assert sum("se lit elle-même" in line for line in what(result)) == 3


# --- filters -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("array_filter", "selected(q1, 'a')"),
        ("array_filter_exclude", "not selected(q1, 'a')"),
    ],
)
@pytest.mark.parametrize("type", ["M", "F", "Q", "K", "R"])
def test_a_filtered_row_is_shown_as_it_was_and_the_filter_is_said(
    type: str, attribute: str, expected: str
) -> None:
    survey = Survey()
    survey.question("M", "Q1", rows={"a": "A", "b": "B"})
    parts: dict[str, Any] = {"a": "A", "c": "C"}
    options = parts if type == "R" else {"1": "1", "2": "2"}
    rows = None if type == "R" else parts
    survey.question(type, "Q2", rows=rows, options=options, attributes={attribute: "Q1"})
    result = survey.read()

    questions = result.questionnaire.sections[0].questions[1:]
    field = {"M": "options", "R": "options", "F": "rows"}.get(type)
    shown = getattr(questions[0], field) if field else questions
    assert [part.relevant for part in shown] == [expected, None]
    assert any(f"({attribute}) sur «\u00a0Q1\u00a0»" in line for line in what(result))


def test_a_filter_on_nothing_is_said() -> None:
    survey = Survey()
    survey.question("M", "Q2", rows={"a": "A"}, attributes={"array_filter": "Q9"})

    assert "n’est pas repris" in what(survey.read())[0]


# --- validation ----------------------------------------------------------------------------------


def test_a_pattern_becomes_a_regular_expression() -> None:
    survey = Survey()
    survey.question("S", "Q1", preg="/^[A-Z]{2}[0-9]+$/")
    survey.question("S", "Q2", preg="/[0-9]/i")
    survey.question("T", "Q3", preg="/^[a-z ]+$/")
    result = survey.read()

    first, second, third = result.questionnaire.sections[0].questions
    assert (first.regex, second.regex) == ("[A-Z]{2}[0-9]+", "(?i:.*[0-9].*)")
    assert [c.expression for c in third.constraints] == ["matches(q3, '^[a-z ]+$')"]
    assert result.report.constraints.translated == 3


def test_a_dangerous_or_unreadable_pattern_is_said() -> None:
    survey = Survey()
    survey.question("S", "Q1", preg="/^(a+)+(?=b)$/")
    survey.question("S", "Q2", preg="n’importe quoi")
    result = survey.read()

    assert result.report.constraints.reported == 2
    assert all(q.regex is None for q in result.questionnaire.sections[0].questions)


def test_an_equation_of_validation_keeps_its_message_in_each_language() -> None:
    survey = Survey(languages=("fr", "en"))
    tip = {"fr": "Dix au plus", "en": "Ten at most"}
    survey.question(
        "N", "Q1", attributes={"em_validation_q": EQUATION, "em_validation_q_tip": tip}
    )  # fmt: skip
    (constraint,) = last(survey.read()).constraints

    assert (constraint.expression, constraint.message) == ("q1 <= 10", tip)


def test_an_equation_about_missing_answers_is_said() -> None:
    survey = Survey()
    rows = {"a": "A", "b": "B", "c": "C"}
    survey.question("K", "Q1", rows=rows, attributes={"em_validation_q": "count(self.NAOK) >= 2"})
    result = survey.read()

    assert [q.constraints for q in result.questionnaire.sections[0].questions] == [[], [], []]
    assert result.report.constraints.reported == 1
    assert "réponses absentes" in what(result)[0]


def test_an_equation_for_each_row_holds_for_all_of_them() -> None:
    survey = Survey()
    attributes: dict[str, Any] = {"em_validation_sq": "this < 5"}
    survey.question("K", "Q1", rows={"a": "A", "b": "B"}, attributes=attributes)
    survey.question("A", "Q2", rows={"a": "A", "b": "B"}, attributes=attributes)

    first, second, array = survey.read().questionnaire.sections[0].questions
    assert [c.expression for c in first.constraints] == ["q1_a < 5"]
    assert [c.expression for c in second.constraints] == ["q1_b < 5"]
    assert [c.expression for c in array.constraints] == ["q2.a < 5 and q2.b < 5"]


def test_a_bound_that_another_answer_decides_is_a_constraint() -> None:
    survey = Survey()
    survey.question("N", "Q1")
    survey.question("N", "Q2", attributes={"max_num_value_n": "{Q1}"})
    survey.question("N", "Q3", attributes={"max_num_value_n": "{rand(1, 2)}"})
    result = survey.read()

    _, second, third = result.questionnaire.sections[0].questions
    assert [c.expression for c in second.constraints] == ["q2 <= q1"]
    assert third.constraints == []
    assert (result.report.constraints.translated, result.report.constraints.reported) == (1, 1)


# --- texts ---------------------------------------------------------------------------------------


def test_a_text_that_quotes_an_answer_quotes_ours() -> None:
    survey = Survey()
    survey.question("S", "Q1")
    survey.question("Q", "Q2", rows={"a": "A"})
    survey.question("X", "Q3", "<p>Bonjour {Q1}, {Q2_a.NAOK} et {Q1.shown}.</p>")

    assert last(survey.read()).label == {"fr": "Bonjour ${q1}, ${q2_a} et ${q1}."}


def test_a_text_that_computes_gets_a_computed_value() -> None:
    survey = Survey()
    survey.question("N", "Q1")
    survey.question("X", "Q2", "Le double : {Q1 * 2}. Encore : {Q1 * 2}.")
    result = survey.read()

    assert last(result).label == {"fr": "Le double : ${valeur}. Encore : ${valeur}."}
    assert [(c.key, c.expression) for c in result.questionnaire.computed] == [
        ("valeur", "sum(q1, 0) * 2")
    ]


def test_self_in_a_text_is_the_question_it_stands_in() -> None:
    survey = Survey()
    survey.question("Q", "Q1", "Reste {3 - count(self.NAOK)}", rows={"a": "A", "b": "B"})
    computed = survey.read().questionnaire.computed

    assert [c.expression for c in computed] == [
        "3 - (if(answered(q1_a), 1, 0) + if(answered(q1_b), 1, 0))"
    ]


def test_a_text_that_lists_the_boxes_ticked_quotes_the_question() -> None:
    survey = Survey()
    survey.question("M", "Q1", rows={"a": "A", "b": "B"})
    survey.question("X", "Q2", "Vous avez dit {implode(', ', that.Q1.shown)}.")

    assert last(survey.read()).label == {"fr": "Vous avez dit ${q1}."}


def test_rows_are_picked_by_their_codes() -> None:
    survey = Survey()
    rows = {"a1": "A", "b1": "B", "c2": "C"}
    survey.question("K", "Q1", rows=rows)
    survey.question("X", "Q2", "{sum(that.Q1.sq_a.sq_c)} {sum(that.Q1.nosq_1)}")

    assert [c.expression for c in survey.read().questionnaire.computed] == [
        "sum(q1_a1, q1_c2, 0)",
        "sum(q1_c2, 0)",
    ]


def test_what_a_text_quotes_and_we_do_not_know_stays_and_is_said() -> None:
    survey = Survey()
    survey.question("X", "Q1", "Chère {TOKEN:FIRSTNAME}, voici { des accolades }.")
    result = survey.read()

    assert last(result).label == {"fr": "Chère {TOKEN:FIRSTNAME}, voici { des accolades }."}
    assert len(what(result)) == 1


def test_an_equation_shown_to_people_is_computed_and_written() -> None:
    survey = Survey()
    survey.question("N", "Q1")
    survey.question("*", "total", "Total : {Q1 + 5} euros", relevance="Q1 > 0")
    result = survey.read()

    shown = last(result)
    assert (shown.key, shown.relevant) == ("total_texte", "q1 > 0")
    assert result.questionnaire.computed[0].expression == (
        "if(q1 > 0, concat('Total :', sum(q1, 5), 'euros'), none)"
    )


def test_pictures_and_scripts_that_are_lost_are_said() -> None:
    survey = Survey()
    survey.question("X", "Q1", '<img src="a.png"> Regardez <script>alert(1)</script>')
    result = survey.read()

    assert last(result).label == {"fr": "Regardez"}
    assert "image, script" in what(result)[0]


def test_a_link_is_kept_as_text() -> None:
    survey = Survey()
    survey.question("X", "Q1", 'Voir <a href="https://exemple.fr/a">le texte</a>')

    assert last(survey.read()).label == {"fr": "Voir le texte (https://exemple.fr/a)"}


def test_soft_obligation_random_groups_and_time_limits_are_said() -> None:
    survey = Survey()
    survey.group("Une", randomization_group="A")
    survey.question("S", "Q1", mandatory="S", attributes={"random_group": "B", "time_limit": "30"})
    lines = " ".join(what(survey.read()))

    assert all(
        word in lines for word in ("souple", "random_group", "temps", "au hasard des parties")
    )


def test_a_group_without_question_is_said_and_its_text_kept() -> None:
    survey = Survey()
    survey.group("Vide")
    survey.group("Lire", "Un mot d’accueil")
    survey.group("Une")
    survey.question("S", "Q1")
    result = survey.read()

    assert [s.title["fr"] for s in result.questionnaire.sections] == ["Lire", "Une"]
    assert result.questionnaire.sections[0].questions[0].label == {"fr": "Un mot d’accueil"}
    assert "«\u00a0Vide\u00a0»" in what(result)[0]
    assert result.report.sections == 3
