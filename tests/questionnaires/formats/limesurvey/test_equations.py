"""Equations of LimeSurvey translated: a table of what they become, and of why some cannot."""

from __future__ import annotations

import pytest

from consultation.questionnaires.formats.limesurvey.em_tree import Untranslatable
from consultation.questionnaires.formats.limesurvey.reader import _symbols
from consultation.questionnaires.formats.limesurvey.source import read_source
from consultation.questionnaires.formats.limesurvey.work import Work
from consultation.questionnaires.formats.report import Report
from tests.questionnaires.formats.limesurvey.every_type import every_type


@pytest.fixture(scope="module")
def work() -> Work:
    """The variables of the survey that has every type."""
    from consultation.questionnaires.formats.limesurvey.reader import _Reader

    survey = every_type()
    survey.question("K", "parts", rows={"a": "A", "b": "B"}, attributes={"equals_num_value": "100"})
    survey.question("M", "ticks", rows={"a": "A", "b": "B", "c": "C"})
    reader = _Reader(read_source(survey.lss()), "x.lss")
    reader.work.symbols = _symbols(reader._sections())
    reader.work.silent = False
    return reader.work


TRANSLATED = {
    # a list
    'list == "A1"': "list == 'A1'",
    "list.NAOK eq 'A1'": "list == 'A1'",
    '"A1" == list.NAOK': "list == 'A1'",
    'list != "A1"': "list != 'A1'",
    'list == "-oth-"': "list == 'other'",
    'list.shown == "Assez"': "list == 'A2'",
    'list == "A1" or list == "A2"': "list in ['A1', 'A2']",
    'list != "A1" and list != "A2"': "list not in ['A1', 'A2']",
    'list > "A1"': "list in ['A2', 'A3']",
    "is_empty(list.NAOK)": "not answered(list)",
    "!is_empty(list)": "answered(list)",
    "list == ''": "not answered(list)",
    "list": "answered(list)",
    "!list": "not answered(list)",
    "is_empty(list_other)": "not answered(list.other)",
    "list_other == 'abc'": "list.other == 'abc'",
    "is_empty(listcomment_comment)": "not answered(listcomment_comment)",
    "five >= 4": "five >= 4",
    "five == 5": "five == '5'",
    'yesno.NAOK == "Y" && gender != "M"': "yesno == 'Y' and gender != 'M'",
    # boxes
    'boxes_r1.NAOK == "Y"': "selected(boxes, 'r1')",
    'boxes_r1 != "Y"': "not selected(boxes, 'r1')",
    'boxes_r1 == ""': "not selected(boxes, 'r1')",
    "is_empty(boxes_r1)": "not selected(boxes, 'r1')",
    "boxes_r1 || boxes_r2": "selected(boxes, 'r1') or selected(boxes, 'r2')",
    "!is_empty(boxes_other)": "selected(boxes, 'other')",
    "count(that.boxes.NAOK) >= 2": "count(boxes) >= 2",
    "count(boxes_r1, boxes_r2) > 0": "selected(boxes, 'r1') or selected(boxes, 'r2')",
    "count(ticks_a, ticks_b) == 2": "selected(ticks, 'a') and selected(ticks, 'b')",
    "count(ticks_a, ticks_b) == 0": "not selected(ticks, 'a') and not selected(ticks, 'b')",
    "count(that.ticks.sq_a)": "selected(ticks, 'a')",
    'boxescomment_r1comment != ""': "answered(boxescomment_r1_comment)",
    "count(that.boxescomment.nocomments) > 1": "count(boxescomment) > 1",
    # rows
    'arrayF_r1.NAOK == "A3"': "arrayf.r1 == 'A3'",
    "arrayA_r1 > 3": "arraya.r1 > 3",
    "dual_r1_1 == 'b'": "dual_1.r1 == 'b'",
    "grid_r1_c2 >= 5": "grid_r1.c2 >= 5",
    'countif("A1", that.arrayF.NAOK) > 1': "count(arrayf, 'A1') > 1",
    'rank_1 == "A2"': "rank(rank, 'A2') == 1",
    "is_empty(rank_2.NAOK)": "not count(rank) >= 2",
    "parts_a > parts_b": "parts.a > parts.b",
    "sum(that.parts.NAOK) == 100": "sum(parts, 0) == 100",
    # numbers
    "number > 3.5": "number > 3.5",
    'number == "10"': "number == 10",
    "number > -1": "number > -1",
    "number": "answered(number) and number != 0",
    "numbers_r1 + numbers_r2 > 10": "sum(numbers_r1, numbers_r2, 0) > 10",
    "number * 2 > 10": "sum(number, 0) * 2 > 10",
    "sum(numbers_r1, numbers_r2) > 10": "sum(numbers_r1, numbers_r2, 0) > 10",
    "max(self.NAOK) < 3": None,
    "floor(number) >= 18": "number >= 18",
    "intval(number) == 18": "number >= 18 and number < 19",
    "round(number, 1) == 2.5": "round(sum(number, 0), 1) == 2.5",
    # texts
    'short == "oui"': "short == 'oui'",
    "strlen(short) > 10": "length(short) > 10",
    "regexMatch('/^[0-9]{5}$/', short)": "matches(short, '^[0-9]{5}$')",
    "regexMatch('/abc/', short)": "matches(short, '.*abc.*')",
    "regexMatch('/^abc/i', short)": "matches(lower(short), '^abc.*')",
    "strstr(short, 'x')": "contains(short, 'x')",
    "short > 5": "number(short) > 5",
    "shorts_r1 == 'a'": "shorts_r1 == 'a'",
    # dates
    'day > "2020-01-31"': "day > date('2020-01-31')",
    'day <= date("Y-m-d")': "day <= today()",
    "strtotime(day) < time()": "day < today()",
    "date('Y', strtotime(day)) >= 2020": "year(day) >= 2020",
    "(time() - strtotime(day)) / (60*60*24*365) >= 18": "days_between(day, today()) / 365 >= 18",
    # words and shapes
    "1 == 1": "true",
    "0": "false",
    "not (five == 1)": "five != '1'",
    "if(yesno == 'Y', five > 3, 0)": "yesno == 'Y' and five > 3",
    "equation > 10": "sum(number, 0) * 2 > 10",
    "file_filecount > 1": "count(file) > 1",
    "((list == 'A1'))": "list == 'A1'",
    "five == 1 or five == 2 and yesno == 'Y'": "five == '1' or five == '2' and yesno == 'Y'",
    "(list == 'A1' or five == 1) or list == 'A3'": "list in ['A1', 'A3'] or five == '1'",
    "list == 'A1' and 1": "list == 'A1'",
    "list == 'A1' or 1": "true",
}


