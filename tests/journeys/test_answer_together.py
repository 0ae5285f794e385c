"""Nadia answers for her company with others: she opens, invites, hands over, leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.models import CoAuthorInvitation, SharedResponse
from consultation.coauthors.queries.team import members
from consultation.consultations.models import Consultation
from consultation.mail.models import OutboxMessage
from consultation.questionnaires.queries import forget_compiled
from consultation.responses.models import Response
from tests import cast
from tests.coauthors.making import colleague, shared
from tests.journeys.visitors import Clock, letters, press
from tests.responses.making import NOW, answer, begin, poles

PAGE = "/consultations/poles"
OPENING = f"{PAGE}/contribution/organisme"


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Iterator[Clock]:
    yield Clock(app, NOW)
    forget_compiled()


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    return poles(db_session)


def signed_in(app: Flask, person: User) -> FlaskClient:
    client = app.test_client()
    cast.sign_in(client, person)
    return client


def link_in(letter: OutboxMessage) -> str:
    """Return the path of the link of an invitation."""
    found = re.search(r"^http://localhost(/co-redaction/\S+)$", letter.body, re.MULTILINE)
    assert found, letter.body
    return found[1]


def of(session: Session, response: Response) -> dict[int, str]:
    session.expire_all()
    return {one.user_id: one.role for one in members(session, response.id)}


def test_nadia_sees_two_choices_and_opens_the_official_response(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    client = signed_in(app, cast.nadia(db_session))
    page = client.get(PAGE)
    assert "Répondre au nom de" in page.text and "Répondre à titre personnel" in page.text

    opened = press(client, OPENING, OPENING)

    assert opened.status_code == 303
    response = db_session.scalars(select(Response)).one()
    assert opened.location == f"{OPENING}/{response.id}/equipe"
    assert client.get(opened.location).status_code == 200
    page = client.get(PAGE)
    assert "Reprendre la contribution" in page.text
    assert "Répondre à titre personnel" in page.text
    again = press(client, PAGE, OPENING)
    assert again.location == f"{OPENING}/{response.id}"
    assert client.get(OPENING).location == f"{OPENING}/{response.id}"


def test_nadia_copies_her_draft_and_both_live_on(
    app: Flask, db_session: Session, consultation: Consultation, client: FlaskClient
) -> None:
    nadia = cast.nadia(db_session)
    begin(client, nadia)
    answer(client, 8, {"proposition": "Une idée"})
    assert "De mon brouillon personnel" in client.get(OPENING).text

    opened = press(client, OPENING, OPENING, start="draft")

    root = opened.location.removesuffix("/equipe")
    assert "Une idée" in client.get(f"{root}/8").text
    assert "Une idée" in client.get(f"{PAGE}/contribution/8").text
    page = client.get(PAGE).text
    assert "Reprendre la contribution" in page and "Reprendre ma contribution" in page


def test_emile_alone_answers_for_himself_and_is_told_how_to_add_an_organisation(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    client = signed_in(app, cast.emile(db_session))
    page = client.get(PAGE).text
    assert "Commencer ma contribution" in page and "répondre au nom d’un organisme" in page
    assert "Complétez d’abord votre profil" in client.get(OPENING).text
    assert press(client, PAGE, OPENING).status_code == 409


def test_a_second_founder_of_the_same_siren_is_told_and_offered_to_join(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, stranger = cast.nadia(db_session), colleague(db_session)
    response = shared(db_session, consultation, nadia)
    response_name = "Nom tenu secret"
    client = signed_in(app, stranger)

    refused = press(client, PAGE, OPENING)

    assert refused.status_code == 409
    assert "Une contribution officielle existe déjà pour ce SIREN" in refused.text
    assert "Demander à participer" in refused.text
    assert "Répondre à titre personnel" in refused.text
    assert nadia.display_name not in refused.text and nadia.email not in refused.text
    assert response_name not in refused.text

    number = response.id
    assert client.get(f"{OPENING}/{number}/equipe").status_code == 404
    assert client.get(f"{OPENING}/{number}").status_code == 404
    assert press(client, OPENING, f"{OPENING}/{number}/rejoindre").status_code == 404


def test_a_stranger_finds_no_door(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    response = shared(db_session, consultation, cast.nadia(db_session))
    lea = cast.lea(db_session)
    lea.email = "lea@ailleurs.fr"
    client = signed_in(app, lea)
    for verb in ("rejoindre", "demander", "equipe/quitter", "equipe/inviter"):
        answered = press(client, PAGE, f"{OPENING}/{response.id}/{verb}", message="Bonjour")
        assert answered.status_code == 404, verb


def test_emile_joins_by_his_address_until_the_domain_is_turned_off(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, emile = cast.nadia(db_session), cast.emile(db_session)
    response = shared(db_session, consultation, nadia)
    client = signed_in(app, emile)
    page = client.get(OPENING)
    assert "Optique du Rhône" in page.text and "Rejoindre cette contribution" in page.text

    joined = press(client, OPENING, f"{OPENING}/{response.id}/rejoindre")

    assert joined.location == f"{OPENING}/{response.id}"
    assert of(db_session, response) == {nadia.id: "signatory", emile.id: "author"}
    assert "Émile Roux" in letters(db_session, nadia.email)[-1].subject
    owner = signed_in(app, nadia)
    team = f"{OPENING}/{response.id}/equipe"
    assert press(owner, team, f"{team}/domaine", domain="gmail.com").status_code == 422
    assert owner.get(f"{team}/domaine").location == team  # she reloads the page of the refusal
    assert press(owner, team, f"{team}/domaine", domain="").status_code == 303
    lea = signed_in(app, cast.lea(db_session))
    assert "Rejoindre" not in lea.get(OPENING).text
    assert press(lea, PAGE, f"{OPENING}/{response.id}/rejoindre").status_code == 404


def test_nadia_lets_in_no_domain_of_which_nobody_is_among_them(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, paul = cast.nadia(db_session), colleague(db_session)
    response = shared(db_session, consultation, nadia)
    owner, team = signed_in(app, nadia), f"{OPENING}/{response.id}/equipe"

    refused = press(owner, team, f"{team}/domaine", domain="ailleurs.fr")

    assert refused.status_code == 422
    assert "invitez d’abord une personne de ce domaine" in refused.text
    assert 'value="ailleurs.fr"' in refused.text
    client = signed_in(app, paul)
    assert press(client, PAGE, f"{OPENING}/{response.id}/rejoindre").status_code == 404

    # Paul comes by an invitation: his domain is now that of one of them, once confirmed.
    press(owner, team, f"{team}/inviter", email=paul.email, role="author")
    link = link_in(letters(db_session, paul.email)[-1])
    press(client, link, link)
    paul.email_confirmed_at = None
    db_session.commit()
    assert press(owner, team, f"{team}/domaine", domain="ailleurs.fr").status_code == 422
    paul.email_confirmed_at = NOW
    db_session.commit()
    assert press(owner, team, f"{team}/domaine", domain="ailleurs.fr").status_code == 303
    anne = cast._person(db_session, "anne@ailleurs.fr", "Anne Rival", "entreprise_pme", "84")
    assert "Rejoindre cette contribution" in signed_in(app, anne).get(OPENING).text

    # A domain that stands is kept as it is, even after the person left.
    press(client, team, f"{team}/quitter")
    assert press(owner, team, f"{team}/domaine", domain="ailleurs.fr").status_code == 303
    assert press(owner, team, f"{team}/domaine", domain="").status_code == 303
    assert press(owner, team, f"{team}/domaine", domain="ailleurs.fr").status_code == 422


def test_an_unconfirmed_address_opens_nothing(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    response = shared(db_session, consultation, cast.nadia(db_session))
    emile = cast.emile(db_session)
    emile.email_confirmed_at = None
    client = signed_in(app, emile)
    assert press(client, PAGE, f"{OPENING}/{response.id}/rejoindre").status_code == 404


def test_lea_comes_by_a_link_with_another_address(
    app: Flask, db_session: Session, consultation: Consultation, client: FlaskClient
) -> None:
    nadia, lea = cast.nadia(db_session), cast.lea(db_session)
    response = shared(db_session, consultation, nadia)
    owner, team = signed_in(app, nadia), f"{OPENING}/{response.id}/equipe"
    sent = press(owner, team, f"{team}/inviter", email="Juriste@Optique.FR", role="signatory")
    assert sent.status_code == 303, sent.text
    again = press(owner, team, f"{team}/inviter", email="juriste@optique.fr", role="author")
    assert again.status_code == 422 and "attend déjà" in again.text

    link = link_in(letters(db_session, "juriste@optique.fr")[-1])
    page = client.get(link)
    assert "Nadia Benali" in page.text and "Optique du Rhône" in page.text
    assert "Se connecter" in page.text
    cast.sign_in(client, lea)
    assert of(db_session, response) == {nadia.id: "signatory"}

    accepted = press(client, link, link)

    assert accepted.location == f"{OPENING}/{response.id}"
    assert of(db_session, response)[lea.id] == "signatory"
    assert press(client, PAGE, link).location == f"{OPENING}/{response.id}"
    assert "déjà" in client.get(link).text
    other = signed_in(app, cast.emile(db_session))
    assert other.get(link).status_code == 410
    assert press(other, PAGE, link).status_code == 410


def test_a_link_expires_is_revoked_and_is_replaced(
    app: Flask, db_session: Session, consultation: Consultation, clock: Clock
) -> None:
    nadia = cast.nadia(db_session)
    response = shared(db_session, consultation, nadia)
    owner, team = signed_in(app, nadia), f"{OPENING}/{response.id}/equipe"
    press(owner, team, f"{team}/inviter", email="juriste@optique.fr", role="author")
    first = link_in(letters(db_session, "juriste@optique.fr")[-1])
    lea = signed_in(app, cast.lea(db_session))

    clock.forward(days=13, hours=23)
    assert lea.get(first).status_code == 200
    clock.forward(hours=1)
    lea, owner = signed_in(app, cast.lea(db_session)), signed_in(app, nadia)
    assert lea.get(first).status_code == 410
    assert press(lea, PAGE, first).status_code == 410
    assert "Périmée" in owner.get(team).text

    number = db_session.scalars(select(CoAuthorInvitation.id)).one()
    press(owner, team, f"{team}/invitations/{number}/renvoyer")
    second = link_in(letters(db_session, "juriste@optique.fr")[-1])
    assert second != first
    assert lea.get(second).status_code == 200 and lea.get(first).status_code == 410

    press(owner, team, f"{team}/invitations/{number}/revoquer")
    assert lea.get(second).status_code == 410
    assert press(lea, PAGE, second).status_code == 410
    gone = press(owner, team, f"{team}/invitations/{number}/renvoyer")
    assert gone.status_code == 409
    assert of(db_session, response) == {nadia.id: "signatory"}


def test_a_colleague_asks_and_nadia_answers(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, rival = cast.nadia(db_session), colleague(db_session)
    response = shared(db_session, consultation, nadia)
    owner, team = signed_in(app, nadia), f"{OPENING}/{response.id}/equipe"
    client = signed_in(app, rival)
    ask = f"{OPENING}/{response.id}/demander"

    assert press(client, OPENING, ask, message="a" * 501).status_code == 422
    assert client.get(ask).location == OPENING  # reloaded: the page above is the team's
    assert press(client, OPENING, ask, message="Je suis au siège").status_code == 303
    assert press(client, OPENING, ask, message="Encore").status_code == 303
    assert len(letters(db_session, nadia.email)) == 1
    assert "Je suis au siège" in letters(db_session, nadia.email)[0].body
    assert "Votre demande est envoyée" in client.get(OPENING).text
    assert "Je suis au siège" in owner.get(team).text

    press(owner, team, f"{team}/demandes/{rival.id}/decliner")
    assert "pas acceptée" in letters(db_session, rival.email)[-1].subject
    assert nadia.display_name not in letters(db_session, rival.email)[-1].body

    press(client, OPENING, ask)
    press(owner, team, f"{team}/demandes/{rival.id}/accepter")
    assert of(db_session, response)[rival.id] == "author"
    assert "acceptée" in letters(db_session, rival.email)[-1].subject
    assert press(owner, team, f"{team}/demandes/{rival.id}/accepter").status_code == 409


def test_nadia_names_hands_over_and_leaves(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, emile, lea = cast.nadia(db_session), cast.emile(db_session), cast.lea(db_session)
    response = shared(db_session, consultation, nadia, emile, lea)
    owner, team = signed_in(app, nadia), f"{OPENING}/{response.id}/equipe"

    stays = press(owner, team, f"{team}/quitter")
    assert stays.status_code == 409 and "Nommez d’abord un autre signataire" in stays.text
    assert "Nommez d’abord un autre signataire" in owner.get(f"{team}/quitter").text
    assert press(owner, team, f"{team}/{nadia.id}/auteur").status_code == 409

    press(owner, team, f"{team}/{emile.id}/confier")
    assert of(db_session, response) == {
        nadia.id: "author",
        emile.id: "signatory",
        lea.id: "author",
    }
    assert "signataire" in letters(db_session, emile.email)[-1].subject
    for path in (f"{emile.id}/retirer", "inviter", "domaine", f"{lea.id}/signataire"):
        assert press(owner, PAGE, f"{team}/{path}").status_code == 403, path
    assert press(owner, f"{team}/quitter", f"{team}/quitter").location == PAGE
    assert owner.get(team).status_code == 404

    client = signed_in(app, emile)
    assert "Retirer une personne" in client.get(f"{team}/{lea.id}/retirer").text
    press(client, team, f"{team}/{lea.id}/retirer")
    assert of(db_session, response) == {emile.id: "signatory"}
    assert "ne participez plus" in letters(db_session, lea.email)[-1].subject


def test_the_last_leaves_a_draft_which_waits_and_is_resumed(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, emile = cast.nadia(db_session), cast.emile(db_session)
    response = shared(db_session, consultation, nadia)
    owner, team = signed_in(app, nadia), f"{OPENING}/{response.id}/equipe"
    assert "le brouillon attend" in owner.get(f"{team}/quitter").text
    assert press(owner, team, f"{team}/quitter").status_code == 303
    assert of(db_session, response) == {}

    client = signed_in(app, emile)
    assert "Reprendre cette contribution" in client.get(OPENING).text
    press(client, OPENING, f"{OPENING}/{response.id}/rejoindre")
    assert of(db_session, response) == {emile.id: "signatory"}


def test_somebody_who_only_types_the_siren_does_not_take_an_abandoned_draft(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia, rival = cast.nadia(db_session), colleague(db_session)
    response = shared(db_session, consultation, nadia)
    owner = signed_in(app, nadia)
    press(owner, f"{OPENING}/{response.id}/equipe", f"{OPENING}/{response.id}/equipe/quitter")
    client = signed_in(app, rival)

    assert press(client, OPENING, f"{OPENING}/{response.id}/rejoindre").status_code == 404
    press(client, OPENING, f"{OPENING}/{response.id}/demander", message="Je reprends")
    assert of(db_session, response) == {}
    claire = signed_in(app, cast.claire(db_session, consultation.id))
    page = claire.get(f"/espace/poles/organismes/{response.id}").text
    assert rival.email in page and "Désigner un signataire" in page


def test_the_door_of_a_webmail_founder_is_shut(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia = cast.nadia(db_session)
    nadia.email = "nadia@gmail.com"
    response = shared(db_session, consultation, nadia)
    door = db_session.get(SharedResponse, response.id)
    assert door is not None and door.domain is None
