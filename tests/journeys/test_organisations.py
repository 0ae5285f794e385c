"""Claire looks after the contributions of organisations: who writes, which SIREN, one of two."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.keeping import part_with
from consultation.accounts.models import User
from consultation.audit.models import AuditEvent
from consultation.coauthors.keeping import tidy
from consultation.coauthors.queries.team import members
from consultation.consultations.models import Consultation
from consultation.questionnaires.queries import forget_compiled
from consultation.responses import drafts, queries
from consultation.responses.actions import save_section
from consultation.responses.models import CoAuthor, Response
from tests import cast
from tests.coauthors.making import colleague, other_company, shared
from tests.journeys.visitors import Clock, letters, press
from tests.responses.making import NOW, consulted, fields_of, form_of, short

LIST = "/espace/poles/organismes"
PAGE = "/consultations/poles"
FILE = {
    "kind": "file",
    "key": "annexe",
    "label": {"fr": "Une annexe"},
    "extensions": ["pdf"],
    "required": False,
}
SECTIONS = {
    "code": "fusion",
    "title": {"fr": "Fusion"},
    "sections": [
        {
            "key": key,
            "title": {"fr": title},
            "questions": [
                {
                    "kind": "short_text",
                    "key": f"q_{key}",
                    "label": {"fr": f"Votre {key}"},
                    "required": False,
                },
                *more,
            ],
        }
        for key, title, more in (
            ("avis", "Votre avis", []),
            ("suite", "Et la suite", [FILE]),
        )
    ],
}


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Iterator[Clock]:
    yield Clock(app, NOW)
    forget_compiled()


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    return consulted(db_session, SECTIONS)


@pytest.fixture
def claire(app: Flask, db_session: Session, consultation: Consultation) -> FlaskClient:
    return signed_in(app, cast.claire(db_session, consultation.id))


def signed_in(app: Flask, person: User) -> FlaskClient:
    client = app.test_client()
    cast.sign_in(client, person)
    return client


def write(client: FlaskClient, response: Response | int, number: int, **answers: object) -> int:
    """Save a section of a shared response as its page does."""
    place = response if isinstance(response, int) else response.id
    page = client.get(f"{PAGE}/contribution/organisme/{place}/{number}")
    if page.status_code != 200:
        return page.status_code
    form = form_of(page)
    return client.post(form.action, data={**form.fields, **fields_of(answers)}).status_code


def send(client: FlaskClient, response: Response) -> None:
    root = f"{PAGE}/contribution/organisme/{response.id}"
    form = form_of(client.get(f"{root}/relire"), "_etat")
    data = form.but(declaration="oui")
    assert client.post(form.action, data=data).location == f"{root}/recu"


def both(session: Session, consultation: Consultation) -> tuple[Response, Response]:
    nadia, ines = cast.nadia(session), other_company(session)
    return shared(session, consultation, nadia), shared(session, consultation, ines)


def team(session: Session, response: int) -> dict[int, str]:
    session.expire_all()
    return {one.user_id: one.role for one in members(session, response)}


def test_claire_sees_who_writes_and_never_an_answer(
    app: Flask, db_session: Session, consultation: Consultation, claire: FlaskClient
) -> None:
    assert "Aucun organisme" in claire.get(LIST).text
    kept, _other = both(db_session, consultation)
    write(signed_in(app, cast.nadia(db_session)), kept, 1, q_avis="Notre secret")

    page = claire.get(LIST).text
    assert "Optique du Rhône" in page and "Verrerie SA" in page and "Brouillon" in page
    one = claire.get(f"{LIST}/{kept.id}").text
    assert "nadia@example.org" in one
    assert "Notre secret" not in page + one
    assert claire.get(f"{PAGE}/contribution/organisme/{kept.id}").status_code == 404
    assert "2\u00a0organismes répondent" in claire.get("/espace/poles").text


@pytest.mark.parametrize("path", ["", "/1", "/1/signataire", "/1/siren", "/1/reunir"])
def test_only_an_organiser_comes_here(
    app: Flask, db_session: Session, consultation: Consultation, path: str
) -> None:
    shared(db_session, consultation, cast.nadia(db_session))
    for person in (cast.nadia(db_session), cast.lea(db_session), cast.emile(db_session)):
        client = signed_in(app, person)
        assert client.get(LIST + path).status_code == 403
        if path.count("/") > 1:
            assert press(client, PAGE, LIST + path, reason="x").status_code == 403


def test_claire_gives_a_usurped_response_back_to_the_company(
    app: Flask, db_session: Session, consultation: Consultation, claire: FlaskClient
) -> None:
    nadia, emile, paul = cast.nadia(db_session), cast.emile(db_session), colleague(db_session)
    response = shared(db_session, consultation, nadia, emile)
    place = f"{LIST}/{response.id}/signataire"
    typed = {"email": paul.email, "alone": "y", "reason": "Le siège le demande"}

    for wrong in ({"email": "personne@ailleurs.fr", "reason": "R"}, {"email": paul.email}):
        assert press(claire, place, place, **wrong).status_code == 422
    asked = press(claire, place, place, **typed)
    assert asked.status_code == 200 and "Voici ce qui va se passer" in asked.text
    assert "2\u00a0personnes n’y participent plus" in asked.text
    assert team(db_session, response.id) == {nadia.id: "signatory", emile.id: "author"}

    assert press(claire, place, place, **typed, confirme="oui").location == LIST
    assert team(db_session, response.id) == {paul.id: "signatory"}
    assert "signataire" in letters(db_session, paul.email)[-1].subject
    assert "ne participez plus" in letters(db_session, nadia.email)[-1].subject
    for person in (paul, nadia, emile):
        assert "Raison\u00a0: Le siège le demande" in letters(db_session, person.email)[-1].body
    event = db_session.scalars(
        select(AuditEvent).where(AuditEvent.verb == "appoint_signatory")
    ).one()
    assert event.details["reason"] == "Le siège le demande"
    assert signed_in(app, emile).get(f"{PAGE}/contribution/organisme").status_code == 200
    assert "Rejoindre cette" not in signed_in(app, emile).get(f"{PAGE}/contribution/organisme").text


def test_those_who_write_are_told_that_claire_named_a_signatory_and_why(
    db_session: Session, consultation: Consultation, claire: FlaskClient
) -> None:
    nadia, emile, paul = cast.nadia(db_session), cast.emile(db_session), colleague(db_session)
    response = shared(db_session, consultation, nadia, emile)
    place = f"{LIST}/{response.id}/signataire"

    press(claire, place, place, email=paul.email, reason="Congé long", confirme="oui")

    for person in (nadia, emile):
        (letter,) = letters(db_session, person.email)
        assert letter.subject.startswith("Paul Rival est signataire pour")
        assert "L’organisateur" in letter.body and "Raison\u00a0: Congé long" in letter.body
    (letter,) = letters(db_session, paul.email)
    assert "Vous êtes signataire" in letter.subject and "Congé long" in letter.body


def test_claire_corrects_a_siren_that_is_free(
    db_session: Session, consultation: Consultation, claire: FlaskClient
) -> None:
    kept, _other = both(db_session, consultation)
    place = f"{LIST}/{kept.id}/siren"
    for wrong in ("", "123", "123456789", "abc", "732829320"):
        refused = press(claire, place, place, siren=wrong, reason="R")
        assert refused.status_code == 422, wrong
    assert "existe déjà pour ce SIREN" in refused.text

    asked = press(claire, place, place, siren="443 061 841", reason="Erreur de saisie")
    assert "443\u00a0061\u00a0841" in asked.text
    db_session.refresh(kept)
    assert kept.siren == "552100554"
    done = press(claire, place, place, siren="443061841", reason="Erreur de saisie", confirme="oui")
    assert done.location == LIST
    db_session.refresh(kept)
    assert kept.siren == "443061841"
    assert "443061841" in letters(db_session, "nadia@example.org")[-1].body


def test_two_organisations_become_one_and_nothing_is_lost(
    app: Flask, db_session: Session, consultation: Consultation, claire: FlaskClient
) -> None:
    kept, gone = both(db_session, consultation)
    nadia, ines = cast.nadia(db_session), other_company(db_session)
    hers, theirs = signed_in(app, ines), signed_in(app, nadia)
    write(theirs, kept, 1, q_avis="Avis de l’optique")
    write(hers, gone, 1, q_avis="Avis du verre")
    page = hers.get(f"{PAGE}/contribution/organisme/{gone.id}/2")
    form = form_of(page)
    annexe = (BytesIO(b"%PDF-1.7 annexe"), "annexe.pdf")
    data = {**form.fields, "q_suite": "Suite du verre", "annexe": annexe}
    sent = hers.post(form.action, data=data, content_type="multipart/form-data")
    assert sent.status_code == 303, sent.text
    send(theirs, kept)
    send(hers, gone)
    place = f"{LIST}/{gone.id}/reunir"

    asked = press(claire, place, place, into=str(kept.id), reason="Fusion au 1er janvier")
    assert "1\u00a0personne rejoint" in asked.text and "peut ensuite lui donner" in asked.text
    assert "Et la suite" in asked.text and "Votre avis" in asked.text
    assert "ne compte plus" in asked.text
    assert queries.counts(db_session, consultation.id) == (0, 2)
    done = press(
        claire, place, place, into=str(kept.id), reason="Fusion au 1er janvier", confirme="oui"
    )

    assert done.location == LIST
    assert team(db_session, kept.id) == {nadia.id: "signatory", ines.id: "author"}
    assert queries.counts(db_session, consultation.id) == (0, 1)
    mine = drafts.draft(db_session, consultation.id, nadia.id, kept.id)
    assert mine is not None
    assert mine.answers["q_avis"] == "Avis de l’optique"
    assert mine.answers["q_suite"] == "Suite du verre"
    (copied,) = mine.answers["annexe"]
    root = f"{PAGE}/contribution/organisme"
    assert theirs.get(f"{root}/{kept.id}/fichiers/{copied['id']}").data == b"%PDF-1.7 annexe"
    for client in (theirs, hers):
        team_page = client.get(f"{root}/{kept.id}/equipe").text
        assert "Contribution reprise" in team_page and f"{root}/{gone.id}/relire" in team_page
        read = client.get(f"{root}/{gone.id}/relire")
        assert "Contribution reprise" in read.text and "Avis du verre" in read.text
        assert "à signer" not in read.text and "encore été signé" not in read.text
        assert client.get(f"{root}/{gone.id}").location == f"{root}/{gone.id}/relire"
        assert client.get(f"{root}/{gone.id}/1").status_code == 302
        for path in ("historique", "equipe", "recu", "notes", "repartition"):
            assert client.get(f"{root}/{gone.id}/{path}").status_code in (200, 302, 403, 404), path
    form = form_of(hers.get(f"{root}/{kept.id}/1"))
    late = hers.post(f"{root}/{gone.id}/1", data=form.but(q_avis="Trop tard"))
    assert late.status_code == 403 and "reprise par celle" in late.text and "Trop tard" in late.text
    assert f'href="{root}/{kept.id}">Ouvrir la contribution qui continue' in late.text
    for person in (nadia, ines):
        assert "ne font plus qu’une" in letters(db_session, person.email)[-1].subject
    assert "Reprise" in claire.get(LIST).text
    assert "Agissez sur celle" in claire.get(f"{LIST}/{gone.id}").text
    again = press(claire, f"{LIST}/{kept.id}/reunir", place, into=str(kept.id), reason="R")
    assert again.status_code == 422
    # Even a request that passed the page a moment before the merger writes nothing.
    late_save = save_section(
        db_session,
        response_id=gone.id,
        user_id=ines.id,
        section="avis",
        answers={"q_avis": "Trop tard"},
        seen=1,
        now=NOW,
    )
    assert late_save is None
    # What was taken over follows, and the SIREN of the company that is gone is free again.
    free = db_session.scalars(select(Response).where(Response.id == gone.id)).one()
    assert (free.merged_into, free.submission_id, free.status) == (kept.id, None, "withdrawn")


def test_when_only_the_response_that_goes_was_sent_the_other_must_be_signed(
    app: Flask, db_session: Session, consultation: Consultation, claire: FlaskClient, clock: Clock
) -> None:
    kept, gone = both(db_session, consultation)
    hers = signed_in(app, other_company(db_session))
    write(hers, gone, 1, q_avis="Avis du verre")
    write(hers, gone, 2, q_suite="Suite")
    send(hers, gone)
    place = f"{LIST}/{gone.id}/reunir"

    clock.forward(days=60)
    claire = signed_in(app, cast.claire(db_session, consultation.id))
    refused = press(claire, place, place, into=str(kept.id), reason="Fusion")
    assert refused.status_code == 422 and "Échangez les deux organismes" in refused.text

    clock.forward(days=-60)
    claire = signed_in(app, cast.claire(db_session, consultation.id))
    asked = press(claire, place, place, into=str(kept.id), reason="Fusion")
    assert "doit relire, signer et envoyer" in asked.text
    press(claire, place, place, into=str(kept.id), reason="Fusion", confirme="oui")
    assert queries.counts(db_session, consultation.id) == (1, 0)
    assert "relit, signe et envoie" in letters(db_session, "nadia@example.org")[-1].body
    theirs = signed_in(app, cast.nadia(db_session))
    send(theirs, kept)
    assert queries.counts(db_session, consultation.id) == (0, 1)


def test_a_response_takes_the_name_of_an_organisation_that_has_none(
    db_session: Session, consultation: Consultation, claire: FlaskClient
) -> None:
    kept, gone = both(db_session, consultation)
    place = f"{LIST}/{gone.id}/reunir"
    typed = {"into": "other", "name": "Groupe Lumière", "siren": "443061841", "reason": "Rachat"}
    for missing in ("name", "siren", "reason", "into"):
        assert press(claire, place, place, **{**typed, missing: ""}).status_code == 422

    asked = press(claire, place, place, **typed)
    assert "prend le nom de" in asked.text
    press(claire, place, place, **typed, confirme="oui")

    claire.get(LIST)
    page = claire.get(LIST).text
    assert "Groupe Lumière" in page and "Verrerie SA" not in page
    # An organisation of the list, typed by hand, is the same as chosen.
    typed = {"into": "other", "name": "Optique", "siren": "552100554", "reason": "Rachat"}
    assert "continue" in press(claire, place, place, **typed).text
    press(claire, place, place, **typed, confirme="oui")
    db_session.refresh(gone)
    assert gone.merged_into == kept.id


def test_people_of_the_response_that_goes_sign_when_nobody_is_left_on_the_other(
    app: Flask, db_session: Session, consultation: Consultation, claire: FlaskClient
) -> None:
    kept, gone = both(db_session, consultation)
    nadia, ines = cast.nadia(db_session), other_company(db_session)
    leaving = f"{PAGE}/contribution/organisme/{kept.id}/equipe/quitter"
    press(signed_in(app, nadia), leaving, leaving)
    assert "Sans auteur" in claire.get(LIST).text
    assert "1 sans auteur" in claire.get("/espace/poles").text
    place = f"{LIST}/{gone.id}/reunir"
    press(claire, place, place, into=str(kept.id), reason="Fusion", confirme="oui")
    assert team(db_session, kept.id) == {ines.id: "signatory"}


def test_the_oldest_signs_when_the_account_of_the_signatory_disappears(
    db_session: Session, consultation: Consultation
) -> None:
    nadia, emile, lea = cast.nadia(db_session), cast.emile(db_session), cast.lea(db_session)
    response = shared(db_session, consultation, nadia, emile, lea)
    number, gone = response.id, nadia.id
    part_with(db_session, [gone], NOW)
    db_session.commit()
    assert team(db_session, number) == {emile.id: "signatory", lea.id: "author"}

    # Whatever the way, even by hand in the database: the next hour mends it.
    db_session.delete(db_session.get(CoAuthor, (number, emile.id)))
    db_session.commit()
    assert team(db_session, number) == {lea.id: "author"}
    tidy(db_session, NOW)
    db_session.commit()
    assert team(db_session, number) == {lea.id: "signatory"}

    part_with(db_session, [lea.id], NOW)
    db_session.commit()
    assert team(db_session, number) == {}


def test_a_response_of_another_consultation_is_out_of_reach(
    db_session: Session, consultation: Consultation, claire: FlaskClient
) -> None:
    question = {"kind": "short_text", "key": "idee", "label": {"fr": "Votre idée"}}
    elsewhere = consulted(db_session, short(question), slug="ailleurs")
    response = shared(db_session, elsewhere, cast.nadia(db_session))
    mine = shared(db_session, consultation, other_company(db_session))
    for path in ("", "/signataire", "/siren", "/reunir"):
        assert claire.get(f"{LIST}/{response.id}{path}").status_code == 404
    place = f"{LIST}/{mine.id}/reunir"
    refused = press(claire, place, place, into=str(response.id), reason="R", confirme="oui")
    assert refused.status_code == 422
