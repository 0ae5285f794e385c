"""The page of the format: every example of it is a real one."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from consultation.questionnaires.checks import blocking_findings
from consultation.questionnaires.format import Questionnaire, decode, encode, json_schema
from consultation.questionnaires.kinds.table import KINDS, name_of
from consultation.settings import ROOT
from tests.cast import BIRTH

PAGE = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"(?s)```json\n(.*?)```", PAGE)]
DOCUMENT: dict[str, Any] = BLOCKS[0]
EXAMPLES: dict[str, Any] = dict(zip(re.findall(r"(?m)^### (\w+)$", PAGE), BLOCKS[1:], strict=True))


def test_the_document_of_the_page_can_be_published() -> None:
    questionnaire = decode(DOCUMENT)
    assert blocking_findings(questionnaire, BIRTH.date()) == []
    assert decode(encode(questionnaire)) == questionnaire


def test_every_kind_has_one_example() -> None:
    assert EXAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_example_of_a_kind_is_a_question_that_can_be_published(kind: str) -> None:
    questionnaire = with_example(kind)
    question = questionnaire.sections[0].questions[-1]
    assert name_of(question) == kind
    assert blocking_findings(questionnaire, BIRTH.date()) == []
    assert encode(questionnaire)["sections"][0]["questions"][-1] == EXAMPLES[kind]


def with_example(kind: str) -> Questionnaire:
    data = json.loads(json.dumps(DOCUMENT))
    data["sections"][0]["questions"].append(EXAMPLES[kind])
    return decode(data)


def test_the_schema_knows_every_kind_and_refuses_what_it_does_not_know() -> None:
    definitions = json_schema()["$defs"]
    tags = {
        name
        for definition in definitions.values()
        for name in definition.get("properties", {}).get("kind", {}).get("enum", ())
    }
    assert tags == set(KINDS)
    questions = [d for d in definitions.values() if "kind" in d.get("properties", {})]
    assert all(definition["additionalProperties"] is False for definition in questions)


def test_every_field_of_a_question_is_named_on_the_page() -> None:
    definitions = json_schema()["$defs"]
    fields = {name for d in definitions.values() for name in d.get("properties", {})}
    unnamed = {name for name in fields if f"`{name}`" not in PAGE and f'"{name}"' not in PAGE}
    assert unnamed == set()
