"""Claire brings the form she already has in ODK or KoboToolbox."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pyxform.xls2xform import convert

from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.formats.report import Import, UnreadableFile
from consultation.questionnaires.formats.xlsform.reader import read
from consultation.questionnaires.formats.xlsform.writer import write
from consultation.questionnaires.formats.xlsform.xpath import Names, Untranslatable, translate
from consultation.questionnaires.kinds.table import name_of
from consultation.questionnaires.path import walk
from consultation.questionnaires.starters.shelf import starter

Rows = Sequence[Sequence[Any]]
TODAY = date(2022, 2, 1)


def workbook(**sheets: Rows) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


def form(*rows: Sequence[Any], choices: Rows = (), settings: Rows = ()) -> Import:
    french, english = "label::Français (fr)", "label::English (en)"
    rules = ("relevant", "constraint", "required", "appearance", "calculation", "choice_filter")
    head = ("type", "name", french, english, *rules, "parameters")
    listed = [("list_name", "name", "label::Français (fr)", "region"), *choices]
    return read(workbook(survey=[head, *rows], choices=listed, settings=settings), "enquete.xlsx")


def asked(found: Import) -> dict[str, Any]:
    return {q.key: q for s in found.questionnaire.sections for q in s.questions}


def said(found: Import) -> str:
    return "\n".join(f"{p.where}: {p.what}" for p in found.report.problems)


OUI_NON = (("on", "oui", "Oui"), ("on", "non", "Non"))


def test_every_type_that_makes_sense_on_a_page_becomes_a_question() -> None:
    types = {
        "select_one on": "single", "select one from on": "single", "select_multiple on": "multiple",
        "rank on": "ranking", "text": "short_text", "integer": "number", "decimal": "number",
        "range": "number", "date": "date", "time": "short_text", "dateTime": "date",
        "note": "statement", "acknowledge": "consent", "image": "file", "file": "file",
        "select_one on or_other": "single", "barcode": "short_text",
    }  # fmt: skip
    rows = [(t, f"q{n}", f"Question {n}") for n, t in enumerate(types)]

    found = form(*rows, choices=OUI_NON)

    assert [name_of(q) for q in asked(found).values()] == list(types.values())
    assert found.report.questions == len(types)
    assert found.report.kinds == Counter(types.values())
    assert found.report.options == 2


def test_or_other_adds_an_option_with_a_text() -> None:
    question = asked(form(("select_one on or_other", "q", "Q"), choices=OUI_NON))["q"]

    assert [(o.value, o.other) for o in question.options] == [("other", True)]


def test_what_has_no_place_on_a_page_is_said_with_its_row() -> None:
    found = form(("geopoint", "ici", "Où ?"), ("start", "debut"), ("text", "q", "Q"))

    assert list(asked(found)) == ["q"]
    assert "survey, ligne 2: Le type «\u00a0geopoint\u00a0»" in said(found)
    assert "survey, ligne 3: La donnée technique «\u00a0start\u00a0»" in said(found)


def test_groups_become_pages_and_their_conditions_are_kept() -> None:
    found = form(
        ("select_one on", "membre", "Membre ?"),
        ("begin group", "details", "Détails", "", "${membre} = 'oui'"),
        ("begin_group", "plus", "Plus", "", "${membre} != 'non'"),
        ("integer", "age", "Âge", "", "", ". >= 0 and . <= 110"),
        ("end group",),
        ("end_group",),
        ("text", "fin", "Fin"),
        choices=OUI_NON,
    )
    version = compile_version(found.questionnaire)

    assert found.report.sections == 3
    assert (found.report.conditions.translated, found.report.conditions.reported) == (2, 0)
    assert found.report.constraints.translated == 1
    assert "age" in walk(version, {"membre": "oui"}, TODAY).shown
    assert "age" not in walk(version, {"membre": "non"}, TODAY).shown


def test_a_repeat_is_asked_once_and_said_so() -> None:
    found = form(
        ("begin repeat", "enfants", "Enfants"), ("text", "prenom", "Prénom"), ("end repeat",)
    )

    assert list(asked(found)) == ["prenom"]
    assert "posées une seule fois" in said(found)


def test_a_choice_filter_becomes_a_condition_on_each_option() -> None:
    choices = (
        ("r", "bre", "Bretagne"),
        ("r", "occ", "Occitanie"),
        ("v", "rennes", "Rennes", "bre"),
        ("v", "toulouse", "Toulouse", "occ"),
    )
    found = form(
        ("select_one r", "region", "Région"),
        ("select_one v", "ville", "Ville", "", "", "", "", "", "", "region=${region}"),
        choices=choices,
    )

    relevant = {o.value: o.relevant for o in asked(found)["ville"].options}
    assert relevant == {"rennes": "'bre' == region", "toulouse": "'occ' == region"}


def test_a_calculation_is_computed_where_it_is_read() -> None:
    found = form(
        ("integer", "a", "A"),
        ("calculate", "double", "", "", "", "", "", "", "${a} * 2"),
        ("text", "q", "Q ${double}", "", "${double} > 10"),
    )
    version = compile_version(found.questionnaire)

    assert "q" in walk(version, {"a": 6}, TODAY).shown
    assert "q" not in walk(version, {"a": 5}, TODAY).shown
    assert asked(found)["q"].label["fr"] == "Q ${double}"


def test_what_reads_a_lost_calculation_is_lost_with_a_reason() -> None:
    found = form(
        ("calculate", "rang", "", "", "", "", "", "", "position(..)"),
        ("text", "q", "Q", "", "${rang} > 1"),
    )

    assert found.report.conditions.reported == 1
    assert "position() n’a pas d’équivalent" in said(found)
    assert "l’expression lit «\u00a0rang\u00a0»" in said(found)


def test_a_mandatory_question_and_a_conditional_obligation() -> None:
    found = form(
        ("text", "a", "A", "", "", "", "yes"),
        ("text", "b", "B", "", "", "", "${a} = 'x'"),
    )

    assert asked(found)["a"].required
    assert not asked(found)["b"].required
    assert "L’obligation sous condition" in said(found)


def test_a_list_that_is_missing_and_a_choice_that_stands_twice_are_said() -> None:
    found = form(
        ("select_one nulle", "q", "Q"), ("select_one on", "r", "R"), choices=[*OUI_NON, OUI_NON[0]]
    )

    assert "La liste «\u00a0nulle\u00a0» n’existe pas" in said(found)
    assert "choices, ligne 4: Le code «\u00a0oui\u00a0» existe déjà" in said(found)


def test_two_names_that_become_the_same_key_stay_two_questions() -> None:
    found = form(("text", "Âge", "A"), ("text", "age", "B"), ("text", "9age", "C"))

    assert list(asked(found)) == ["age", "age_2", "q_9age"]


def test_smart_quotes_are_read_as_quotes() -> None:
    names = Names({"a": "a"}, frozenset(), {})

    assert translate("${a} = ‘oui’", names) == "a == 'oui'"


@pytest.mark.parametrize("source", ["${a", "a b", "((", "${a} = 'x", "1 1", ")" * 100, "(" * 4000])
def test_an_expression_that_cannot_be_read_is_said_not_raised(source: str) -> None:
    with pytest.raises(Untranslatable):
        translate(source, Names({"a": "a"}, frozenset(), {}))


@given(st.text(alphabet="${}a ()'=<>+-*.,1orandnt", max_size=40))
def test_any_expression_is_translated_or_said(source: str) -> None:
    try:
        translate(source, Names({"a": "a"}, frozenset({"a"}), {}), "a")
    except Untranslatable as why:
        assert str(why)


WORDS = st.sampled_from(
    ["text", "begin group", "end group", "begin repeat", "end repeat", "select_one on", "calculate",
     "note", "rank on", "geopoint", "", "begin", "q", "${q}", "${q} = 'oui'", "yes", "=1+1"]
)  # fmt: skip


@given(st.lists(st.lists(WORDS, max_size=9), max_size=12))
def test_any_rows_are_read_and_nothing_is_dropped_in_silence(rows: list[list[str]]) -> None:
    found = form(*rows, choices=OUI_NON)
    kept = sum(found.report.kinds.values())

    assert kept <= found.report.questions
    if kept < found.report.questions:
        assert found.report.problems


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    for bytes_ in (data, b"PK\x03\x04" + data):
        with pytest.raises(UnreadableFile, match=r"\.$"):
            read(bytes_, "x.xlsx")


def test_an_old_workbook_under_a_new_name_is_named() -> None:
    with pytest.raises(UnreadableFile, match="ancien classeur Excel"):
        read(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "enquete.xlsx")


def test_a_zip_that_inflates_without_end_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(80_000_000))

    with pytest.raises(UnreadableFile, match="60\u00a0Mo"):
        read(stream.getvalue(), "bombe.xlsx")


def test_a_workbook_without_a_survey_sheet_is_refused_with_what_to_add() -> None:
    with pytest.raises(UnreadableFile, match="pas de feuille «\u00a0survey\u00a0»"):
        read(workbook(feuille=[("a", "b")]), "budget.xlsx")


def test_a_broken_stylesheet_does_not_matter() -> None:
    source = zipfile.ZipFile(
        io.BytesIO(workbook(survey=[("type", "name", "label"), ("text", "q", "Q")]))
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part in source.infolist():
            broken = part.filename == "xl/styles.xml"
            archive.writestr(part.filename, "<styleSheet><" if broken else source.read(part))
    try:
        assert list(asked(read(stream.getvalue(), "x.xlsx"))) == ["q"]
    except UnreadableFile as refusal:
        assert str(refusal).endswith(".")


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for column, text in enumerate(("type", "name", "label"), 2):
        sheet.cell(3, column, text)
        sheet.cell(6, column, ("geopoint", "ici", "Où ?")[column - 2])
    stream = io.BytesIO()
    book.save(stream)

    found = read(stream.getvalue(), "x.xlsx")

    assert "survey, ligne 6: Le type" in said(found)


def test_our_questionnaire_goes_out_and_comes_back() -> None:
    clusters = starter("poles_2022")
    back = read(write(clusters), "poles.xlsx")
    before = {q.key: q for s in clusters.sections for q in s.questions}
    after = asked(back)

    assert back.report.sections == len(clusters.sections)
    simple = {k for k, q in before.items() if name_of(q) not in ("matrix",)}
    assert simple <= after.keys()
    assert {k: q.label for k, q in after.items() if k in simple} == {
        k: before[k].label for k in after if k in simple
    }
    assert all(bool(after[k].required) == before[k].required for k in simple)
    rows = {f"satisfaction_{r.value}" for r in before["satisfaction"].rows}  # type: ignore[union-attr]
    assert rows <= after.keys()
    assert (back.report.conditions.reported, back.report.constraints.reported) == (0, 0)


def test_what_went_out_and_back_is_the_same_the_next_time() -> None:
    once = read(write(starter("poles_2022")), "poles.xlsx").questionnaire
    twice = read(write(once), "poles.xlsx").questionnaire
    keys = [[q.key for q in s.questions] for s in once.sections]

    assert [s.title for s in twice.sections] == [s.title for s in once.sections]
    assert {k for page in keys for k in page} <= {
        q.key for s in twice.sections for q in s.questions
    }


@pytest.mark.filterwarnings("ignore")
def test_another_tool_opens_the_workbook_and_finds_the_same_questions() -> None:
    clusters = starter("poles_2022")
    opened = convert(xlsform=io.BytesIO(write(clusters)), validate=False)

    for key in ("acteur", "missions_rang", "part_privee", "satisfaction_rd", "cahier_acteur"):
        assert f"/{key}" in opened.xform


def test_six_hundred_questions_are_read() -> None:
    rows = [
        ("select_one on", f"q{n}", f"Question {n}", "", f"${{q{n - 1}}} = 'oui'" if n else "")
        for n in range(600)
    ]

    assert form(*rows, choices=OUI_NON).report.conditions.translated == 599
