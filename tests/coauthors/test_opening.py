"""Nadia opens the official response of her company; the database keeps one for each SIREN."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.accounts.models import Organisation
from consultation.coauthors.actions.opening import Opening, open_response
from consultation.coauthors.models import SharedResponse
from consultation.consultations.models import Consultation
from consultation.consultations.rules import Refused
from consultation.responses import drafts
from consultation.responses.models import Response
from tests import cast
from tests.coauthors.making import shared
from tests.responses.making import NOW, answer, begin


def test_nadia_opens_the_response_of_her_company_and_signs(
    db_session: Session, consultation: Consultation
) -> None:
    nadia = cast.nadia(db_session)

    response = shared(db_session, consultation, nadia)

    draft = drafts.draft(db_session, consultation.id, nadia.id, response.id)
    assert draft is not None and draft.shared is not None
    assert (draft.shared.name, draft.shared.siren) == ("Optique du Rhône", "552100554")
    assert draft.shared.signs
    assert response.organisation_id != nadia.organisation.id
    door = db_session.get(SharedResponse, response.id)
    assert door is not None and door.domain == "example.org"


def test_a_second_official_response_of_the_same_siren_is_refused(
    db_session: Session, consultation: Consultation
) -> None:
    nadia = cast.nadia(db_session)
    shared(db_session, consultation, nadia)

    with pytest.raises(Refused, match="existe déjà pour ce SIREN"):
        open_response(db_session, nadia, Opening(consultation.id, consultation.version_id, NOW))
    db_session.rollback()

    assert db_session.scalar(select(func.count()).select_from(Response)) == 1
    assert db_session.scalar(select(func.count()).select_from(Organisation)) == 2


def test_claire_without_siren_is_told_to_complete_her_profile(
    db_session: Session, consultation: Consultation
) -> None:
    claire, emile = cast.claire(db_session), cast.emile(db_session)
    opening = Opening(consultation.id, consultation.version_id, NOW)

    with pytest.raises(Refused, match="SIRET"):
        open_response(db_session, claire, opening)
    with pytest.raises(Refused, match="nom de votre organisme"):
        open_response(db_session, emile, opening)

    claire.organisation.region_code = "etranger"
    assert open_response(db_session, claire, opening)


def test_nadia_starts_from_her_own_draft_which_stays(
    app: Flask, client, db_session: Session, consultation: Consultation
) -> None:
    nadia = cast.nadia(db_session)
    begin(client, nadia)
    answer(client, 8, {"proposition": "Une idée à moi"})
    opening = Opening(
        consultation.id, consultation.version_id, NOW, app.extensions["settings"].files_path
    )

    number = open_response(db_session, nadia, opening)
    db_session.commit()

    for one in (None, number):
        draft = drafts.draft(db_session, consultation.id, nadia.id, one)
        assert draft is not None and draft.answers["proposition"] == "Une idée à moi"
        assert draft.revision("contribution") == 1
