"""The consultation of 2022, open on a Thursday of February."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.questionnaires.queries import forget_compiled
from tests.responses.making import clock, poles


@pytest.fixture(autouse=True)
def stopped_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stop the clock, and remember no version of another test."""
    if "app" in request.fixturenames:
        clock(request.getfixturevalue("app"))
    yield
    forget_compiled()


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    """The consultation of 2022, open."""
    return poles(db_session)
