"""A consultation whose one response may be sent as often as wanted."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from consultation.responses.models import Response
from tests import cast
from tests.responses.making import consulted
from tests.transparency.making import NOW, QUESTIONNAIRE


@pytest.fixture
def consultation_id(app: Flask, db_session: Session) -> int:
    consultation = consulted(db_session, QUESTIONNAIRE)
    user = cast.emile(db_session)
    db_session.add(
        Response(
            id=1, consultation_id=consultation.id, user_id=user.id, organisation_id=None,
            version_id=consultation.version_id, status="draft", created_at=NOW, updated_at=NOW,
        )
    )  # fmt: skip
    db_session.commit()
    return consultation.id
