"""Somebody brings a file: the right reader opens it, or one sentence says what to do."""

from __future__ import annotations

import io
import zipfile

import pytest

from consultation.questionnaires.formats import sandbox
from consultation.questionnaires.formats.doors import format_of, read_file
from consultation.questionnaires.formats.neutral import write_json
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.questionnaires.formats.sandbox import read_apart
from consultation.questionnaires.starters.shelf import starter
from tests.questionnaires.formats.limesurvey.survey import Survey

OLD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return stream.getvalue()


def survey() -> bytes:
    made = Survey()
    made.question("S", "Q1")
    return made.lss()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "x.lss", "est vide"),
        (b"\xef\xbb\xbf \n", "x.json", "est vide"),
        (bytes(500), "x.xlsx", "est vide"),
        (OLD, "enquete.xlsx", "ancien classeur Excel"),
        (OLD, "enquete.lss", "ancien classeur Excel"),
        (archive("survey_1.lss", "survey_1.lsr"), "enquete.lsa", "archive de LimeSurvey"),
        (archive("survey_1.lss"), "enquete.lss", "archive de LimeSurvey"),
        (archive("word/document.xml"), "enquete.docx", "Collez son texte"),
        (archive("mimetype", "content.xml"), "enquete.ods", "OpenDocument"),
        (archive("photo.png"), "enquete.zip", "pas un classeur"),
        (b"PK\x03\x04 cut", "enquete.xlsx", "pas un classeur"),
        (b"type,name,label\ntext,q,Q", "enquete.csv", "qu’une feuille"),
        (b"id\trelated_id\tclass", "enquete.txt.tsv", "Structure du questionnaire"),
        (b"type,name,label", "enquete.xlsx", "pas un classeur"),
        (b"%PDF-1.7", "enquete.pdf", "n’est pas reconnu"),
        (b"nothing", "enquete", "n’est pas reconnu"),
        (b"rien", "enquete.lss", "document XML"),
        (b"[]", "enquete.json", "n’est pas un questionnaire"),
    ],
)
def test_a_file_that_is_not_what_it_says_gets_a_sentence(data: bytes, name: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as refused:
        read_file(data, name)
    assert str(refused.value).endswith(".")


def test_a_right_file_under_a_wrong_name_is_read_all_the_same() -> None:
    assert format_of(survey(), "enquete.xlsx") == "limesurvey"
    assert format_of(survey().decode().replace("UTF-8", "UTF-16").encode("utf-16"), "e.txt") == (
        "limesurvey"
    )
    marked = b"\xef\xbb\xbf" + write_json(starter("satisfaction"))
    assert read_file(marked, "e.lss").report.format == "json"


def test_a_reader_that_fails_is_a_sentence_and_a_line_of_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sandbox.sys, "executable", "/bin/false")

    with pytest.raises(UnreadableFile, match="jusqu’au bout"):
        read_apart(b"{}", "x.json")
    assert "Reading a file apart failed" in caplog.text


def test_a_strange_name_is_only_a_name() -> None:
    found = read_apart(survey(), "--help\0.lss")

    assert found.report.questions == 1
