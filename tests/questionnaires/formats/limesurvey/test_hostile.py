"""Files that are not what they say: one clear sentence, or lines, never a failure."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.questionnaires.format import encode
from consultation.questionnaires.formats.limesurvey.reader import read
from consultation.questionnaires.formats.report import UnreadableFile
from tests.questionnaires.formats.limesurvey.every_type import every_type
from tests.questionnaires.formats.limesurvey.survey import LAYOUTS, Survey

LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
SURVEY = b"<document><groups>%s</groups></document>"
TYPED = {
    "billion laughs": b'<!DOCTYPE d [<!ENTITY l0 "ha">' + LAUGHS + b"]>" + SURVEY % b"&l9;",
    "an outside file": b'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + SURVEY % b"&f;",
    "a type elsewhere": b'<!DOCTYPE d SYSTEM "http://exemple.fr/d.dtd">' + SURVEY % b"",
}
REFUSED = TYPED | {
    "empty": b"",
    "not XML": b"PK\x03\x04 a workbook",
    "a page": b"<html><body>Bonjour</body></html>",
    "a group": b"<document><LimeSurveyDocType>Group</LimeSurveyDocType><groups/></document>",
    "answers": b"<document><LimeSurveyDocType>Responses</LimeSurveyDocType></document>",
    "hidden in UTF-16": TYPED["billion laughs"].decode().encode("utf-16"),
    "cut": every_type().lss()[:4000],
    "too large": b"<document>" + b" " * 20_000_001,
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_a_survey_is_refused_in_one_sentence(what: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(REFUSED[what], "x.lss")

    assert str(refused.value).endswith(".") and len(str(refused.value)) < 220


def test_a_text_that_speaks_of_document_types_is_no_document_type() -> None:
    survey = Survey()
    survey.question("X", "Q1", "<!DOCTYPE html> pasted")

    assert survey.read().report.questions == 1


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_file_in_another_encoding_is_read(encoding: str) -> None:
    survey = Survey()
    survey.question("S", "Q1", "Où êtes-vous ?")
    text = survey.lss().decode()
    if encoding == "utf-16":
        text = text.replace("UTF-8", "UTF-16")

    label = read(text.encode(encoding), "x.lss").questionnaire.sections[0].questions[0].label
    assert label == {"fr": "Où êtes-vous ?"}


def test_control_characters_are_dropped() -> None:
    survey = Survey()
    survey.question("S", "Q1", "Avant\x0baprès")

    assert survey.read().questionnaire.sections[0].questions[0].label == {"fr": "Avantaprès"}


def test_a_survey_of_six_hundred_questions_takes_less_than_three_seconds() -> None:
    survey = Survey(languages=("fr", "en", "de"))
    for number in range(150):
        survey.question("L", f"L{number}", options={f"A{n}": "Option" for n in range(5)})
        survey.question("M", f"M{number}", rows={f"r{n}": "Ligne" for n in range(5)})
        survey.question(
            "F",
            f"F{number}",
            rows={"r1": "1"},
            options={"1": "1", "2": "2"},
            relevance=f"L{number} == 'A1'",
        )
        survey.question("T", f"T{number}", relevance=f"M{number}_r1 == 'Y' and L{number} != 'A2'")
    data = survey.lss()
    begin = time.process_time()
    report = read(data, "x.lss").report

    assert time.process_time() - begin < 3
    assert (report.questions, report.conditions.translated) == (600, 300)


@pytest.mark.parametrize("what", ["questions", "rows", "the same code", "deep", "long"])
def test_a_file_made_to_exhaust_is_bounded(what: str) -> None:
    survey = Survey()
    begin = time.process_time()
    if what == "deep":
        survey.question("S", "Q1", relevance="(" * 5000 + "1" + ")" * 5000)
        survey.question("S", "Q2", relevance="!" * 9000 + "Q1")
    elif what == "long":
        survey.question(
            "S", "Q1", "{" * 50_000 + "a" * 50_000, relevance="Q1 == 1 or " * 1500 + "1"
        )
    else:
        qid = survey.question("M", "Q1", rows={"a": "A"})
        rows = survey.tables["subquestions"]
        fields, texts = rows[0]
        copies = {"questions": 6000, "rows": 61_000, "the same code": 3000}[what]
        for n in range(copies):
            row = {**fields, "qid": f"9{n}", "parent_qid": "0" if what == "questions" else qid}
            rows.append((row | {"title": "a"}, texts))
        if what == "questions":
            survey.tables["questions"] += [(r, {}) for r, _ in rows]
    data = survey.lss()
    try:
        read(data, "x.lss")
    except UnreadableFile as refused:
        assert str(refused).endswith(".")
    assert time.process_time() - begin < 10


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    accepts(data)


@given(st.data(), st.sampled_from(LAYOUTS))
def test_a_damaged_survey_is_read_or_refused(data: st.DataObject, version: int) -> None:
    original = _FILES[version]
    at = data.draw(st.integers(0, len(original) - 1))
    gone = data.draw(st.integers(0, 40))
    put = data.draw(
        st.sampled_from([b"", b"<", b"</row>", b"\xff", b"0", b"-1", b"{Q1", b"&amp;", b"*"])
    )
    accepts(original[:at] + put + original[at + gone :])


@given(st.data())
def test_any_value_in_any_field_is_read_or_refused(data: st.DataObject) -> None:
    survey = every_type()
    table = data.draw(st.sampled_from(sorted(survey.tables)))
    fields, texts = data.draw(st.sampled_from(survey.tables[table]))
    name = data.draw(st.sampled_from([*fields, *texts]))
    strange = st.text(max_size=12) | st.sampled_from(
        ["", "-5", "1e999", "٣", "{", "{x}", "9" * 30, "<b>", "${q1}", "Q1\u00a0"]
    )
    (fields if name in fields else texts)[name] = data.draw(strange)
    accepts(survey.lss())


_FILES = {version: every_type().lss(version) for version in LAYOUTS}


def accepts(data: bytes) -> None:
    try:
        result = read(data, "x.lss")
    except UnreadableFile as refused:
        assert str(refused)
        return
    assert encode(result.questionnaire) and result.report.as_json()
