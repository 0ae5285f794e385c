"""An open consultation, and Émile with his response begun."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.questionnaires.queries import forget_compiled
from tests import cast
from tests.responses.making import begin, clock, poles


@pytest.fixture(autouse=True)
def stopped_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """It is a Thursday of February 2022, and no version of another test is remembered."""
    if "app" in request.fixturenames:
        clock(request.getfixturevalue("app"))
    yield
    forget_compiled()


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    """The consultation of 2022, open."""
    return poles(db_session)


@pytest.fixture
def emile(app: Flask, db_session: Session, client: FlaskClient, consultation: Consultation) -> User:
    """Émile, signed in, his response begun."""
    person = cast.emile(db_session)
    begin(client, person)
    return person
