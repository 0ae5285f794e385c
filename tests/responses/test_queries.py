"""What the other rooms read: counts, vectors, submissions, and where each person is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.questionnaires.queries import compiled
from consultation.responses import actions, drafts, queries
from consultation.responses.activity import activity
from tests import cast
from tests.consultations.making import OPENS
from tests.responses.answers import COMPANY, PERSON, REGION
from tests.responses.making import NOW, begin, clock, consulted, saved, sent, short


@pytest.fixture
def three(app: Flask, db_session: Session, consultation: Consultation) -> list[User]:
    """Nadia and Claire have sent, Claire twice; Léa has a draft."""
    people = [cast.nadia(db_session), cast.claire(db_session), cast.lea(db_session)]
    for person, answers in zip(people, (COMPANY, REGION, PERSON), strict=True):
        saved(db_session, consultation, person, answers)
        if person is not people[2]:
            sent(db_session, consultation, person)
    clock(app, NOW + timedelta(days=1))
    idea = {8: {**REGION[8], "proposition": "Une autre idée"}}
    saved(db_session, consultation, people[1], idea, NOW + timedelta(days=1))
    sent(db_session, consultation, people[1], NOW + timedelta(days=1))
    return people


def test_drafts_and_submissions_are_counted_apart(
    db_session: Session, consultation: Consultation, three: list[User]
) -> None:
    assert queries.counts(db_session, consultation.id) == (1, 2)
    assert queries.counts(db_session, consultation.id + 1) == (0, 0)
    both = [consultation.id, consultation.id + 1]
    assert queries.received(db_session, both) == {consultation.id: 2, consultation.id + 1: 0}


@pytest.mark.parametrize("block", [1, 2, 1000])
def test_vectors_come_in_blocks_one_for_each_submission_that_counts(
    db_session: Session, consultation: Consultation, three: list[User], block: int
) -> None:
    assert consultation.version_id is not None
    width = compiled(db_session, consultation.version_id).width

    blocks = list(queries.current_vectors(db_session, consultation.id, block))

    rows = [row for rows in blocks for row in rows]
    assert max(len(rows) for rows in blocks) <= block
    assert [len(row.codes) for row in rows] == [width, width]
    assert len({row.unit for row in rows}) == 2
    assert {(row.version_id, row.individual) for row in rows} == {(consultation.version_id, False)}


@pytest.mark.parametrize("block", [1, 2, 500])
def test_submissions_come_in_order_once_each_and_from_anywhere(
    db_session: Session, consultation: Consultation, three: list[User], block: int
) -> None:
    read = queries.current_submissions(db_session, consultation.id, block=block)

    rows = [row for rows in read for row in rows]
    assert [row.number for row in rows] == [1, 2]
    assert rows[1].answers["proposition"] == "Une autre idée"
    rest = queries.current_submissions(db_session, consultation.id, after=rows[0].id)
    assert [row.id for rows in rest for row in rows] == [rows[1].id]


def test_each_person_finds_where_they_are(
    db_session: Session, consultation: Consultation, three: list[User]
) -> None:
    nadia, claire, lea = three
    (hers,) = queries.mine(db_session, claire.id)
    assert (hers.slug, hers.state) == ("poles", "sent")
    assert hers.submitted_at == NOW + timedelta(days=1)
    assert hers.receipt and hers.title["fr"].startswith("L’avenir")
    (state,) = queries.states_of(db_session, consultation.id, lea.id)
    assert (state.state, state.saved_at, state.submitted_at) == ("draft", NOW, None)
    assert queries.states_of(db_session, consultation.id, cast.awa(db_session).id) == []
    assert queries.mine(db_session, cast.awa(db_session).id) == []
    assert nadia.id != claire.id


def test_the_button_of_the_consultation_follows_the_person(
    db_session: Session, consultation: Consultation, three: list[User], client: FlaskClient
) -> None:
    said = {}
    for person in (*three, cast.emile(db_session)):
        cast.sign_in(client, person)
        said[person.display_name] = client.get("/consultations/poles").text
    assert "Modifier ma contribution" in said["Nadia Benali"]
    assert "Reprendre ma contribution" in said["Léa Martin"]
    assert "Commencer ma contribution" in said["Émile Roux"]


def test_the_activity_follows_the_days_of_paris(
    db_session: Session, consultation: Consultation, three: list[User]
) -> None:
    later = NOW + timedelta(days=2)

    found = activity(db_session, consultation.id, OPENS, later, later)

    assert (found.sent, found.drafts, found.idle_drafts, found.last_days) == (2, 1, 0, 2)
    assert found.days[0] == (date(2022, 1, 20), 0)
    assert found.days[-3:] == [
        (date(2022, 2, 10), 1),
        (date(2022, 2, 11), 1),
        (date(2022, 2, 12), 0),
    ]
    assert found.stopped == {"besoins": 1}
    long_after = NOW + timedelta(days=30)
    assert activity(db_session, consultation.id, OPENS, long_after, long_after).idle_drafts == 1


def test_the_dashboard_is_told_what_happens(
    db_session: Session, consultation: Consultation, three: list[User], client: FlaskClient
) -> None:
    cast.sign_in(client, cast.claire(db_session))

    page = client.get("/espace/poles").text
    assert "contributions envoyées" in page
    assert "Où les brouillons s’arrêtent" in page


def test_a_draft_of_someone_else_is_never_saved(
    db_session: Session, client: FlaskClient, app: Flask
) -> None:
    question = {"kind": "short_text", "key": "pays", "label": {"fr": "Pays"}}
    consultation = consulted(db_session, short(question))
    emile, nadia = cast.emile(db_session), cast.nadia(db_session)
    begin(client, emile)
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None

    for whose, revision in ((nadia.id, None), (emile.id, 1)):
        saved = actions.save_section(
            db_session,
            response_id=draft.response_id,
            user_id=whose,
            section="avis",
            answers={"pays": "France"},
            seen=0,
            now=NOW,
        )
        assert saved == revision
