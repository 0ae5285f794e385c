"""Who is asked to confirm an answer, and how many people a change concerns."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from consultation.authoring import rules
from consultation.authoring.confirming import confirmations
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.differences import differences
from consultation.questionnaires.editing import find
from consultation.questionnaires.format import decode
from consultation.questionnaires.kinds.table import AnyQuestion
from tests.authoring.test_paper import BLOCKS
from tests.responses.making import short

YES_NO = [{"value": "oui", "label": {"fr": "Oui"}}, {"value": "non", "label": {"fr": "Non"}}]


def version(**changes: Any) -> CompiledVersion:
    question = {
        "kind": "single",
        "key": "accord",
        "label": {"fr": "D’accord ?"},
        "options": YES_NO,
        **changes,
    }
    other = {"kind": "short_text", "key": "raison", "label": {"fr": "Pourquoi ?"}}
    return compile_version(decode(short(question, other)))


def test_a_correction_asks_nobody() -> None:
    assert (
        confirmations(version(), version(label={"fr": "Êtes-vous d’accord ?"}), {"accord": 1}) == []
    )


def test_an_option_taken_away_asks_those_who_answered() -> None:
    fewer = version(options=[*YES_NO[:1], {"value": "autre", "label": {"fr": "Autre"}}])
    [found] = confirmations(version(), fewer, {"accord": "oui", "raison": "x"})
    assert (found.key, found.number, found.section) == ("accord", 1, 1)
    assert found.sentences == ["Question 1\u00a0: option «\u00a0Non\u00a0» supprimée"]
    assert confirmations(version(), fewer, {"raison": "x"}) == []


def question_of(kind: str) -> AnyQuestion:
    data = {**BLOCKS[0], "sections": [{**BLOCKS[0]["sections"][0]}]}
    example = next(block for block in BLOCKS[1:] if block["kind"] == kind)
    data["sections"][0]["questions"] = [*BLOCKS[0]["sections"][0]["questions"], example]
    return find(decode(data), example["key"])[1]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("single", "scale", True),
        ("single", "reference", True),
        ("short_text", "long_text", True),
        ("single", "multiple", False),
        ("multiple", "ranking", False),
        ("matrix", "allocation", False),
        ("number", "short_text", False),
        ("date", "date", True),
    ],
)
def test_answers_are_only_read_as_a_kind_of_the_same_form(old: str, new: str, same: bool) -> None:
    assert rules.same_answers(question_of(old), question_of(new)) is same


def test_the_public_reads_the_first_changes_and_how_many_more() -> None:
    options = [{"value": f"v{n}", "label": {"fr": f"V{n}"}} for n in range(12)]
    found = differences(version(), version(options=[*YES_NO, *options]))
    told = rules.told(3, found)
    assert told.startswith("Questionnaire modifié (version 3)\u00a0: Question 1")
    assert told.endswith("4 autres changements.")


def test_settings_are_changes_too(db_session: Session) -> None:
    old = decode(short(estimated_minutes=5))
    new = decode(short(estimated_minutes=9))
    [found] = rules.setting_changes(old, new)
    assert found.sentence == "Réglages du questionnaire\u00a0: durée annoncée"