@pytest.mark.parametrize("source", [s for s, ours in TRANSLATED.items() if ours])
def test_an_equation_says_the_same_in_our_language(work: Work, source: str) -> None:
    assert work.translated(source) == TRANSLATED[source]


REFUSED = {
    "": "avant la fin",
    "(": "avant la fin",
    "list ==": "avant la fin",
    "list == 'A1' )": "pas à sa place",
    "list = 'A1'": "change la valeur",
    "list == 'Z9'": "pas une réponse possible",
    "unknown == 1": "aucune question",
    "TOKEN:EMAIL == 'x'": "n’est pas une réponse",
    "boxes_r1 == 'N'": "jamais",
    "rand(1, 2) == 1": "n’a pas d’équivalent",
    "lang == 'fr'": "langue",
    "list.question == 'x'": "n’est pas une réponse",
    "regexMatch('/(?=a)b/', short)": "motif",
    "number == 'abc'": "pas un nombre",
    "that.nothing > 1": "aucune question",
    "self.NAOK > 1": "aucune question",
    "five == 1, five == 2": "plusieurs expressions",
    "list.NAOK @ 2": "n’est pas reconnu",
    "(" * 80 + "1" + ")" * 80: "imbriquée",
    "five == 1 + " * 3000: "trop longue",
    "day + 1 > 2": "date",
    "!" * 500 + "list": "imbriquée",
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_cannot_be_said_is_refused_with_its_reason(work: Work, source: str) -> None:
    with pytest.raises(Untranslatable, match=REFUSED[source]):
        work.translated(source)


def test_self_is_the_question_the_equation_stands_in(work: Work) -> None:
    assert work.translated("count(self.NAOK) > 1", itself="boxes") == "count(boxes) > 1"
    assert work.translated("this > 3", itself="number", this="number") == "number > 3"


@pytest.mark.parametrize("name", ["list", "number", "short", "yesno", "boxes_r1", "arrayF_r1"])
def test_the_old_names_mean_the_same_as_the_new(work: Work, name: str) -> None:
    old = {v: k for k, v in _old_names(work).items()}[name]

    assert work.translated(f"is_empty({old}.NAOK)") == work.translated(f"is_empty({name})")


def _old_names(work: Work) -> dict[str, str]:
    return {
        old: variable.name for old, variable in work.variables._named.items() if old[0].isdigit()
    }


def test_nothing_of_a_report_is_written_by_translating(work: Work) -> None:
    assert isinstance(work.report, Report) and work.report.problems == []
