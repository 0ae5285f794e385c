"""The questionnaire as data."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from consultation.questionnaires.compiled import CompileError, compile_version
from consultation.questionnaires.format import (
    FormatError,
    decode,
    derived_schema,
    digest,
    encode,
    json_schema,
)
from consultation.questionnaires.rules import findings
from consultation.questionnaires.starters.shelf import names, starter
from tests.questionnaires.test_path import CARRIED


@pytest.mark.parametrize("name", names())
def test_every_starter_can_be_published(name: str) -> None:
    assert findings(starter(name)) == []


@pytest.mark.parametrize("name", names())
def test_writing_and_reading_again_gives_the_same_digest(name: str) -> None:
    questionnaire = starter(name)

    assert digest(decode(json.dumps(encode(questionnaire)))) == digest(questionnaire)


def test_the_questionnaire_of_2022_has_eight_sections_and_thirty_nine_questions() -> None:
    questionnaire = starter("poles_2022")
    questions = [q for s in questionnaire.sections for q in s.questions]

    assert (len(questionnaire.sections), len(questions)) == (8, 39)
    assert sum(q.relevant is not None for q in questions) == 20


def test_an_unknown_field_is_refused_not_dropped() -> None:
    document = copy.deepcopy(CARRIED)
    document["sections"][0]["questions"][0]["colour"] = "blue"

    with pytest.raises(FormatError, match="colour"):
        decode(document)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"code": 3}', b"[" * 100_000, b"\xff\xfe"])
def test_what_is_not_a_questionnaire_is_refused_with_a_reason(text: bytes) -> None:
    with pytest.raises(FormatError):
        decode(text)


def changed(**fields: Any) -> dict[str, Any]:
    document = copy.deepcopy(CARRIED)
    document["sections"][0]["questions"][1].update(fields)
    return document


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"key": "tried"}, "tried"),
        ({"relevant": "tried =="}, "best"),
        ({"options_from": "nobody.rows"}, "best"),
        ({"options_from": "best.options"}, "best"),
        ({"options_from": None, "options": []}, "best"),
    ],
)
def test_a_definition_that_cannot_work_is_found_before_publication(
    fields: dict[str, Any], where: str
) -> None:
    found = findings(decode(changed(**fields)))

    assert [f.where for f in found] == [where]


def test_a_list_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CompileError, match="nowhere"):
        compile_version(decode(changed(from_list="nowhere")))


def test_the_published_schema_is_that_of_the_types() -> None:
    assert json_schema() == derived_schema(), "run: flask --app wsgi questionnaires schema"


def test_the_schema_names_every_kind() -> None:
    text = json.dumps(json_schema())

    assert all(f'"{kind}"' in text for kind in ("matrix", "allocation", "reference", "statement"))
