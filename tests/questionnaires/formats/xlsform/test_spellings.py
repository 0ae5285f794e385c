"""Forms as people really write them: spellings, headers, old layouts, columns that say nothing."""

from __future__ import annotations

from typing import Any

import pytest

from consultation.questionnaires.checks import symbols_of
from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.expressions.evaluate import evaluate
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.formats.report import Import, UnreadableFile
from consultation.questionnaires.formats.xlsform.reader import read
from consultation.questionnaires.formats.xlsform.types import row_type
from consultation.questionnaires.kinds.table import name_of
from consultation.questionnaires.path import walk
from tests.questionnaires.formats.xlsform.test_reader import OUI_NON, TODAY, asked, said, workbook

CHOICES = [("list_name", "name", "label"), *OUI_NON]


def form(head: str, *rows: tuple[Any, ...], **sheets: Any) -> Import:
    """Read a form whose columns are the words of ``head``, separated by bars."""
    columns = tuple(head.split("|"))
    return read(workbook(survey=[columns, *rows], **{"choices": CHOICES, **sheets}), "x.xlsx")


@pytest.mark.parametrize(
    ("text", "kind", "listed"),
    [
        ("select one from on", "select_one", "on"),
        ("select_one from_list", "select_one", "from_list"),
        ("SELECT ONE on", "select_one", "on"),
        ("select1 on", "select_one", "on"),
        ("select all that apply from on or specify other", "select_multiple", "on"),
        ("select multiple using on", "select_multiple", "on"),
        ("add select one prompt using on", "select_one", "on"),
        ("q select on", "select_multiple", "on"),
        ("rank from on", "rank", "on"),
        ("select_one", "select_one", ""),
        ("begin lgroup", "begin_repeat", ""),
        ("Begin Group", "begin_group", ""),
        ("end_group enfants", "end_group", ""),
        ("end time", "end", ""),
        ("get phone number", "phonenumber", ""),
        ("phone number", "digits", ""),
        ("q picture", "image", ""),
    ],
)
def test_every_spelling_of_a_type_is_read(text: str, kind: str, listed: str) -> None:
    found = row_type(text)

    assert (found.name, found.list_name) == (kind, listed)


def test_a_list_in_a_file_or_in_another_sheet_is_told_apart() -> None:
    assert row_type("select one from file a.csv").from_file
    assert row_type("select_one_external villes").external
    found = form(
        "type|name|label|choice_filter",
        ("select_one on", "q1", "Q"),
        ("select one external villes", "q2", "Ville", "membre=${q1}"),
        external_choices=[
            ("list_name", "name", "label", "membre"),
            ("villes", "a", "Albi", "oui"),
            ("villes", "b", "Brest", "non"),
            ("villes", "b", "Brest-même", "oui"),
        ],
    )

    assert found.report.options == 5
    assert [(o.value, o.relevant) for o in asked(found)["q2"].options] == [
        ("a", "'oui' == q1"),
        ("b", "('non' == q1) or ('oui' == q1)"),
    ]
    assert "external_choices, ligne 4" in said(found)


@pytest.mark.parametrize(
    "head",
    [
        "label::English (en)|hint::English (en)|constraint_message::English (en)|relevant",
        "Label : English (en)|HINT:English (en)|constraint message:English (en)|Relevance",
        "caption::en|hint::en|bind::jr:constraintMsg::en|bind::relevant",
        "label::en|hint::en|jr:constraintMsg::en|bind:relevant",
        "label::en|hint::en|constraining message::en|bind : relevance",
    ],
)
def test_every_way_to_write_a_header_is_read(head: str) -> None:
    found = form(
        f"type|name|constraint|{head}",
        ("text", "a", "", "A"),
        ("integer", "q", ". > 3", "How many?", "Count them", "Too few", "${a} = 'x'"),
    )
    question = asked(found)["q"]

    assert (question.label, question.hint) == ({"en": "How many?"}, {"en": "Count them"})
    assert question.constraints[0].message == {"en": "Too few"}
    assert question.relevant == "a == 'x'"
    assert all(p.where.startswith("choices") for p in found.report.problems)


