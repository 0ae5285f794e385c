"""From LimeSurvey to us and back: the same questionnaire, for what LimeSurvey can say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from consultation.questionnaires.format import Questionnaire, Section, decode, digest
from consultation.questionnaires.formats.limesurvey.reader import read
from consultation.questionnaires.formats.limesurvey.source import read_source
from consultation.questionnaires.formats.limesurvey.writer import export, write
from consultation.questionnaires.rules import findings
from consultation.questionnaires.starters.shelf import names, starter
from tests.questionnaires.formats.limesurvey.every_type import every_type
from tests.questionnaires.formats.limesurvey.survey import LAYOUTS, Survey


def again(questionnaire: Questionnaire) -> Questionnaire:
    return read(write(questionnaire), "x.lss").questionnaire


def questions(questionnaire: Questionnaire) -> dict[str, Any]:
    return {q.key: q for s in questionnaire.sections for q in s.questions}


def shape(question: Any) -> tuple[bool, bool, int]:
    return question.required, bool(question.relevant), len(question.constraints)


@pytest.mark.parametrize("version", LAYOUTS)
def test_a_survey_comes_back_the_same(version: int) -> None:
    first = every_type().read(version).questionnaire

    assert digest(again(first)) == digest(first)


@pytest.mark.parametrize("name", names())
def test_a_starter_comes_back_the_same_once_it_is_a_survey(name: str) -> None:
    first = again(starter(name))

    assert digest(again(first)) == digest(first)


@pytest.mark.parametrize("name", names())
def test_a_starter_keeps_its_keys_its_kinds_its_conditions_and_its_values(name: str) -> None:
    before, after = questions(starter(name)), questions(again(starter(name)))
    result = read(write(starter(name)), "x.lss")

    assert list(after) == list(before)
    assert result.report.conditions.reported == result.report.constraints.reported == 0
    assert [shape(q) for q in after.values()] == [shape(q) for q in before.values()]


@pytest.mark.parametrize("name", names())
def test_a_starter_read_back_can_be_published(name: str) -> None:
    assert findings(again(starter(name))) == []


def test_what_limesurvey_cannot_say_is_said() -> None:
    two = [{"value": "un", "label": {"fr": "Un"}}, {"value": "deux", "label": {"fr": "Deux"}}]
    asked = [
        {"kind": "multiple", "key": "m", "options": two},
        {"kind": "single", "key": "s", "options_from": "m.chosen"},
        {"kind": "short_text", "key": "t", "relevant": "abs(rank(m, 'un')) == 2"},
    ]
    labelled = [{**question, "label": {"fr": "Question"}} for question in asked]
    section = {"key": "a", "title": {"fr": "A"}, "questions": labelled}
    document = {"code": "essai", "title": {"fr": "Essai"}, "sections": [section]}
    problems = export(decode(document)).problems

    assert [p.where for p in problems] == ["s", "s", "t"]


RICH = json.loads((Path(__file__).parent / "rich.json").read_text("utf-8"))


def test_everything_limesurvey_can_say_comes_back_with_our_names() -> None:
    first = again(decode(RICH))
    before, after = questions(decode(RICH)), questions(first)

    assert export(decode(RICH)).problems == []
    assert digest(again(first)) == digest(first)
    assert list(after) == list(before)
    assert [s.key for s in first.sections] == ["premiere", "seconde"]
    assert [type(q) for q in after.values()] == [type(q) for q in before.values()]
    for key in before:
        for part in ("options", "rows", "points"):
            values = [o.value for o in getattr(before[key], part, ())]
            assert [o.value for o in getattr(after[key], part, ())] == values


def test_conditions_come_back_with_the_same_words() -> None:
    after = questions(again(decode(RICH)))

    assert after["texte"].relevant == RICH["sections"][1]["questions"][2]["relevant"]
    assert after["texte"].label["fr"] == (
        "Vous êtes ${role_long_de_plus_de_vingt_lettres}, ${double_taille} <ici> & là"
    )
    assert after["jour"].constraints[0].expression == "jour <= today()"
    assert after["grille"].rows[1].relevant == "avis == '5'"
    assert (after["mel"].pattern, after["code"].regex) == ("email", "[A-Z]{2}/[0-9]+")


def test_limesurvey_finds_codes_it_accepts() -> None:
    source = read_source(write(decode(RICH)))

    titles = [row.get("title") for row in source.all_questions()]
    subs = [row.get("title") for rows in source.subquestions.values() for row in rows]
    codes = [row.get("code") for rows in source.answers.values() for row in rows]
    assert all(t.isalnum() and t[0].isalpha() and len(t) <= 20 for t in titles)
    assert len(set(titles)) == len(titles)
    assert all(t.isascii() and t.isalnum() for t in subs)
    assert all(c.isascii() and c.isalnum() and len(c) <= 5 for c in codes)


def test_a_text_without_translation_says_its_language_and_comes_back_without_it() -> None:
    survey = Survey(languages=("fr", "en"))
    survey.question("S", "Q1", {"fr": "Nom"})
    first = survey.read().questionnaire
    data = write(first)

    assert b'<span lang="fr">Nom</span>' in data
    assert read(data, "x.lss").questionnaire.sections[0].questions[0].label == {"fr": "Nom"}


def test_an_empty_section_can_be_written() -> None:
    section = Section(key="a", title={"fr": "A"})
    questionnaire = Questionnaire(code="vide", title={"fr": "Vide"}, sections=[section])

    assert read_source(write(questionnaire)).groups
