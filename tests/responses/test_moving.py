"""A question moves to another section while Émile has a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import decode
from consultation.responses import actions, drafts, queries
from consultation.responses.models import ResponseSection
from consultation.responses.moving import moved_questions, rehome
from tests import cast
from tests.responses.making import NOW, consulted

LATER = NOW + timedelta(minutes=5)


def questionnaire(*sections: tuple[str, list[str]]) -> dict[str, Any]:
    return {
        "code": "essai",
        "title": {"fr": "Essai"},
        "sections": [
            {
                "key": key,
                "title": {"fr": key},
                "questions": [
                    {"kind": "short_text", "key": name, "label": {"fr": name}} for name in names
                ],
            }
            for key, names in sections
        ],
    }


BEFORE = questionnaire(("un", ["a", "b"]), ("deux", ["c"]))
AFTER = questionnaire(("un", ["a"]), ("deux", ["c", "b"]), ("trois", ["d"]))


def compiled(definition: dict[str, Any]) -> CompiledVersion:
    return compile_version(decode(definition))


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    return consulted(db_session, BEFORE)


@pytest.fixture
def emile(db_session: Session) -> User:
    return cast.emile(db_session)


def save(session: Session, consultation: Consultation, user: User, **sections: Any) -> None:
    at = {"consultation_id": consultation.id, "user_id": user.id, "now": NOW}
    actions.start(session, version_id=consultation.version_id or 0, **at)
    draft = drafts.draft(session, consultation.id, user.id)
    assert draft is not None
    for section, answers in sections.items():
        actions.save_section(
            session,
            response_id=draft.response_id,
            user_id=user.id,
            section=section,
            answers=answers,
            seen=0,
            now=NOW,
        )
    session.commit()


def drafted(session: Session) -> dict[str, tuple[dict[str, Any], int]]:
    session.expire_all()
    rows = session.scalars(select(ResponseSection))
    return {row.section: (dict(row.answers), row.revision) for row in rows}


def test_an_answer_follows_its_question(
    db_session: Session, consultation: Consultation, emile: User
) -> None:
    save(db_session, consultation, emile, un={"a": "1", "b": "2", "b.other": "3"}, deux={"c": "4"})
    changed = rehome(db_session, consultation.id, compiled(BEFORE), compiled(AFTER), LATER)
    assert changed == 1
    assert drafted(db_session) == {
        "un": ({"a": "1"}, 2),
        "deux": ({"c": "4", "b": "2", "b.other": "3"}, 2),
    }


def test_a_section_never_opened_is_made_for_the_answer(
    db_session: Session, consultation: Consultation, emile: User
) -> None:
    save(db_session, consultation, emile, un={"a": "1", "b": "2"})
    rehome(db_session, consultation.id, compiled(BEFORE), compiled(AFTER), LATER)
    assert drafted(db_session) == {"un": ({"a": "1"}, 2), "deux": ({"b": "2"}, 1)}


def test_drafts_without_the_answer_are_left_alone(
    db_session: Session, consultation: Consultation, emile: User
) -> None:
    save(db_session, consultation, emile, un={"a": "1"}, deux={"c": "4"})
    assert rehome(db_session, consultation.id, compiled(BEFORE), compiled(AFTER), LATER) == 0
    assert drafted(db_session) == {"un": ({"a": "1"}, 1), "deux": ({"c": "4"}, 1)}


def test_the_drafts_of_another_consultation_stay(
    db_session: Session, consultation: Consultation, emile: User
) -> None:
    other = consulted(db_session, BEFORE, slug="autre")
    save(db_session, other, emile, un={"b": "2"})
    assert rehome(db_session, consultation.id, compiled(BEFORE), compiled(AFTER), LATER) == 0
    assert drafted(db_session) == {"un": ({"b": "2"}, 1)}


def test_nothing_moves_when_only_words_change(consultation: Consultation) -> None:
    same = decode(BEFORE)
    words = replace(same, title={"fr": "Autre titre"})
    assert moved_questions(compile_version(same), compile_version(words)) == {}


@pytest.mark.parametrize(("key", "drafts"), [("a", 1), ("c", 0), ("inconnue", 0)])
def test_drafts_that_answer_a_question_are_counted(
    db_session: Session, consultation: Consultation, emile: User, key: str, drafts: int
) -> None:
    save(db_session, consultation, emile, un={"a": ["x", "y"], "b": "2"})
    assert queries.drafts_answering(db_session, consultation.id, key) == drafts