def test_a_workbook_of_one_sheet_is_a_form_when_it_has_types() -> None:
    data = workbook(Feuil1=[("type", "name", "label"), ("text", "q", "Q")])

    assert list(asked(read(data, "x.xlsx"))) == ["q"]


def test_comments_and_disabled_rows_ask_nothing_and_are_said() -> None:
    found = form(
        "type|name|label|disabled",
        ("", "", "Une note entre collègues"),
        ("text", "q1", "Q", "yes"),
        ("text", "q2", "Q", "no"),
    )

    assert (found.report.questions, list(asked(found))) == (1, ["q2"])
    assert "survey, ligne 2: Cette ligne n’a pas de type" in said(found)
    assert "survey, ligne 3: Cette ligne est désactivée" in said(found)


def test_what_settings_columns_sheets_and_media_say_is_said_once() -> None:
    found = form(
        "type|name|label|bind::oddness|media::image|label",
        ("select_one on", "q1", "Q", "x", "photo.png", "second"),
        choices=[("list_name", "name", "label", "image::en", "notes"),
                 ("on", "a", "A", "a.png", "n"), ("on", "b", "B")],
        settings=[("form_title", "version", "style"), ("Enquête", "3", "pages")],
        journal=[("le", "1er mai")],
    )  # fmt: skip
    lines = said(found)

    assert found.questionnaire.title == {"fr": "Enquête"}
    for line in (
        "survey, ligne 2: Non repris : la colonne « bind::oddness »",
        "survey, ligne 2: Non repris : les médias « media::image »",
        "survey, ligne 1: La colonne « label » figure deux fois",
        "choices, ligne 2: Non repris : la colonne « media::image »",
        "choices, ligne 2: Non repris : la colonne « notes »",
        "settings, ligne 2: Non repris : les réglages version, style",
        "journal: Cette feuille n’est pas lue",
    ):
        assert line in lines.replace("\u00a0", " ")


def test_the_title_of_a_group_inside_a_page_is_a_text_before_its_questions() -> None:
    found = form(
        "type|name|label|hint|relevant",
        ("begin group", "page", "Page", "Une aide"),
        ("text", "q1", "Q1"),
        ("begin group", "dedans", "Dedans", "", "${q1} = 'x'"),
        ("text", "q2", "Q2"),
        ("end group",),
        ("begin group", "vide", "Vide", "", "${q1} = 'y'"),
        ("end group",),
        ("end group",),
        ("text", "q3", "Q3"),
    )
    section = found.questionnaire.sections[0]

    assert [(q.key, name_of(q)) for q in section.questions] == [
        ("q1", "short_text"), ("dedans", "statement"), ("q2", "short_text"),
    ]  # fmt: skip
    assert (section.title, section.introduction) == ({"fr": "Page"}, {"fr": "Une aide"})
    assert section.questions[1].relevant == "q1 == 'x'"
    assert (found.report.conditions.translated, found.report.conditions.reported) == (1, 1)
    assert "Rien de ce groupe" in said(found)


def test_a_form_that_is_one_group_of_groups_says_its_title_once() -> None:
    rows = [
        ("begin group", "tout", "Tout"),
        ("begin group", "a", "A"),
        ("text", "q1", "Q1"),
        ("end group",),
        ("begin group", "b", "B"),
        ("text", "q2", "Q2"),
        ("end group",),
        ("end group",),
    ]
    found = form("type|name|label", *rows)

    assert [s.title["fr"] for s in found.questionnaire.sections] == ["A", "B"]
    assert said(found).count("Le titre «\u00a0Tout\u00a0» n’est pas repris") == 1


def test_a_calculation_is_nothing_when_its_group_is_hidden() -> None:
    found = form(
        "type|name|label|relevant|calculation",
        ("integer", "a", "A"),
        ("begin group", "g", "G", "${a} > 2"),
        ("calculate", "c", "", "", "${a} * 2"),
        ("end group",),
        ("text", "q", "Q", "${c} > 1"),
    )
    version = compile_version(found.questionnaire)

    assert "q" in walk(version, {"a": 3}, TODAY).shown
    assert "q" not in walk(version, {"a": 1}, TODAY).shown
    assert (found.report.conditions.translated, found.report.conditions.reported) == (2, 0)


