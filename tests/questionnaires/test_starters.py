"""The ready-made questionnaires: complete, in two languages, ready to publish."""

from __future__ import annotations

from datetime import date

import pytest

from consultation.questionnaires.checks import blocking_findings, checks
from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.path import walk
from consultation.questionnaires.starters.shelf import names, starter

TODAY = date(2022, 2, 1)


def test_there_are_three() -> None:
    assert names() == ("contrats_ruralite", "poles_2022", "satisfaction")


@pytest.mark.parametrize("name", names())
def test_a_starter_can_be_published_as_it_is(name: str) -> None:
    questionnaire = starter(name)
    assert questionnaire.code == name
    assert set(questionnaire.languages) >= {"fr", "en"}
    assert blocking_findings(questionnaire, TODAY) == []


@pytest.mark.parametrize("name", ["contrats_ruralite", "satisfaction"])
def test_nothing_is_left_to_translate(name: str) -> None:
    found = [check.what for check in checks(starter(name), TODAY)]
    assert [what for what in found if "tradui" in what] == []


def test_a_first_visitor_and_a_regular_one_do_not_meet_the_same_questions() -> None:
    version = compile_version(starter("satisfaction"))
    never = walk(version, {"frequence": "jamais"}, TODAY).shown
    often = walk(version, {"frequence": "semaine", "globale": "1"}, TODAY).shown
    assert "raisons" in never and "satisfaction" not in never
    assert {"satisfaction", "insatisfaction", "recommandation"} <= often
    assert "raisons" not in often


def test_a_resident_is_not_asked_about_the_contract() -> None:
    version = compile_version(starter("contrats_ruralite"))
    answers = {"role": "habitant", "implication": "decouvre"}
    shown = walk(version, answers, TODAY).shown
    assert not shown & {"organisme", "siret", "associes", "cout", "reussite"}
    assert {"evolution", "priorites", "consent_publication"} <= shown
