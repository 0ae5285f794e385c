"""The public pages, through HTTP."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.consultations.making import DURING, a_consultation


@pytest.fixture(autouse=True)
def during(app: Flask) -> None:
    app.extensions["clock"] = lambda: DURING


def test_emile_reads_the_page_of_an_open_consultation(
    db_session: Session, client: FlaskClient
) -> None:
    a_consultation(db_session)
    page = client.get("/consultations/poles").text
    assert "L’avenir des pôles de compétitivité" in page
    assert client.get("/consultations/poles/modalites").status_code == 200
    assert client.get("/").status_code == 200