def test_a_condition_that_means_nothing_here_is_said_and_the_question_kept() -> None:
    found = form(
        "type|name|label|relevant|constraint",
        ("select_one on", "a", "A"),
        ("text", "q1", "Q", "${a} = 'peut-être'"),
        ("select_multiple on", "m", "M"),
        ("text", "q2", "Q", "${m} > 3"),
        ("note", "n", "N", "", ". > 3"),
        ("geopoint", "g", "G", "${a} = 'oui'", ". > 3"),
        ("text", "q3", "Q", "${n} = 'x'"),
        ("text", "q4", "Q", "FALSE"),
        ("text", "q5", "Q", "yes"),
    )
    report = found.report

    assert (report.conditions.translated, report.conditions.reported) == (1, 4)
    assert (report.constraints.translated, report.constraints.reported) == (0, 2)
    assert [asked(found)[k].relevant for k in ("q1", "q2", "q3", "q4", "q5")] == [
        None, None, None, "false", None,
    ]  # fmt: skip
    assert "peut-être" in said(found) and "un texte n’attend pas de réponse" in said(found)
    symbols_of(compile_version(found.questionnaire))


def test_calculations_that_read_one_that_is_lost_are_lost_however_many() -> None:
    calculations = [("calculate", f"c{n}", "", f"${{c{n - 1}}} + 1") for n in range(1, 400)]
    found = form(
        "type|name|label|calculation",
        ("calculate", "c0", "", "position(..)"),
        *reversed(calculations),
        ("calculate", "seul", "", "1 + 1"),
    )

    assert [c.key for c in found.questionnaire.computed] == ["seul"]
    assert found.report.questions == 401
    assert len([p for p in found.report.problems if "Le calcul" in p.what]) == 400


def test_calculations_that_double_without_end_are_said() -> None:
    found = form(
        "type|name|label|calculation",
        ("integer", "c0", "Q"),
        *[("calculate", f"c{n}", "", f"${{c{n - 1}}} + ${{c{n - 1}}}") for n in range(1, 60)],
    )

    assert 5 < len(found.questionnaire.computed) < 30
    compile_version(found.questionnaire)


def test_conditions_that_wait_for_each_other_are_said() -> None:
    found = form(
        "type|name|label|relevant",
        ("text", "a", "A", "${b} = 'x'"),
        ("text", "b", "B", "${a} = 'x'"),
    )

    assert "s’attendent l’une l’autre" in said(found)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("integer", "12", 12),
        ("decimal", "1.5", 1.5),
        ("text", "bonjour", "bonjour"),
        ("date", "2022-03-11", "2022-03-11"),
        ("select_one on", "oui", "oui"),
        ("select_multiple on", "oui non", ["oui", "non"]),
        ("select_one on", "licorne", None),
        ("integer", "beaucoup", None),
        ("text", "once(now())", None),
        ("text", "${a}", None),
        ("image", "photo.png", None),
    ],
)
def test_a_default_value_is_an_answer_or_a_line(kind: str, value: str, kept: object) -> None:
    found = form("type|name|label|default", (kind, "q", "Q", value))

    assert asked(found)["q"].default == kept
    assert ("valeur par défaut" in said(found)) == (kept is None)


def test_parameters_are_read_or_said() -> None:
    found = form(
        "type|name|label|parameters",
        ("range", "a", "A", "start=0; end=100; step=5"),
        ("range", "b", "B"),
        ("select_one on", "c", "C", "randomize=true seed=3"),
        ("image", "d", "D", "max-pixels=1024"),
    )
    a, b, c = (asked(found)[key] for key in "abc")

    assert (a.minimum, a.maximum, a.step) == (0, 100, 5)
    assert (b.minimum, b.maximum) == (1, 10)
    assert c.random_order
    assert "seed=3" in said(found) and "max-pixels=1024" in said(found)


def test_other_is_added_beside_a_choice_of_that_name() -> None:
    found = form(
        "type|name|label",
        ("select_one x or_other", "q", "Q"),
        choices=[("list name", "value", "label"), ("x", "other", "Other"), ("x", "a", "A")],
    )

    assert [(o.value, o.other) for o in asked(found)["q"].options] == [("autre", True)]
    compile_version(found.questionnaire)


