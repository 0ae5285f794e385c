"""What the journeys find in place."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from consultation.territories.actions import load


@pytest.fixture
def territories(db_session: Session) -> None:
    """The official lists, loaded."""
    load(db_session)
    db_session.commit()
