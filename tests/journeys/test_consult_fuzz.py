"""Whatever is sent to the forms of a consultation: a sentence, and nothing is half done."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.comments.models import Comment
from consultation.consultations.models import Change, Consultation, Document, Milestone
from consultation.moderation.models import Appeal, Decision, Report
from tests import cast
from tests.comments.making import a_comment
from tests.consultations.making import DURING, a_consultation
from tests.journeys.test_accounts_fuzz import NASTY, SENTENCE, send, values
from tests.journeys.visitors import Clock, token_of

pytestmark = pytest.mark.one_database

SETTINGS = "/espace/poles/reglages"
QUEUE = "/espace/poles/moderation"
FORMS: dict[str, tuple[str, str, list[str]]] = {
    "comment": ("/consultations/poles/commentaires", "emile", ["text", "position", "ticket"]),
    "visitor": (
        "/consultations/poles/commentaires",
        "",
        ["text", "position", "ticket", "name", "email", "website"],
    ),
    "reply": ("/consultations/poles/commentaires/1/repondre", "emile", ["text", "ticket"]),
    "send again": ("/commentaires/3", "emile", ["text", "position", "revision"]),
    "report": (
        "/commentaires/1/signaler",
        "",
        ["reason", "text", "minors", "name", "email", "good_faith", "website"],
    ),
    "decide": (f"{QUEUE}/2/decider", "lea", ["verdict", "grounds", "message", "revision"]),
    "texts": (
        f"{SETTINGS}/textes",
        "claire",
        ["texts-title_fr", "texts-contact", "texts-legal_basis", "texts-purpose"],
    ),
    "schedule": (
        f"{SETTINGS}/calendrier",
        "claire",
        ["schedule-mode", "schedule-opens_day", "schedule-closes_time", "schedule-results_on"],
    ),
    "extend": (
        f"{SETTINGS}/prolonger",
        "claire",
        ["extension-closes_day", "extension-closes_time", "extension-reason"],
    ),
    "safeguards": (
        f"{SETTINGS}/regles",
        "claire",
        ["safeguards-comments_mode", "safeguards-dominance", "safeguards-minimum_individuals"],
    ),
    "document": (
        f"{SETTINGS}/documents",
        "claire",
        ["document-title", "document-kind", "document-file"],
    ),
    "steps": (
        f"{SETTINGS}/etapes",
        "claire",
        ["steps-steps-0-title", "steps-steps-0-starts_on", "steps-steps-x-title"],
    ),
    "team": ("/espace/poles/equipe", "claire", ["email", "role"]),
    "new": ("/espace/nouvelle", "claire", ["title", "slug", "starter", "mode", "opens_day"]),
}
"""Path, who sends it, and the names of its fields."""

TABLES = (Comment, Report, Decision, Appeal, Consultation, Change, Document, Milestone)


@pytest.fixture
def senders(app: Flask, db_session: Session) -> dict[str, FlaskClient]:
    Clock(app, DURING)
    poles = a_consultation(db_session)
    emile = cast.emile(db_session)
    a_comment(db_session, poles, cast.nadia(db_session))
    a_comment(db_session, poles, cast.nadia(db_session), state="pending")
    a_comment(db_session, poles, emile, state="refused", ground="insult")
    people = {"emile": emile, "lea": cast.lea(db_session), "claire": cast.claire(db_session)}
    clients = {"": app.test_client()}
    for name, user in people.items():
        clients[name] = app.test_client()
        cast.sign_in(clients[name], user)
    return clients


def stored(session: Session) -> list[Any]:
    session.expire_all()
    counts = [session.scalar(select(func.count()).select_from(table)) for table in TABLES]
    poles = session.scalars(select(Consultation).where(Consultation.slug == "poles")).one()
    texts = [poles.title, poles.contact, poles.closes_at, poles.minimum_individuals]
    states = session.execute(select(Comment.id, Comment.state, Comment.text)).all()
    return [counts, texts, states]


@pytest.mark.parametrize("name", FORMS)
def test_every_field_filled_with_the_same_poison_changes_nothing(
    senders: dict[str, FlaskClient], db_session: Session, name: str
) -> None:
    path, who, fields = FORMS[name]
    token = token_of(senders[who], "/aide")
    before = stored(db_session)
    for nasty in NASTY:
        answer = send(senders[who], path, {field: [nasty] for field in fields}, token)
        if answer.status_code == 303 and name == "steps":
            continue  # any short line is a good name for a milestone
        assert 400 <= answer.status_code < 500, nasty[:40]
        assert SENTENCE.search(answer.get_data(as_text=True))
        if name != "steps":
            assert stored(db_session) == before, nasty[:40]


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_anything_typed_gets_an_answer_in_french(
    senders: dict[str, FlaskClient], db_session: Session, name: str, data: st.DataObject
) -> None:
    path, who, fields = FORMS[name]
    names = st.one_of(st.sampled_from(fields), st.text(min_size=1, max_size=8))
    typed = data.draw(st.dictionaries(names, st.lists(values, min_size=1, max_size=2)))
    before = stored(db_session)
    answer = send(senders[who], path, typed, token_of(senders[who], "/aide"))
    assert answer.status_code == 303 or 400 <= answer.status_code < 500
    if answer.status_code >= 400:
        assert SENTENCE.search(answer.get_data(as_text=True))
        assert stored(db_session) == before


@pytest.mark.parametrize("name", FORMS)
def test_a_form_without_its_token_gives_back_what_was_typed(
    senders: dict[str, FlaskClient], db_session: Session, name: str
) -> None:
    path, who, fields = FORMS[name]
    before = stored(db_session)
    typed = "une phrase assez longue pour être relue"
    answer = senders[who].post(path, data={fields[0]: typed})
    assert answer.status_code == 400
    assert typed in answer.get_data(as_text=True)
    assert stored(db_session) == before


@pytest.mark.parametrize("name", ["decide", "texts", "extend", "safeguards", "team", "new"])
def test_somebody_without_the_role_changes_nothing(
    senders: dict[str, FlaskClient], db_session: Session, name: str
) -> None:
    path, _who, fields = FORMS[name]
    before = stored(db_session)
    token = token_of(senders["emile"], "/aide")
    answer = send(senders["emile"], path, {field: ["1"] for field in fields}, token)
    assert answer.status_code == 403
    assert stored(db_session) == before