@pytest.mark.parametrize(
    ("source", "answers", "value"),
    [
        ("int(${n} div 4)", {"n": 11}, 2),
        ("int(${n} div 4)", {"n": 0}, 0),
        ("int(${n} div 4)", {"n": -11}, -2),
        ("int(${n} div 4)", {"n": 8}, 2),
        ("${n} mod 4", {"n": 11}, 3),
        ("pow(${n}, 2)", {"n": 3}, 9),
        ("int((today() - ${d}) div 365.25)", {"d": "1990-02-02"}, 31),
        ("format-date(${d}, '%Y')", {"d": "1990-02-02"}, 1990),
        ("coalesce(${n} + 1, 5)", {}, 5),
        ("selected-at(${s}, 0)", {"s": "oui"}, "oui"),
        ("if(../n > 2, 'a', \"b\")", {"n": 3}, "a"),
        ("/data/page/n * 2", {"n": 3}, 6),
        ("${jour}", {}, TODAY.isoformat()),
    ],
)
def test_a_calculation_says_the_same(source: str, answers: dict[str, Any], value: Any) -> None:
    found = form(
        "type|name|label|calculation",
        ("integer", "n", "N"),
        ("date", "d", "D"),
        ("select_one on", "s", "S"),
        ("today", "jour"),
        ("calculate", "c", "", source),
    )
    (computed,) = found.questionnaire.computed

    result = evaluate(parse(computed.expression), answers, TODAY)
    assert (result.isoformat() if hasattr(result, "isoformat") else result) == value


def test_groups_without_end_are_refused() -> None:
    rows = [("begin group", f"g{n}", "G") for n in range(5000)]

    with pytest.raises(UnreadableFile, match="emboîte plus de 60 groupes"):
        form("type|name|label", *rows)


def test_codes_and_names_that_we_keep_otherwise_are_changed_and_said() -> None:
    found = form(
        "type|name|label|relevant",
        ("text", "not", "Q"),
        ("text", "Q-1", "Q", "${not} = 'x'"),
        ("text", "Q_1", "Q"),
        ("select_one x", "s", "S"),
        choices=[("list_name", "name", "label"), ("x", "a\nb", "A"), ("x", "c", "")],
    )

    assert list(asked(found)) == ["not_2", "q_1", "q_1_2", "s"]
    assert asked(found)["q_1"].relevant == "not_2 == 'x'"
    assert "« Q_1 » est réservé ou pris" in said(found).replace("\u00a0", " ")
    assert [o.value for o in found.questionnaire.lists["x"]] == ["a b", "c"]


@pytest.mark.parametrize(
    ("kind", "constraint", "limits"),
    [
        ("integer", ". >= 0 and . < 120", {"minimum": 0, "maximum": 119}),
        ("integer", "(. > 0) and (. <= 9)", {"minimum": 1, "maximum": 9}),
        ("decimal", ".>=0.5", {"minimum": 0.5}),
        ("date", ". <= date('2022-03-11')", {"maximum": "2022-03-11"}),
        ("select_multiple on", "count-selected(.) <= 2", {"max_choices": 2}),
        ("rank on", "count-selected(.) >= 2", {"min_ranked": 2}),
        ("decimal", ". < 3", None),
        ("integer", ". >= 0 or . = -9", None),
        ("integer", ". > ${a}", None),
        ("text", "string-length(.) > 3", None),
    ],
)
def test_a_constraint_that_is_only_bounds_becomes_bounds(
    kind: str, constraint: str, limits: dict[str, Any] | None
) -> None:
    head = "type|name|label|constraint"
    found = form(head, ("integer", "a", "A"), (kind, "q", "Q", constraint))
    question = asked(found)["q"]

    assert found.report.constraints.translated == 1
    assert len(question.constraints) == (limits is None)
    for name, value in (limits or {}).items():
        assert getattr(question, name) == value


def test_a_constraint_with_a_message_keeps_it() -> None:
    head = "type|name|label|constraint|constraint_message"
    question = asked(form(head, ("integer", "q", "Q", ". >= 3", "Au moins trois")))["q"]

    assert question.constraints[0].message == {"fr": "Au moins trois"}
