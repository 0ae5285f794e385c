"""What Émile withdraws leaves the figures, the exports and the reminders, and stays proved."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.questionnaires.queries import compiled, forget_compiled
from consultation.responses import withdrawing
from consultation.responses.models import Response, Submission
from consultation.responses.queries import current_submissions
from consultation.results import snapshots
from consultation.results.packing import pack_counted
from consultation.results.warming import warm
from consultation.transparency import rules, verifying
from consultation.transparency.actions import extend
from tests import cast
from tests.responses.making import NOW, answer, begin, clock, form_of, short
from tests.responses.making import consulted as opened
from tests.responses.test_sending import send
from tests.results.sample import SENT, answered, consulted, people

CONTRIBUTION = "/consultations/poles/contribution"


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    yield
    snapshots.forget_figures()
    forget_compiled()


def take_back(session: Session, sent: Submission) -> None:
    """Withdraw a submission as the page does."""
    done = withdrawing.withdraw(
        session, response_id=sent.response_id, submission_id=sent.id, user_id=1, now=SENT
    )
    assert done
    session.commit()


def recounted(session: Session, consultation: Consultation, found: snapshots.Figures) -> bytes:
    """Count everything again from the submissions, whatever is kept."""
    version = compiled(session, int(consultation.version_id or 0))
    versions = {int(consultation.version_id or 0): version}
    fresh = snapshots.count(session, consultation.id, found.plan, versions)
    return pack_counted(found.plan, fresh)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_figures_follow_every_withdrawal_exactly(db_session: Session, seed: int) -> None:
    draw = random.Random(seed)
    consultation = consulted(db_session)
    standing = answered(db_session, consultation, people(60, seed))
    seen: dict[str, frozenset[int]] = {}
    for turn in range(12):
        if turn % 3 == 2:
            standing += answered(db_session, consultation, people(2, 100 + turn))
        else:
            take_back(db_session, standing.pop(draw.randrange(len(standing))))
        if turn % 4 == 0:
            snapshots.forget_figures()  # as another process would
        found = snapshots.figures(db_session, consultation)
        assert pack_counted(found.plan, found.counted) == recounted(db_session, consultation, found)
        numbers = frozenset(sent.id for sent in standing)
        assert seen.setdefault(found.state, numbers) == numbers
        db_session.commit()
    assert len(seen) == 12


@pytest.mark.one_database
def test_snapshots_made_ahead_by_the_worker_forget_what_was_withdrawn(db_session: Session) -> None:
    consultation = consulted(db_session)
    sent = answered(db_session, consultation, people(40))
    warm(db_session)
    take_back(db_session, sent[0])
    warm(db_session)
    snapshots.forget_figures()

    found = snapshots.figures(db_session, consultation)
    assert int(found.counted.everybody.n[-1, -1]) == 39


def test_a_withdrawn_submission_leaves_the_exports(db_session: Session) -> None:
    consultation = consulted(db_session)
    sent = answered(db_session, consultation, people(3))
    take_back(db_session, sent[1])

    blocks = list(current_submissions(db_session, consultation.id))
    assert [row.id for block in blocks for row in block] == [sent[0].id, sent[2].id]


def test_the_proof_of_what_emile_withdrew_stays_true(
    app: Flask, client: FlaskClient, db_session: Session
) -> None:
    clock(app)
    opened(
        db_session, short({"kind": "short_text", "key": "avis", "label": {"fr": "Votre avis ?"}})
    )
    begin(client, cast.emile(db_session))
    answer(client, 1, {"avis": "Oui"})
    send(client)
    page = client.get(f"{CONTRIBUTION}/recu").text
    assert f'href="{CONTRIBUTION}/preuve.json"' in page
    assert "python -m consultation.verify preuve.json tetes.json" in page
    assert client.get(f"{CONTRIBUTION}/envois/1/preuve.json").status_code == 409
    form = form_of(client.get(f"{CONTRIBUTION}/retirer"), "_numero")
    client.post(form.action, data=form.fields)
    extend(db_session, rules.signing_key(app.extensions["settings"].secret_key), NOW)
    db_session.commit()

    receipt = client.get(f"{CONTRIBUTION}/envois/1/preuve.json")

    heads = client.get("/preuve/tetes.json").get_json()
    assert verifying.verify(receipt.get_json(), heads).proved
    number = db_session.scalars(select(Submission.receipt)).one()
    assert f"preuve-{number}.json" in receipt.headers["Content-Disposition"]
    assert db_session.scalars(select(Response.status)).one() == "withdrawn"
    assert client.get(f"{CONTRIBUTION}/envois/2/preuve.json").status_code == 404
    nadia = app.test_client()
    cast.sign_in(nadia, cast.nadia(db_session))
    assert nadia.get(f"{CONTRIBUTION}/envois/1/preuve.json").status_code == 404
