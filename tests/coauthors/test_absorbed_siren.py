"""The SIREN of a response that was taken over leads to the one that remains, and opens no other."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.audit.models import AuditEvent
from consultation.coauthors.actions import merging
from consultation.coauthors.actions.merging import Merger
from consultation.coauthors.actions.scene import Scene
from consultation.coauthors.models import JoinRequest
from consultation.coauthors.rules.opening import ABSORBED, TAKEN
from consultation.consultations.models import Consultation
from consultation.responses.models import CoAuthor, Response
from consultation.responses.withdrawing import is_everybodys
from tests import cast
from tests.coauthors.making import colleague, other_company, shared
from tests.coauthors.test_same_second import pressing
from tests.coauthors.writing import ROOT, address, visitor
from tests.journeys.visitors import letters, press
from tests.responses.making import NOW, consulted, short
from tests.responses.test_together import at_once

QUESTION = {"kind": "short_text", "key": "idee", "label": {"fr": "Votre idée"}}
OPTIQUE, VERRERIE, GROUPE = "552100554", "732829320", "443061841"


def merge(session: Session, gone: Response, kept: Response, app: Flask) -> None:
    folder = app.extensions["settings"].files_path
    reason = "Les deux organismes ont fusionné"
    place = (kept.consultation_id, cast.claire(session).id, NOW, folder)
    merging.merge(session, Merger(kept.id, gone.id, *place, open_now=True, reason=reason))
    session.commit()
    session.expire_all()


def standing(session: Session) -> int:
    statement = select(func.count()).where(
        Response.organisation_id.is_not(None), Response.merged_into.is_(None)
    )
    return session.scalar(statement) or 0


def third_company(session: Session) -> User:
    """Omar, of a third company."""
    person = cast._person(session, "omar@groupe.fr", "Omar Sy", "entreprise_pme", "84")
    if person.membership is None:
        cast._join(session, person, "Groupe", "entreprise_pme", "84", "pme", "44306184100047")
    return person


@pytest.fixture
def optique(db_session: Session, consultation: Consultation) -> Response:
    return shared(db_session, consultation, cast.nadia(db_session))


@pytest.fixture
def verrerie(db_session: Session, consultation: Consultation) -> Response:
    return shared(db_session, consultation, other_company(db_session))


@pytest.fixture
def paul(app: Flask, db_session: Session) -> FlaskClient:
    return visitor(app, colleague(db_session))


def test_paul_learns_that_his_company_answers_with_another_and_asks_to_join(
    app: Flask, db_session: Session, optique: Response, verrerie: Response, paul: FlaskClient
) -> None:
    assert TAKEN in paul.get(ROOT).text
    merge(db_session, optique, verrerie, app)

    page = paul.get(ROOT).text

    assert ABSORBED in page and TAKEN not in page
    assert "Verrerie" not in page  # a SIREN is only typed: it tells no name
    assert "Ouvrir la contribution" not in page
    refused = press(paul, ROOT, ROOT)
    assert refused.status_code == 409 and ABSORBED in refused.text
    assert standing(db_session) == 1
    press(paul, ROOT, address(verrerie, "demander"), message="Je suis d’Optique")
    asked = db_session.scalars(select(JoinRequest)).one()
    assert asked.response_id == verrerie.id
    assert "Je suis d’Optique" in letters(db_session, "ines@verrerie.fr")[-1].body


def test_paul_joins_by_the_domain_of_the_response_that_absorbed_his(
    app: Flask, db_session: Session, optique: Response, verrerie: Response
) -> None:
    paul = visitor(app, colleague(db_session, "paul@verrerie.fr"))
    merge(db_session, optique, verrerie, app)
    page = paul.get(ROOT).text
    assert ABSORBED in page and "Rejoindre cette contribution" in page
    assert press(paul, ROOT, address(verrerie, "rejoindre")).status_code == 303
    # Now that he writes it, his SIREN leads there.
    assert paul.get(ROOT).location == address(verrerie)


def test_a_chain_of_mergers_leads_to_its_end(
    app: Flask, db_session: Session, consultation: Consultation, optique: Response,
    verrerie: Response, paul: FlaskClient,
) -> None:  # fmt: skip
    group = shared(db_session, consultation, third_company(db_session))
    merge(db_session, optique, verrerie, app)
    merge(db_session, verrerie, group, app)
    for person in (paul, visitor(app, cast._person(db_session, "x@y.fr", "Zoé", "autre", "84"))):
        assert press(person, ROOT, address(verrerie, "demander")).status_code == 404
    assert f'action="{address(group, "demander")}"' in paul.get(ROOT).text
    assert press(paul, ROOT, ROOT).status_code == 409


def test_the_siren_leads_there_even_when_nobody_writes_there_any_more(
    app: Flask, db_session: Session, optique: Response, verrerie: Response, paul: FlaskClient
) -> None:
    merge(db_session, optique, verrerie, app)
    assert is_everybodys(db_session, verrerie.id, other_company(db_session).id)  # never deleted
    for member in db_session.scalars(select(CoAuthor)):
        db_session.delete(member)
    verrerie.status = "withdrawn"
    db_session.commit()
    assert ABSORBED in paul.get(ROOT).text
    assert press(paul, ROOT, ROOT).status_code == 409


def test_the_database_itself_refuses_a_second_response_of_an_absorbed_siren(
    app: Flask, db_session: Session, optique: Response, verrerie: Response
) -> None:
    merge(db_session, optique, verrerie, app)
    again = {"siren": OPTIQUE, "version_id": optique.version_id, "status": "draft"}
    db_session.add(
        Response(consultation_id=optique.consultation_id, created_at=NOW, updated_at=NOW, **again)
    )
    with pytest.raises(IntegrityError):
        db_session.flush()
    db_session.rollback()


def test_a_founder_and_a_merger_at_the_same_second_never_make_two(
    app: Flask, db_session: Session
) -> None:
    nadia, ines, paul = (
        cast.nadia(db_session),
        other_company(db_session),
        colleague(db_session),
    )
    claire = cast.claire(db_session)
    for turn in range(6):
        made = consulted(db_session, short(QUESTION), slug=f"essai-{turn}")
        gone, kept = shared(db_session, made, nadia), shared(db_session, made, ines)
        merger = pressing(
            app, claire, f"/espace/{made.slug}/organismes/{gone.id}/reunir", made.slug,
            into=str(kept.id), reason="Fusion", confirme="oui",
        )  # fmt: skip
        founder = pressing(
            app, paul, f"/consultations/{made.slug}/contribution/organisme", made.slug
        )

        replies = at_once(founder, merger)

        assert [reply.status_code for reply in replies] == [409, 303]
        db_session.expire_all()
        held = select(func.count()).where(
            Response.consultation_id == made.id, Response.siren == OPTIQUE
        )
        assert db_session.scalar(held) == 1


def test_claire_frees_the_siren_of_a_merger_made_by_mistake(
    app: Flask, db_session: Session, consultation: Consultation, optique: Response,
    verrerie: Response, paul: FlaskClient,
) -> None:  # fmt: skip
    merge(db_session, optique, verrerie, app)
    claire = visitor(app, cast.claire(db_session, consultation.id))
    one = f"/espace/poles/organismes/{optique.id}"
    assert "Libérer le SIREN" in claire.get(one).text
    place = f"{one}/liberer"
    assert press(claire, place, place, reason="").status_code == 422
    asked = press(claire, place, place, reason="Deux entreprises")
    assert "Voici ce qui va se passer" in asked.text and "peut s’ouvrir avec le SIREN" in asked.text
    assert ABSORBED in paul.get(ROOT).text

    done = press(claire, place, place, reason="Deux entreprises", confirme="oui")
    assert done.status_code == 303, done.text

    event = db_session.scalars(select(AuditEvent).where(AuditEvent.verb == "free_siren")).one()
    assert event.details == {"siren": OPTIQUE, "reason": "Deux entreprises"}
    assert "Deux entreprises" in letters(db_session, "ines@verrerie.fr")[-1].body
    assert "Libérer le SIREN" not in claire.get(one).text
    twice = press(claire, place, place, reason="Encore", confirme="oui")
    assert twice.status_code == 422
    assert "/equipe" in press(paul, ROOT, ROOT).location
    other = f"/espace/poles/organismes/{verrerie.id}/liberer"
    assert press(claire, other, other, reason="Non", confirme="oui").status_code == 422
    assert paul.get(place).status_code == 403


def test_the_response_that_remains_may_take_the_siren_that_it_absorbed(
    app: Flask, db_session: Session, optique: Response, verrerie: Response, paul: FlaskClient
) -> None:
    merge(db_session, optique, verrerie, app)
    here = Scene(verrerie.id, verrerie.consultation_id, cast.claire(db_session).id, NOW)
    merging.correct_siren(db_session, here, OPTIQUE, reason="La société nouvelle garde ce numéro")
    db_session.commit()
    db_session.expire_all()
    assert (verrerie.siren, optique.siren) == (OPTIQUE, None)
    assert TAKEN in paul.get(ROOT).text
