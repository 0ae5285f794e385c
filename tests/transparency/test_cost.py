"""What a proof costs to whoever sends: nothing but the hash in the row of their submission."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.responses.models import Submission
from consultation.transparency.models import LogLeaf
from tests import cast
from tests.house.statements import counted_statements
from tests.responses.making import answer, begin, clock, consulted, form_of, short

CONTRIBUTION = "/consultations/poles/contribution"


def test_sending_writes_its_leaf_without_a_statement_more(app: Flask, db_session: Session) -> None:
    client = FlaskClient(app, app.response_class)  # the inspecting one counts for itself
    clock(app)
    consulted(
        db_session,
        short({"kind": "short_text", "key": "avis", "label": {"fr": "Votre avis ?"}}),
    )
    begin(client, cast.emile(db_session))
    answer(client, 1, {"avis": "Oui, à une condition"})
    form = form_of(client.get(f"{CONTRIBUTION}/relire"), "_etat")
    with counted_statements() as statements:
        assert client.post(form.action, data=form.fields).location == f"{CONTRIBUTION}/recu"

    assert not [each for each in statements if " log_" in each]
    assert len([each for each in statements if "submissions" in each and "INSERT" in each]) == 1
    sent = db_session.scalars(select(Submission)).one()
    assert len(sent.leaf_hash) == 64
    assert db_session.scalars(select(LogLeaf)).all() == []
