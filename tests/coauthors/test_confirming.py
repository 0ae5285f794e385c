"""A question changes meaning after Nadia signed: every co-author is told."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.mail.models import OutboxMessage
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.format import decode
from tests import cast
from tests.coauthors.making import shared
from tests.coauthors.writing import address, louise, visitor, write
from tests.responses.making import NOW, answer, begin, consulted, form_of, short


def asking(*values: str) -> dict[str, Any]:
    options = [{"value": value, "label": {"fr": value.capitalize()}} for value in values]
    return short({"kind": "single", "key": "accord", "label": {"fr": "Oui ?"}, "options": options})


def test_each_co_author_is_asked_to_confirm_and_whoever_answers_alone_once(
    app: Flask, db_session: Session
) -> None:
    consultation = consulted(db_session, asking("oui", "non"))
    nadia = cast.nadia(db_session)
    response = shared(db_session, consultation, nadia, louise(db_session))
    hers = visitor(app, nadia)
    write(hers, response, 1, {"accord": "non"})
    form = form_of(hers.get(address(response, "relire")), "_etat")
    assert hers.post(form.action, data=form.but(declaration="oui")).status_code == 303
    alone = app.test_client()
    begin(alone, nadia)
    answer(alone, 1, {"accord": "non"})
    own = form_of(alone.get("/consultations/poles/contribution/relire"), "_etat")
    alone.post(own.action, data=own.fields)

    changed = decode(asking("oui", "sans avis"))
    version = publish_version(db_session, changed, lineage="essai", actor_id=None, now=NOW)
    consultation.version_id = version.id
    db_session.commit()
    for _ in range(2):
        app.extensions["queue"].run("authoring")

    statement = select(OutboxMessage).where(OutboxMessage.key.startswith("questionnaire:"))
    letters = db_session.scalars(statement.order_by(OutboxMessage.id)).all()
    shares = f"http://localhost{address(response)}\n"
    assert [(one.recipient, shares in one.body) for one in letters] == [
        ("nadia@example.org", False),
        ("nadia@example.org", True),
        ("louise@example.org", True),
    ]
