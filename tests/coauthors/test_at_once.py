"""Co-authors who save at the same moment: nothing lost, nothing overwritten unseen."""

from __future__ import annotations

from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.responses import drafts, queries
from consultation.responses.draft import Draft
from consultation.responses.models import Response, ResponseSection, Submission
from tests import cast
from tests.coauthors.making import shared
from tests.coauthors.writing import address, louise, visitor, write
from tests.responses.answers import COMPANY
from tests.responses.making import fields_of, form_of
from tests.responses.test_together import JSON, ROUNDS, at_once


@pytest.fixture
def nadia(db_session: Session) -> User:
    return cast.nadia(db_session)


@pytest.fixture
def response(db_session: Session, consultation: Consultation, nadia: User) -> Response:
    return shared(db_session, consultation, nadia, louise(db_session))


class Writer:
    """Saves one section of a shared response again and again, as the script of the page does."""

    def __init__(self, client: FlaskClient, path: str) -> None:
        self.client, self.path = client, path
        self.fields = form_of(client.get(path)).fields

    def save(self, **answers: Any) -> int:
        data = {**self.fields, **fields_of(answers)}
        reply = self.client.post(self.path, data=data, headers=JSON)
        if reply.status_code == 200:
            self.fields["_revision"] = [str(reply.get_json()["revision"])]
        return reply.status_code


def draft_of(session: Session, response: Response, person: User) -> Draft:
    session.expire_all()
    found = drafts.draft(session, response.consultation_id, person.id, response.id)
    assert found is not None
    return found


def test_nadia_and_louise_save_two_sections_200_times_and_nothing_is_lost(
    app: Flask, db_session: Session, response: Response, nadia: User
) -> None:
    hers = Writer(visitor(app, nadia), address(response, 4))
    other = Writer(visitor(app, louise(db_session)), address(response, 8))
    gate = Barrier(2)

    def write_all(save: Any) -> list[int]:
        statuses = []
        for turn in range(1, ROUNDS + 1):
            gate.wait(timeout=60)
            statuses.append(save(str(turn)))
        return statuses

    statuses = at_once(
        lambda: write_all(lambda turn: hers.save(nombre_poles="plus", nombre_cible=turn)),
        lambda: write_all(lambda turn: other.save(proposition=f"Idée {turn}")),
    )

    assert statuses == [[200] * ROUNDS] * 2
    draft = draft_of(db_session, response, nadia)
    assert (draft.revision("modele"), draft.revision("contribution")) == (ROUNDS, ROUNDS)
    assert draft.answers["nombre_cible"] == ROUNDS
    assert draft.answers["proposition"] == f"Idée {ROUNDS}"
    rows = db_session.execute(select(ResponseSection.section, ResponseSection.saved_by))
    savers = {row.section: row.saved_by for row in rows}
    assert savers == {"modele": nadia.id, "contribution": louise(db_session).id}


def test_nadia_and_louise_save_the_same_section_and_one_of_them_is_told(
    app: Flask, db_session: Session, response: Response, nadia: User
) -> None:
    path, others = address(response, 8), louise(db_session)
    clients = [visitor(app, nadia), visitor(app, others)]
    for turn in range(25):
        one, two = (Writer(client, path) for client in clients)
        statuses = at_once(
            lambda one=one, turn=turn: one.save(proposition=f"Nadia {turn}"),
            lambda two=two, turn=turn: two.save(proposition=f"Louise {turn}"),
        )
        assert sorted(statuses) == [200, 409]
        draft = draft_of(db_session, response, nadia)
        winner = f"Nadia {turn}" if statuses[0] == 200 else f"Louise {turn}"
        assert draft.answers["proposition"] == winner
        assert draft.revision("contribution") == turn + 1

    # The one who is told sees both versions, and the name of the other.
    late, wins = (two, "Nadia Benali") if statuses[0] == 200 else (one, "Louise Petit")
    data = {**late.fields, **fields_of({"proposition": "La mienne"})}
    page = late.client.post(path, data=data)
    assert page.status_code == 409
    assert f"par {wins}" in page.text and winner in page.text and "La mienne" in page.text


def test_a_save_during_the_very_signature_is_in_neither_or_in_the_next(
    app: Flask, db_session: Session, response: Response, nadia: User
) -> None:
    hers, other = visitor(app, nadia), visitor(app, louise(db_session))
    for number in sorted(COMPANY):
        write(hers, response, number, COMPANY[number])
    for turn in range(10):
        seen = draft_of(db_session, response, nadia).answers["proposition"]
        form = form_of(hers.get(address(response, "relire")), "_etat")
        writer = Writer(other, address(response, 8))
        replies = at_once(
            lambda form=form: hers.post(form.action, data=form.but(declaration="oui")).location,
            lambda turn=turn, writer=writer: writer.save(proposition=f"Idée {turn}"),
        )
        assert replies[1] == 200
        db_session.expire_all()
        last = queries.last_submission(db_session, response.id)
        if replies[0].endswith("/recu"):
            assert last is not None and last.answers["proposition"] == seen
        else:
            assert replies[0].endswith("/relire")
            assert last is None or last.answers["proposition"] != f"Idée {turn}"
    signed = db_session.scalars(select(Submission.answers).order_by(Submission.number)).all()
    assert len({one["proposition"] for one in signed}) == len(signed)
