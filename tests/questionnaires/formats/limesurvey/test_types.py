"""Every type of question of LimeSurvey, in every layout of the file."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from consultation.questionnaires.format import digest
from consultation.questionnaires.kinds.table import name_of
from tests.questionnaires.formats.limesurvey.every_type import COLUMNS, OPTIONS, ROWS, every_type
from tests.questionnaires.formats.limesurvey.survey import LAYOUTS, Survey, Texts


def made(type: str, **fields: Any) -> list[Any]:
    """Return our questions for one question of a type."""
    survey = Survey()
    survey.question(type, "Q1", **fields)
    return [q for s in survey.read().questionnaire.sections for q in s.questions]


def kinds(questions: list[Any]) -> list[str]:
    return [name_of(question) for question in questions]


@pytest.mark.parametrize("version", LAYOUTS)
def test_an_organiser_finds_every_question_whatever_the_version(version: int) -> None:
    report = every_type().read(version).report

    assert (report.sections, report.questions, report.rows, report.options) == (3, 29, 30, 21)
    assert report.languages == ["fr", "en"]
    assert report.kinds == Counter(
        single=5, scale=1, multiple=2, ranking=1, matrix=8, short_text=3, long_text=2, number=2,
        date=1, file=1, statement=1, computed=1,
    )  # fmt: skip


@pytest.mark.parametrize("version", LAYOUTS[1:])
def test_the_version_of_the_file_changes_nothing_in_the_questionnaire(version: int) -> None:
    first = every_type().read(LAYOUTS[0]).questionnaire

    assert digest(every_type().read(version).questionnaire) == digest(first)


def test_only_the_choice_of_language_is_left_out_and_it_is_said() -> None:
    problems = [p.what for p in every_type().read().report.problems]

    assert len(problems) == 2
    assert "la question de choix de la langue n’est pas reprise" in problems[0]
    assert "deux points" in problems[1]  # the first scale of the array has a single answer


def test_a_text_is_kept_in_every_language_as_plain_text() -> None:
    section = every_type().read().questionnaire.sections[0]

    assert section.title == {"fr": "Choisir", "en": "Choisir (en)"}
    assert section.introduction == {"fr": "Des listes", "en": "Des listes (en)"}
    assert section.questions[0].label == {"fr": "Liste", "en": "Liste (en)"}


def test_a_list_keeps_its_order_its_other_and_its_obligation() -> None:
    (question,) = made("L", options=OPTIONS, other="Y", mandatory="Y", attributes={
        "other_replace_text": "Autre chose", "random_order": "1",
    })  # fmt: skip

    assert [o.value for o in question.options] == ["A1", "A2", "A3", "other"]
    assert question.options[-1].other and question.options[-1].label == {"fr": "Autre chose"}
    assert question.required and question.random_order and question.display == "radios"


def test_a_menu_is_a_list_shown_as_a_menu() -> None:
    assert made("!", options=OPTIONS)[0].display == "select"


def test_a_list_with_a_comment_becomes_a_list_and_a_text() -> None:
    choice, comment = made("O", options=OPTIONS, mandatory="Y")

    assert kinds([choice, comment]) == ["single", "long_text"]
    assert choice.required and not comment.required


def test_alphabetical_order_is_the_one_read() -> None:
    (question,) = made("L", options={"1": "Zèbre", "2": "Âne"}, attributes={"alphasort": "1"})

    assert [o.value for o in question.options] == ["2", "1"]


def test_the_place_of_other_is_kept() -> None:
    first = made("M", rows=ROWS, other="Y", attributes={"other_position": "beginning"})
    middle = made("M", rows=ROWS, other="Y", attributes={
        "other_position": "specific", "other_position_code": "r1",
    })  # fmt: skip

    assert [o.value for o in first[0].options] == ["other", "r1", "r2"]
    assert [o.value for o in middle[0].options] == ["r1", "other", "r2"]


def test_a_multiple_choice_keeps_its_bounds_and_its_exclusive_options() -> None:
    (question,) = made("M", rows={**ROWS, "r3": "Aucun"}, attributes={
        "min_answers": "1", "max_answers": "2", "exclude_all_others": "r3",
    })  # fmt: skip

    assert (question.min_choices, question.max_choices) == (1, 2)
    assert [o.exclusive for o in question.options] == [False, False, True]


@pytest.mark.parametrize(
    ("when", "condition"),
    [("checked", "selected(q1, 'r1')"), ("unchecked", "not selected(q1, 'r1')"), ("always", None)],
)
def test_each_box_has_its_comment_when_limesurvey_shows_it(
    when: str, condition: str | None
) -> None:
    boxes, comment, _ = made("P", rows=ROWS, attributes={"commented_checkbox": when})

    assert name_of(boxes) == "multiple"
    assert (comment.key, comment.relevant) == ("q1_r1_comment", condition)


@pytest.mark.parametrize(
    ("type", "points"),
    [
        ("A", list("12345")),
        ("B", [str(n) for n in range(1, 11)]),
        ("C", ["Y", "U", "N"]),
        ("E", ["I", "S", "D"]),
    ],
)
def test_an_array_with_a_built_in_scale_keeps_its_codes(type: str, points: list[str]) -> None:
    (question,) = made(type, rows=ROWS)

    assert [p.value for p in question.points] == points
    assert [r.value for r in question.rows] == ["r1", "r2"]


def test_the_words_of_built_in_scales_are_in_the_language_of_the_survey() -> None:
    survey = Survey(languages=("de-informal", "fi"))
    survey.question("Y", "Q1")

    options = survey.read().questionnaire.sections[0].questions[0].options
    assert [o.label for o in options] == [{"de-informal": "Ja"}, {"de-informal": "Nein"}]


def test_an_array_of_two_scales_becomes_two_matrices() -> None:
    yes = {"B1": "Non", "B2": "Oui"}
    first, second = made("1", rows=ROWS, options=OPTIONS, options_2=yes, attributes={
        "dualscale_headerA": "Avant", "dualscale_headerB": "Après",
    })  # fmt: skip

    assert (first.key, second.key) == ("q1_0", "q1_1")
    assert (first.label, second.label) == ({"fr": "Question – Avant"}, {"fr": "Question – Après"})
    assert [p.value for p in second.points] == ["B1", "B2"]


def test_a_grid_of_menus_becomes_a_scale_by_row() -> None:
    questions = made(":", rows=ROWS, columns=COLUMNS, attributes={
        "multiflexible_min": "0", "multiflexible_max": "4", "multiflexible_step": "2",
    })  # fmt: skip

    assert kinds(questions) == ["matrix", "matrix"]
    assert [p.value for p in questions[0].points] == ["0", "2", "4"]


def test_a_grid_of_boxes_to_type_in_becomes_a_number_by_cell() -> None:
    questions = made(":", rows=ROWS, columns=COLUMNS, attributes={
        "input_boxes": "1", "multiflexible_max": "20",
    })  # fmt: skip

    assert [q.key for q in questions] == ["q1_r1_c1", "q1_r1_c2", "q1_r2_c1", "q1_r2_c2"]
    assert {q.maximum for q in questions} == {20.0}


def test_a_grid_of_boxes_to_tick_becomes_a_multiple_choice_by_row() -> None:
    questions = made(":", rows=ROWS, columns=COLUMNS, attributes={"multiflexible_checkbox": "1"})

    assert kinds(questions) == ["multiple", "multiple"]


def test_a_grid_of_texts_becomes_a_text_by_cell() -> None:
    questions = made(";", rows=ROWS, columns=COLUMNS)

    assert kinds(questions) == ["short_text"] * 4
    assert questions[1].label == {"fr": "Question – Première – Droite"}


def test_a_long_question_is_said_once_before_its_parts() -> None:
    questions = made("Q", text="Mot " * 60, rows=ROWS)

    assert kinds(questions) == ["statement", "short_text", "short_text"]
    assert questions[1].label == {"fr": "Première"}


def test_numbers_that_must_reach_a_total_are_an_allocation() -> None:
    (question,) = made("K", rows=ROWS, attributes={
        "equals_num_value": "100", "num_value_int_only": "1", "suffix": "%",
    })  # fmt: skip

    assert name_of(question) == "allocation"
    assert (question.total, question.integer, question.unit) == (100.0, True, {"fr": "%"})


def test_numbers_with_bounds_keep_those_of_each_and_of_their_sum() -> None:
    questions = made("K", rows=ROWS, attributes={
        "min_num_value_n": "1", "max_num_value_n": "9", "max_num_value": "12",
    })  # fmt: skip

    assert [(q.minimum, q.maximum) for q in questions] == [(1.0, 9.0)] * 2
    assert [c.expression for c in questions[1].constraints] == ["sum(q1_r1, q1_r2, 0) <= 12"]


def test_a_slider_gives_its_bounds_and_its_step() -> None:
    questions = made("K", rows={"r1": "Chaud|froid|brûlant"}, attributes={
        "slider_layout": "1", "slider_min": "1", "slider_max": "10", "slider_accuracy": "0.5",
    })  # fmt: skip

    assert (questions[0].minimum, questions[0].maximum, questions[0].step) == (1.0, 10.0, 0.5)
    assert questions[0].label == {"fr": "Question – Chaud – froid – brûlant"}


def test_a_number_keeps_its_bounds_its_unit_and_whether_it_is_whole() -> None:
    (question,) = made("N", attributes={
        "num_value_int_only": "1", "min_num_value_n": "18", "max_num_value_n": "120",
        "suffix": "ans",
    })  # fmt: skip

    assert (question.integer, question.minimum, question.maximum) == (True, 18.0, 120.0)
    assert question.unit == {"fr": "ans"}


def test_a_text_that_takes_numbers_only_is_a_number() -> None:
    assert kinds(made("S", attributes={"numbers_only": "1"})) == ["number"]


@pytest.mark.parametrize(
    ("form", "precision"),
    [("dd/mm/yyyy", "day"), ("mm/yyyy", "month"), ("yyyy", "year"), ("", "day")],
)
def test_a_date_has_the_precision_of_its_format(form: str, precision: str) -> None:
    assert made("D", attributes={"date_format": form})[0].precision == precision


def test_a_date_keeps_its_bounds_even_when_one_is_today() -> None:
    (question,) = made("D", attributes={"date_min": "2005", "date_max": "today"})

    assert (question.minimum, question.maximum) == ("2005", None)
    assert [c.expression for c in question.constraints] == ["q1 <= today()"]


def test_a_ranking_keeps_how_many_to_rank() -> None:
    (some,) = made("R", options=OPTIONS, attributes={"min_answers": "2", "max_answers": "2"})
    (all_of_them,) = made("R", options=OPTIONS, mandatory="Y")

    assert (some.min_ranked, some.max_ranked) == (2, 2)
    assert (all_of_them.min_ranked, all_of_them.max_ranked) == (3, None)


def test_a_file_keeps_its_extensions_its_size_and_its_number() -> None:
    (question,) = made("|", attributes={
        "allowed_filetypes": "pdf, .ODT", "max_filesize": "2048", "max_num_of_files": "3",
    })  # fmt: skip

    assert (question.extensions, question.max_megabytes, question.max_files) == (
        ["pdf", "odt"],
        2.0,
        3,
    )


@pytest.mark.parametrize(
    ("type", "value", "default"),
    [
        ("L", "A2", "A2"),
        ("N", "12", 12),
        ("S", "Bonjour", "Bonjour"),
        ("D", "2022-03-07", "2022-03-07"),
    ],
)
def test_a_default_answer_comes_over(type: str, value: str, default: object) -> None:
    survey = Survey()
    options: dict[str, Texts] | None = dict(OPTIONS) if type == "L" else None
    survey.default(survey.question(type, "Q1", options=options), value)

    for version in LAYOUTS:
        assert survey.read(version).questionnaire.sections[0].questions[0].default == default


def test_boxes_ticked_beforehand_come_over() -> None:
    survey = Survey()
    qid = survey.question("M", "Q1", rows={"r1": "Un"})
    survey.default(qid, "Y", survey.sub(qid, "r2", "Deux"))

    assert survey.read().questionnaire.sections[0].questions[0].default == ["r2"]


def test_a_hidden_question_is_never_shown_and_it_is_said() -> None:
    survey = Survey()
    survey.question("S", "Q1", attributes={"hidden": "1"})
    result = survey.read()

    assert result.questionnaire.sections[0].questions[0].relevant == "false"
    assert any("masquée" in p.what for p in result.report.problems)


def test_two_codes_that_read_the_same_give_two_keys_and_a_line() -> None:
    survey = Survey()
    survey.question("S", "Q1")
    survey.question("S", "q1")
    result = survey.read()

    assert [q.key for q in result.questionnaire.sections[0].questions] == ["q1", "q1_2"]
    assert [p.where for p in result.report.problems] == ["/document/questions/rows/row[2]"]
