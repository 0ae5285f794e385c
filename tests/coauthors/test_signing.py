"""Louise asks for the signature, Nadia reads the difference and signs, or gives it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.audit.models import AuditEvent
from consultation.consultations.models import Consultation
from consultation.exports import individual
from consultation.mail.models import OutboxMessage
from consultation.questionnaires.queries import compiled
from consultation.responses import drafts, history, queries
from consultation.responses.models import CoAuthor, Response, Submission
from consultation.responses.paper import Facts, paper
from consultation.responses.sent import Reading
from tests import cast
from tests.coauthors.making import shared
from tests.coauthors.writing import address, karim, louise, post, visitor, write
from tests.responses.answers import COMPANY
from tests.responses.making import NOW, clock, form_of

SIGNED = "Signée par Nadia Benali au nom de Optique du Rhône (SIREN\u00a0552\u00a0100\u00a0554)."


@pytest.fixture
def nadia(db_session: Session) -> User:
    return cast.nadia(db_session)


@pytest.fixture
def response(db_session: Session, consultation: Consultation, nadia: User) -> Response:
    """The response of Nadia's company; she signs, Louise and Karim write."""
    return shared(db_session, consultation, nadia, louise(db_session), karim(db_session))


@pytest.fixture
def at_nadias(app: Flask, nadia: User) -> FlaskClient:
    return visitor(app, nadia)


@pytest.fixture
def at_louises(app: Flask, db_session: Session) -> FlaskClient:
    return visitor(app, louise(db_session))


@pytest.fixture
def written(response: Response, at_louises: FlaskClient) -> Response:
    """The response, which Louise has written whole."""
    for number in sorted(COMPANY):
        write(at_louises, response, number, COMPANY[number])
    return response


def sign(client: FlaskClient, response: Response, **changes: str):
    """Read everything again, tick the declaration and press the button."""
    form = form_of(client.get(address(response, "relire")), "_etat")
    return client.post(form.action, data=form.but(**{"declaration": "oui", **changes}))


def withdraw(client: FlaskClient, response: Response) -> None:
    """Take back what was signed."""
    form = form_of(client.get(address(response, "retirer")), "_numero")
    assert client.post(form.action, data=form.fields).location == address(response, "historique")


def letters(session: Session, start: str) -> dict[str, str]:
    """Return the bodies of the letters whose key starts so, by address."""
    session.expire_all()
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith(start)))
    return {row.recipient: row.body for row in rows}


def submissions(session: Session) -> list[Submission]:
    session.expire_all()
    return list(session.scalars(select(Submission).order_by(Submission.number)))


