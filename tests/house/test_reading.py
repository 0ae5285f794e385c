"""How the pages that only read use the database."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from consultation.accounts import queries
from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.consultations.queries import _by_slug, by_slug
from consultation.db import db
from consultation.responses.drafts import _draft_statement
from consultation.rows import attach, read_rows
from tests import cast
from tests.consultations.making import a_consultation
from tests.databases import end_every_connection_of_the_application
from tests.responses.making import poles, saved


@pytest.mark.own_app
def test_nadia_reads_without_a_transaction_and_writes_in_one(app: Flask, db_session: Session):
    begun: list[bool] = []

    @app.after_request
    def look(response):
        connection = db.session.connection().connection.driver_connection
        if db.engine.dialect.name == "postgresql":
            begun.append(connection.info.transaction_status.name == "INTRANS")
        else:
            begun.append(connection.in_transaction)
        return response

    client = app.test_client()
    cast.sign_in(client, cast.nadia(db_session))
    assert client.get("/moi").status_code == 200
    assert not begun[-1]
    if db.engine.dialect.name == "postgresql":
        client.post("/deconnexion")
        assert begun[-1]


def test_the_person_of_a_session_is_the_one_that_the_database_holds(
    app: Flask, client: FlaskClient, db_session: Session
) -> None:
    people = cast.nadia(db_session), cast.claire(db_session), cast.emile(db_session)
    for number, version in [(person.id, person.session_version) for person in people]:
        expected = _described(queries.by_id(db_session, number))
        db_session.commit()
        db_session.expunge_all()

        found = queries.for_session(db_session, number, version)
        assert found is not None and found is queries.by_id(db_session, number)
        assert _described(found) == expected
        assert not db_session.dirty and not db_session.new
        assert queries.for_session(db_session, number, version + 1) is None


def _described(user: User | None) -> object:
    assert user is not None
    organisation = user.organisation
    return (
        {name: getattr(user, name) for name in list(User.__mapper__.columns.keys())},
        [(grant.role, grant.consultation_id, grant.user_id) for grant in user.grants],
        None if organisation is None else (organisation.id, organisation.name, organisation.siren),
    )


def test_what_nadia_has_just_changed_is_not_read_over(app: Flask, db_session: Session) -> None:
    nadia = cast.nadia(db_session)
    db_session.commit()
    values = list(db_session.connection().execute(User.__table__.select()).one())
    nadia.display_name = "Nadia B."

    assert attach(db_session, User, values) is nadia
    assert nadia.display_name == "Nadia B."


def test_the_consultation_of_an_address_is_the_one_that_the_database_holds(
    app: Flask, db_session: Session
) -> None:
    made = a_consultation(db_session)
    slug = made.slug
    whole = {name: getattr(made, name) for name in list(Consultation.__mapper__.columns.keys())}
    db_session.commit()
    db_session.expunge_all()

    found = by_slug(db_session, slug)
    assert found is not None
    assert {name: found.__dict__[name] for name in whole} == whole
    assert [document.title for document in found.documents] == ["Note de présentation"]
    found.theme = "autre"
    db_session.commit()
    db_session.expunge_all()
    assert by_slug(db_session, slug).theme == "autre"


def test_the_rows_of_a_page_are_those_that_the_usual_way_reads(
    app: Flask, db_session: Session
) -> None:
    nadia, made = cast.nadia(db_session), poles(db_session)
    saved(db_session, made, nadia, {1: {}, 2: {}})
    asked = (
        (queries._of_session(), {"user_id": nadia.id, "session_version": nadia.session_version}),
        (_by_slug(), {"slug": made.slug}),
        (_draft_statement(), {"consultation_id": made.id, "user_id": nadia.id}),
    )
    for statement, values in asked:
        usual = [tuple(row) for row in db_session.execute(statement, values)]
        assert usual
        assert [tuple(row) for row in read_rows(db_session, statement, values)] == usual


def test_what_claire_has_just_changed_is_what_is_read(app: Flask, db_session: Session) -> None:
    made = a_consultation(db_session)
    db_session.commit()
    slug = made.slug
    made.theme = "autre"
    (row,) = read_rows(db_session, _by_slug(), {"slug": slug})
    assert row.theme == "autre"


def test_a_statement_that_fails_says_why_as_any_other(app: Flask, db_session: Session) -> None:
    lost = select(Table("nowhere", MetaData(), Column("id", Integer)))
    with pytest.raises(DBAPIError):
        read_rows(db_session, lost, {})
    db_session.rollback()
    assert read_rows(db_session, _by_slug(), {"slug": "aucune"}) == []


def test_a_connection_cut_in_the_middle_of_a_page_is_given_up(
    app: Flask, db_session: Session, database: str
) -> None:
    if database.startswith("postgresql"):
        assert read_rows(db_session, _by_slug(), {"slug": "aucune"}) == []
        end_every_connection_of_the_application(database)
        with pytest.raises(OperationalError) as raised:
            read_rows(db_session, _by_slug(), {"slug": "aucune"})
        assert raised.value.connection_invalidated
        db_session.rollback()
    assert read_rows(db_session, _by_slug(), {"slug": "aucune"}) == []
