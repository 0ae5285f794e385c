"""Two people, the same second: the database decides, and nobody sees an error."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.queries.team import members
from consultation.consultations.models import Consultation
from consultation.responses.models import Response
from tests import cast
from tests.coauthors.making import colleague, shared
from tests.responses.making import consulted, short, token_of
from tests.responses.test_together import at_once, tab

QUESTION = {"kind": "short_text", "key": "idee", "label": {"fr": "Votre idée"}}


def pressing(app: Flask, person: User, path: str, slug: str = "poles", **typed: str):
    """Return what ``person`` does: press a button at ``path``, now, with what they ``typed``."""
    client: FlaskClient = tab(app, person)
    data = {"csrf_token": token_of(client.get(f"/consultations/{slug}")), **typed}
    return lambda: client.post(path, data=data)


def test_two_founders_of_one_siren_make_one_official_response(
    app: Flask, db_session: Session
) -> None:
    nadia, paul = cast.nadia(db_session), colleague(db_session)
    for turn in range(8):
        made = consulted(db_session, short(QUESTION), slug=f"essai-{turn}")
        path = f"/consultations/{made.slug}/contribution/organisme"

        replies = at_once(*(pressing(app, one, path, made.slug) for one in (nadia, paul)))

        assert sorted(reply.status_code for reply in replies) == [303, 409]
        (late,) = [reply for reply in replies if reply.status_code == 409]
        assert "Une contribution officielle existe déjà pour ce SIREN" in late.text
        number = db_session.scalar(select(func.count()).where(Response.consultation_id == made.id))
        assert number == 1


def test_a_double_click_of_the_founder_opens_once_and_leads_there_twice(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia = cast.nadia(db_session)
    path = "/consultations/poles/contribution/organisme"

    replies = at_once(pressing(app, nadia, path), pressing(app, nadia, path))

    number = db_session.scalars(select(Response.id)).one()
    assert [reply.status_code for reply in replies] == [303, 303]
    assert {reply.location for reply in replies} <= {f"{path}/{number}", f"{path}/{number}/equipe"}


def test_two_colleagues_abroad_open_one_response_without_a_siren(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, paul = cast.nadia(db_session), colleague(db_session)
    organisation = nadia.organisation
    organisation.siren, organisation.region_code = None, "etranger"
    paul.membership.organisation = organisation
    db_session.commit()
    path = "/consultations/poles/contribution/organisme"

    replies = at_once(pressing(app, nadia, path), pressing(app, paul, path))

    assert sorted(reply.status_code for reply in replies) == [303, 409]
    assert db_session.scalar(select(func.count()).select_from(Response)) == 1


def test_two_signatories_who_leave_at_the_same_second_do_not_both_leave(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, emile, lea = cast.nadia(db_session), cast.emile(db_session), cast.lea(db_session)
    response = shared(db_session, consultation, nadia, emile, lea)
    team = f"/consultations/poles/contribution/organisme/{response.id}/equipe"
    assert pressing(app, nadia, f"{team}/{emile.id}/signataire")().status_code == 303

    replies = at_once(*(pressing(app, one, f"{team}/quitter") for one in (nadia, emile)))

    assert sorted(reply.status_code for reply in replies) == [303, 409]
    left = members(db_session, response.id)
    assert sorted(one.role for one in left) == ["author", "signatory"]


def test_two_colleagues_resume_an_abandoned_draft_and_one_of_them_signs(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, emile, lea = cast.nadia(db_session), cast.emile(db_session), cast.lea(db_session)
    response = shared(db_session, consultation, nadia)
    path = f"/consultations/poles/contribution/organisme/{response.id}"
    pressing(app, nadia, f"{path}/equipe/quitter")()

    replies = at_once(*(pressing(app, one, f"{path}/rejoindre") for one in (emile, lea)))

    assert [reply.status_code for reply in replies] == [303, 303]
    left = members(db_session, response.id)
    assert sorted(one.role for one in left) == ["author", "signatory"]
