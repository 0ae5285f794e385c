"""What a page of the editor costs for a questionnaire of 150 questions, and a large import."""

from __future__ import annotations

import json
import resource
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy.orm import Session

from consultation.questionnaires.format import Questionnaire, encode
from consultation.questionnaires.formats.sandbox import read_apart
from consultation.questionnaires.renaming import rename
from consultation.questionnaires.starters.shelf import starter
from tests import cast
from tests.authoring.making import EDITOR, address, change, question
from tests.responses.making import clock, consulted

MOST_BYTES = 20_000
CLUSTERS = starter("poles_2022")


def repeated(times: int) -> Questionnaire:
    """Return the questionnaire of 2022 as many times over, in half as many sections."""
    sections = []
    for turn in range(1, times + 1):
        copy = CLUSTERS
        for key in [q.key for s in CLUSTERS.sections for q in s.questions]:
            copy = rename(copy, key, f"{key}_{turn}")
        for one, other in zip(copy.sections[::2], copy.sections[1::2], strict=True):
            questions = [*one.questions, *other.questions]
            sections.append(replace(one, key=f"{one.key}_{turn}", questions=questions))
    return replace(CLUSTERS, sections=sections, breakdowns=[], individual=None, organisation=None)


@dataclass
class Large:
    client: FlaskClient
    questionnaire: Questionnaire


@pytest.fixture
def large(app: Flask, db_session: Session, client: FlaskClient) -> Large:
    clock(app)
    questionnaire = repeated(4)
    consultation = consulted(db_session, questionnaire)
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    return Large(client, questionnaire)


@pytest.mark.one_database
def test_every_page_of_the_editor_is_light_with_156_questions(large: Large) -> None:
    sizes = {}
    for section in large.questionnaire.sections[4:8]:
        paths = [address("parties", section.key), *(question(q.key) for q in section.questions)]
        for path in paths:
            sizes[path] = len(large.client.get(path).data)
    sizes[EDITOR] = len(large.client.get(EDITOR).data)
    heavy = {path: size for path, size in sizes.items() if size > MOST_BYTES}
    assert heavy == {}


def test_saving_one_of_156_questions_answers_before_a_person_notices(large: Large) -> None:
    key = large.questionnaire.sections[0].questions[0].key
    assert change(large.client, question(key), {"label": "Vous êtes"}).status_code == 303
    assert "Vous êtes" in large.client.get(question(key)).text


@pytest.mark.one_database
def test_an_import_of_624_questions_is_read_in_three_seconds() -> None:
    data = json.dumps(encode(repeated(16)), ensure_ascii=False).encode()
    before = _seconds_of_children()
    found = read_apart(data, "grand.json")
    assert found.report.questions == 624
    assert found.report.problems == []
    assert _seconds_of_children() - before < 12  # CPU: the machine of the tests is shared


def _seconds_of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