def test_louise_cannot_send_and_asks_for_the_signature(
    db_session: Session, written: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    page = at_louises.get(address(written, "relire")).text
    assert "Seul un signataire envoie" in page and "Nadia Benali" in page
    assert "Signer et envoyer" not in page
    form = form_of(at_nadias.get(address(written, "relire")), "_etat")
    token = form_of(at_louises.get(address(written, 1))).fields["csrf_token"]
    refused = at_louises.post(form.action, data=form.but(csrf_token=token, declaration="oui"))
    assert refused.status_code == 403

    assert post(at_louises, written, "signature").location == address(written, "relire")

    for client in (at_louises, at_nadias):
        for rest in ("", "relire"):
            page = client.get(address(written, rest)).text
            assert "<strong>Signature demandée</strong>" in page
            assert "Rien n’a été modifié depuis" in page
    asked = letters(db_session, "co-authors:signature")
    assert asked.keys() == {"nadia@example.org"}
    assert "Louise Petit vous demande de signer" in asked["nadia@example.org"]
    assert f"{address(written, 'relire')}" in asked["nadia@example.org"]

    # Asking twice for the same answers says so; after a change it can be asked again.
    assert (
        "est déjà demandée" in at_louises.get(post(at_louises, written, "signature").location).text
    )
    write(at_louises, written, 8, {"proposition": "Une autre idée"})
    assert "1\u00a0partie a été modifiée" in at_nadias.get(address(written)).text
    post(at_louises, written, "signature")
    assert "Rien n’a été modifié depuis" in at_nadias.get(address(written)).text
    verbs = db_session.scalars(select(AuditEvent.verb)).all()
    assert verbs.count("ask_signature") == 2


def test_nothing_is_asked_before_anything_is_written(
    response: Response, at_louises: FlaskClient
) -> None:
    reply = post(at_louises, response, "signature")
    assert reply.status_code == 409
    assert "Aucune partie n’est enregistrée" in reply.text


def test_nadia_signs_and_everybody_gets_the_receipt_that_says_so(
    db_session: Session, written: Response, nadia: User, at_nadias: FlaskClient,
    at_louises: FlaskClient,
) -> None:  # fmt: skip
    post(at_louises, written, "signature")
    page = at_nadias.get(address(written, "relire")).text
    assert "Rien n’a encore été signé" in page

    assert sign(at_nadias, written).location == address(written, "recu")

    (sent,) = submissions(db_session)
    assert (sent.signed_by, sent.individual) == (nadia.id, False)
    for client in (at_nadias, at_louises):
        page = client.get(address(written, "recu")).text
        assert SIGNED in page and sent.receipt in page
    for rest in ("historique", "envois/1"):
        page = at_louises.get(address(written, rest)).text
        assert "Signé par" in page and "Nadia Benali</" in page, rest
    found, _ = history.whole(db_session, written.id, 1)[1]
    assert found.signatory == "Nadia Benali"
    about = Facts({"fr": "Les pôles"}, "Régions de France", "Optique du Rhône", NOW, found)
    version = compiled(db_session, sent.version_id)
    printed = paper(Reading(version, sent.answers, NOW.date()), about)
    assert ("Signée par", "Nadia Benali") in printed.facts
    copies = letters(db_session, "receipt:")
    assert copies.keys() == {"nadia@example.org", "louise@example.org", "karim@example.org"}
    assert all(SIGNED in body for body in copies.values())
    tasks = at_louises.get(address(written)).text
    assert "Signature demandée" not in tasks
    assert "Signée par <span data-typed>Nadia Benali</span>" in tasks
    reply = post(at_louises, written, "signature")
    assert reply.status_code == 409 and "Rien n’a changé depuis la dernière signature" in reply.text


def test_nadia_must_tick_the_declaration(
    db_session: Session, written: Response, at_nadias: FlaskClient
) -> None:
    page = sign(at_nadias, written, declaration="")
    assert page.status_code == 422
    assert '<a href="#declaration">Cochez la déclaration' in page.text
    assert submissions(db_session) == []


def test_what_misses_is_said_and_the_tick_is_kept(
    db_session: Session, response: Response, at_nadias: FlaskClient
) -> None:
    write(at_nadias, response, 1, COMPANY[1])
    page = sign(at_nadias, response)
    assert page.status_code == 422
    assert "Cochez la déclaration" not in page.text
    assert 'value="oui" checked' in page.text
    assert submissions(db_session) == []


def test_a_save_between_reading_and_signing_makes_nadia_read_again(
    db_session: Session, written: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    form = form_of(at_nadias.get(address(written, "relire")), "_etat")
    write(at_louises, written, 8, {"proposition": "Ajouté pendant la lecture"})

    reply = at_nadias.post(form.action, data=form.but(declaration="oui"))

    assert reply.location == address(written, "relire")
    assert "Relisez-les avant de les envoyer" in at_nadias.get(reply.location).text
    assert submissions(db_session) == []


def test_after_a_correction_the_signed_answer_counts_until_nadia_signs_again(
    app: Flask, db_session: Session, consultation: Consultation, written: Response,
    at_nadias: FlaskClient, at_louises: FlaskClient,
) -> None:  # fmt: skip
    write(at_nadias, written, 8, {"proposition": "Première idée"})
    sign(at_nadias, written)
    clock(app, NOW + timedelta(minutes=5))
    write(at_louises, written, 8, {"proposition": "Deuxième idée"})

    counted = queries.counted_submission(
        db_session, consultation.id, cast.nadia(db_session).id, written.id
    )
    assert counted is not None and counted.answers["proposition"] == "Première idée"
    for rest, words in (
        ("", "reste celle qui compte jusqu’à la prochaine signature"),
        ("8", "la remplacent à la prochaine signature"),
        ("relire", "ne comptent pas tant qu’un signataire ne les a pas signées"),
        ("recu", "ne comptent pas tant qu’un signataire ne les a pas signées"),
    ):
        assert words in at_louises.get(address(written, rest)).text, rest
    page = at_nadias.get(address(written, "relire")).text
    assert "1\u00a0réponse n’est plus celle qui a été signée" in page
    assert "Première idée" in page and "Deuxième idée" in page
    assert "<span data-typed>Louise Petit</span>, à 14\u00a0h\u00a037" in page

    assert sign(at_nadias, written).location == address(written, "recu")
    first, second = submissions(db_session)
    assert (first.answers["proposition"], second.answers["proposition"]) == (
        "Première idée",
        "Deuxième idée",
    )


def test_once_nadia_has_withdrawn_nothing_is_asked_until_louise_asks_again(
    app: Flask, db_session: Session, consultation: Consultation, written: Response,
    at_nadias: FlaskClient, at_louises: FlaskClient,
) -> None:  # fmt: skip
    claire = visitor(app, cast.claire(db_session, consultation.id))
    post(at_louises, written, "signature")
    clock(app, NOW + timedelta(minutes=1))
    sign(at_nadias, written)
    clock(app, NOW + timedelta(minutes=2))
    withdraw(at_nadias, written)

    page = at_louises.get(address(written, "relire")).text
    assert "<strong>Signature demandée</strong>" not in page
    assert "Rien n’a encore été signé" not in page
    assert "par <span data-typed>Nadia Benali</span> a été retirée" in page
    assert "Demander la signature" in page
    assert "Signature demandée" not in at_nadias.get(address(written)).text
    assert "Retirée" in claire.get("/espace/poles/organismes").text
    assert "puis retirée" in claire.get(f"/espace/poles/organismes/{written.id}").text

    clock(app, NOW + timedelta(minutes=3))
    asked = at_louises.get(post(at_louises, written, "signature").location).text
    assert "La signature est demandée" in asked
    assert "En attente de signature" in claire.get("/espace/poles/organismes").text
    clock(app, NOW + timedelta(minutes=4))
    assert sign(at_nadias, written).location == address(written, "recu")


def test_everybody_is_told_who_withdrew_the_response_of_the_company(
    db_session: Session, written: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    sign(at_nadias, written)
    page = at_nadias.get(address(written, "retirer")).text
    assert "Retirer la contribution de <span data-typed>Optique du Rhône</span>" in page
    assert "Chaque co-auteur l’apprend par courriel" in page

    withdraw(at_nadias, written)

    told = letters(db_session, "withdrawal:")
    assert told.keys() == {"nadia@example.org", "louise@example.org", "karim@example.org"}
    for body in told.values():
        assert "Nadia Benali a retiré la contribution de Optique du Rhône" in body
        assert "Un signataire peut les envoyer à nouveau" in body and "Vous avez" not in body
    for rest in ("historique", "envois/1"):
        page = at_louises.get(address(written, rest)).text
        assert "par <span data-typed>Nadia Benali</span>" in page
    assert "Vous avez retiré votre envoi" in at_nadias.get("/moi").text
    hers = at_louises.get("/moi").text
    assert "Votre contribution est retirée, envoi n°\u00a01" in hers and "Vous avez" not in hers


def test_nadia_is_offered_to_delete_a_draft_that_she_writes_alone_only(
    db_session: Session, response: Response, at_nadias: FlaskClient
) -> None:
    write(at_nadias, response, 8, {"proposition": "Une idée"})
    for rest in ("", "relire"):
        assert "Supprimer mon brouillon" not in at_nadias.get(address(response, rest)).text

    for person in (louise(db_session), karim(db_session)):
        post(at_nadias, response, f"equipe/{person.id}/retirer")
    for rest in ("", "relire"):
        assert "Supprimer mon brouillon" in at_nadias.get(address(response, rest)).text


def test_nadia_gives_the_draft_back_with_a_note(
    db_session: Session, written: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    post(at_louises, written, "signature")
    assert at_louises.get(address(written, "renvoyer")).status_code == 403
    assert post(at_nadias, written, "renvoyer", text=" ").status_code == 422

    reply = post(at_nadias, written, "renvoyer", text="Le budget manque")

    assert reply.location == address(written, "notes")
    assert "Le budget manque" in at_louises.get(reply.location).text
    assert "Signature demandée" not in at_louises.get(address(written)).text
    told = letters(db_session, "co-authors:sent-back")
    assert told.keys() == {"louise@example.org", "karim@example.org"}
    assert not any("budget" in body for body in told.values())


def test_no_note_is_ever_sent(
    db_session: Session, consultation: Consultation, written: Response, at_nadias: FlaskClient,
    at_louises: FlaskClient,
) -> None:  # fmt: skip
    secret = "Entre nous seulement"
    for target in ("response:", "section:contribution", "question:proposition"):
        post(at_louises, written, "notes", target=target, text=secret)
    post(at_louises, written, "signature")
    assert secret not in at_nadias.get(address(written, "relire")).text
    sign(at_nadias, written)

    (sent,) = submissions(db_session)
    assert secret not in str(sent.answers) + str(sent.profile) and secret.encode() not in sent.codes
    assert not any(secret in message.body for message in db_session.scalars(select(OutboxMessage)))
    assert secret not in at_nadias.get(address(written, "recu")).text
    rows = [row for block in queries.current_submissions(db_session, consultation.id)
            for row in block]  # fmt: skip
    assert len(rows) == 1 and secret not in str(rows)
    version = compiled(db_session, sent.version_id)
    exported = individual.row(1, rows[0], version, version)
    assert exported["nature"] == "officielle" and secret not in str(exported)
    draft = drafts.draft(db_session, consultation.id, louise(db_session).id, written.id)
    assert draft is not None
    for answers in (sent.answers, draft.answers):
        about = Facts({"fr": "Les pôles"}, "Régions de France", "Optique du Rhône", NOW, None)
        assert secret not in str(paper(Reading(version, answers, NOW.date()), about).as_data())
    assert secret not in at_nadias.get(address(written, f"envois/{sent.number}")).text
    assert not any(secret in str(event.details) for event in db_session.scalars(select(AuditEvent)))


def test_a_former_co_author_is_still_named_where_they_signed(
    db_session: Session, written: Response, nadia: User, at_nadias: FlaskClient,
    at_louises: FlaskClient,
) -> None:  # fmt: skip
    sign(at_nadias, written)
    she = db_session.get(CoAuthor, (written.id, louise(db_session).id))
    assert she is not None
    she.role = "signatory"
    db_session.delete(db_session.get(CoAuthor, (written.id, nadia.id)))
    db_session.commit()

    assert SIGNED in at_louises.get(address(written, "recu")).text
    assert at_nadias.get(address(written, "recu")).status_code == 404
    assert (
        "Signée par <span data-typed>Nadia Benali</span>" in at_louises.get(address(written)).text
    )
