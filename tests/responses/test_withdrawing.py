"""Taking back what was sent, and dropping a draft."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.accounts.models import User
from consultation.audit.models import AuditEvent
from consultation.consultations.models import Consultation
from consultation.mail.models import OutboxMessage
from consultation.responses import drafts, queries, withdrawing
from consultation.responses.models import Attachment, CoAuthor, Response, Submission, Withdrawal
from tests import cast
from tests.coauthors.making import shared
from tests.responses.making import (
    NOW,
    answer,
    begin,
    clock,
    consulted,
    form_of,
    section,
    short,
    token_of,
)
from tests.responses.test_sending import send
from tests.responses.test_together import at_once, tab

CONTRIBUTION = "/consultations/poles/contribution"
DELETION = f"{CONTRIBUTION}/supprimer"
IDEA = {"kind": "long_text", "key": "proposition", "label": {"fr": "Une idée ?"}}
FIRST = "Une conférence annuelle des financeurs."


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    """A consultation of one question."""
    return consulted(db_session, short(IDEA))


def fill(client: FlaskClient) -> None:
    answer(client, 1, {"proposition": FIRST})


def withdraw(client: FlaskClient) -> TestResponse:
    """Press « Retirer ma contribution », then confirm."""
    form = form_of(client.get(f"{CONTRIBUTION}/retirer"), "_numero")
    return client.post(form.action, data=form.fields)


def test_emile_withdraws_what_he_sent_and_it_counts_no_more(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    page = client.get(f"{CONTRIBUTION}/retirer").text
    assert "Il n’efface pas cet envoi" in page
    assert "n’est plus comptée dans les résultats" in page
    assert queries.counts(db_session, consultation.id) == (0, 1)

    told = withdraw(client)

    assert (told.status_code, told.location) == (303, f"{CONTRIBUTION}/historique")
    page = client.get(told.location).text
    assert "Votre contribution est retirée" in page
    assert "retiré le" in page and "10 février 2022 à 14\u00a0h\u00a032" in page
    assert queries.counts(db_session, consultation.id) == (0, 0)
    assert queries.counted_submission(db_session, consultation.id, emile.id) is None
    assert db_session.scalar(select(func.count(Submission.id))) == 1


def test_the_withdrawal_is_journalled_and_confirmed_by_letter(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    withdraw(client)

    event = db_session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    sent = db_session.scalars(select(Submission)).one()
    assert event is not None
    assert (event.verb, event.actor_id) == ("withdraw_response", emile.id)
    assert event.details == {"submission": sent.id}
    _, letter = db_session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    assert letter.recipient == "emile@example.org"
    assert letter.subject.startswith("Votre contribution est retirée : ")
    assert "le 10 février 2022 à 14\u00a0h\u00a032 (heure de Paris)" in letter.body
    assert sent.receipt in letter.body
    assert "conférence annuelle" not in letter.body


def test_a_second_press_does_nothing_more(
    emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    form = form_of(client.get(f"{CONTRIBUTION}/retirer"), "_numero")
    client.post(form.action, data=form.fields)
    again = client.post(form.action, data=form.fields)

    assert again.location == f"{CONTRIBUTION}/historique"
    assert client.get(f"{CONTRIBUTION}/retirer").location == f"{CONTRIBUTION}/historique"
    assert db_session.scalar(select(func.count(Withdrawal.submission_id))) == 1
    assert db_session.scalar(select(func.count(OutboxMessage.id))) == 2


def test_two_tabs_withdraw_at_once_and_it_is_done_once(
    app: Flask, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    tabs = [tab(app, emile) for _ in range(2)]
    forms = [form_of(one.get(f"{CONTRIBUTION}/retirer"), "_numero") for one in tabs]
    told = at_once(
        lambda: tabs[0].post(forms[0].action, data=forms[0].fields),
        lambda: tabs[1].post(forms[1].action, data=forms[1].fields),
    )

    assert {one.status_code for one in told} == {303}
    assert db_session.scalar(select(func.count(Withdrawal.submission_id))) == 1
    verbs = select(func.count(AuditEvent.id)).where(AuditEvent.verb == "withdraw_response")
    assert db_session.scalar(verbs) == 1


def test_a_correction_sent_from_another_tab_is_not_withdrawn_unseen(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    form = form_of(client.get(f"{CONTRIBUTION}/retirer"), "_numero")
    elsewhere = tab(app, emile)
    answer(elsewhere, 1, {"proposition": "Une meilleure idée"})
    send(elsewhere)

    told = client.post(form.action, data=form.fields)

    assert told.location == f"{CONTRIBUTION}/retirer"
    page = client.get(told.location).text
    assert "Un autre envoi a eu lieu" in page and "envoi n°\u00a02" in page
    assert queries.counts(db_session, consultation.id) == (0, 1)


def test_emile_begins_again_from_his_draft_and_gets_the_next_number(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    withdraw(client)
    page = client.get(CONTRIBUTION).text
    assert "elle n’est plus comptée" in page
    assert "Reprendre ma contribution" in client.get("/consultations/poles").text

    clock(app, NOW + timedelta(hours=1))
    assert answer(client, 1, {"proposition": "Je change d’avis"}).status_code == 303
    assert send(client).location == f"{CONTRIBUTION}/recu"

    sent = queries.counted_submission(db_session, consultation.id, emile.id)
    assert sent is not None and sent.number == 2
    assert sent.answers["proposition"] == "Je change d’avis"
    assert queries.counts(db_session, consultation.id) == (0, 1)
    page = client.get(f"{CONTRIBUTION}/historique").text
    assert page.index("Envoi n°\u00a02") < page.index("Envoi n°\u00a01")
    assert "Compté<" in page and ">Retiré<" in page


def test_the_same_answers_sent_again_after_a_withdrawal_are_a_new_submission(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    withdraw(client)
    send(client)

    sent = queries.counted_submission(db_session, consultation.id, emile.id)
    assert sent is not None and sent.number == 2
    assert len(set(db_session.scalars(select(Submission.receipt)))) == 2


def test_after_closing_nothing_can_be_withdrawn_and_emile_is_told_whom_to_write_to(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    form = form_of(client.get(f"{CONTRIBUTION}/retirer"), "_numero")
    clock(app, consultation.closes_at)
    cast.sign_in(client, emile)
    assert client.get(f"{CONTRIBUTION}/retirer").status_code == 200
    clock(app, consultation.closes_at + timedelta(seconds=1))

    cast.sign_in(client, emile)
    token = token_of(client.get("/verifier"))
    pressed = client.post(form.action, data=form.but(csrf_token=token))
    for told in (client.get(form.action), pressed):
        assert told.status_code == 403
        assert "ne peut plus être retirée" in told.text and "écrivez à" in told.text
    cast.sign_in(client, emile)
    assert "Retirer ma contribution" not in client.get(f"{CONTRIBUTION}/historique").text
    assert queries.counts(db_session, consultation.id) == (0, 1)


def test_nadia_cannot_withdraw_what_emile_sent(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    form = form_of(client.get(f"{CONTRIBUTION}/retirer"), "_numero")
    nadia = app.test_client()
    begin(nadia, cast.nadia(db_session))
    token = token_of(nadia.get(f"{CONTRIBUTION}/relire"))

    told = nadia.post(form.action, data={**form.fields, "csrf_token": token})

    assert told.location == f"{CONTRIBUTION}/historique"
    assert queries.counts(db_session, consultation.id) == (1, 1)


def test_a_receipt_that_was_withdrawn_stays_verifiable(
    emile: User, client: FlaskClient, db_session: Session
) -> None:
    fill(client)
    send(client)
    withdraw(client)
    receipt = db_session.scalars(select(Submission.receipt)).one()
    form = form_of(client.get("/verifier"), "code")

    assert "Oui, ce reçu correspond" in client.post("/verifier", data=form.but(code=receipt)).text
    assert client.get(f"{CONTRIBUTION}/recu").location == CONTRIBUTION


# --- a draft that was never sent -----------------------------------------------------------------


def delete(client: FlaskClient) -> TestResponse:
    return client.post(DELETION, data={"csrf_token": token_of(client.get(DELETION))})


def test_emile_deletes_a_draft_that_he_never_sent(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    answer(client, 1, {"proposition": "Un secret"})
    assert "n’a jamais été envoyé" in client.get(DELETION).text

    told = delete(client)

    assert (told.status_code, told.location) == (303, "/consultations/poles")
    assert "Votre brouillon est supprimé" in client.get(told.location).text
    assert drafts.draft(db_session, consultation.id, emile.id) is None
    assert "Commencer ma contribution" in client.get("/consultations/poles").text
    verbs = db_session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)).all()
    assert verbs[-1] == "delete_draft"


def test_the_files_of_a_deleted_draft_go_with_it(
    app: Flask, client: FlaskClient, db_session: Session
) -> None:
    question = {"kind": "file", "key": "piece", "label": {"fr": "Une pièce"}, "extensions": ["pdf"]}
    consulted(db_session, short(question))
    begin(client, cast.emile(db_session))
    form = form_of(client.get(section(1)))
    client.post(section(1), data={**form.fields, "piece": (BytesIO(b"%PDF-1.7 x"), "avis.pdf")})
    name = db_session.scalars(select(Attachment.id)).one()
    kept = Path(app.extensions["settings"].files_path) / "attachments" / name[:2] / name
    assert kept.exists()

    delete(client)

    assert not kept.exists()
    assert db_session.scalars(select(Attachment.id)).all() == []


def test_a_draft_can_still_be_deleted_after_closing(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    clock(app, consultation.closes_at + timedelta(days=3))
    cast.sign_in(client, emile)

    assert "vous ne pouvez plus en commencer" in client.get(DELETION).text
    assert delete(client).status_code == 303
    assert db_session.scalars(select(Response.id)).all() == []


def test_what_was_sent_cannot_be_deleted_as_a_draft(
    emile: User, client: FlaskClient, db_session: Session
) -> None:
    token = {"csrf_token": token_of(client.get(DELETION))}
    fill(client)
    send(client)

    told = client.post(DELETION, data=token)
    assert told.location == f"{CONTRIBUTION}/historique"
    assert client.get(DELETION).location == f"{CONTRIBUTION}/historique"
    withdraw(client)
    client.post(DELETION, data=token)

    assert len(db_session.scalars(select(Submission.id)).all()) == 1
    assert len(db_session.scalars(select(Response.id)).all()) == 1


def test_sending_and_deleting_at_the_same_moment_loses_neither_the_page_nor_the_receipt(
    app: Flask, emile: User, client: FlaskClient, db_session: Session
) -> None:
    for _ in range(5):
        begin(client, emile)
        fill(client)
        sending, deleting = tab(app, emile), tab(app, emile)
        send_form = form_of(sending.get(f"{CONTRIBUTION}/relire"), "_etat")
        token = {"csrf_token": token_of(deleting.get(DELETION))}
        told = at_once(
            lambda c=sending, f=send_form: c.post(f.action, data=f.fields),
            lambda c=deleting, t=token: c.post(DELETION, data=t),
        )
        assert [one.status_code for one in told] == [303, 303]
        sent = told[0].location == f"{CONTRIBUTION}/recu"
        left = db_session.scalars(select(Response.status)).all()
        assert left == (["sent"] if sent else [])
        db_session.rollback()
        if sent:
            return


def test_an_unknown_response_is_neither_withdrawn_nor_deleted(
    db_session: Session, consultation: Consultation, emile: User
) -> None:
    common = {"user_id": emile.id, "now": NOW}
    assert not withdrawing.withdraw(db_session, response_id=99, submission_id=1, **common)
    assert withdrawing.delete_draft(db_session, response_id=99, **common) is None


# --- the response of an organisation -------------------------------------------------------------


def test_nadia_signs_and_withdraws_for_her_company_and_emile_who_writes_with_her_does_not(
    app: Flask, consultation: Consultation, client: FlaskClient, db_session: Session
) -> None:
    nadia, emile = cast.nadia(db_session), cast.emile(db_session)
    response = shared(db_session, consultation, nadia)
    root = f"{CONTRIBUTION}/organisme/{response.id}"
    cast.sign_in(client, nadia)
    form = form_of(client.get(f"{root}/1"))
    client.post(form.action, data=form.but(proposition="Pour l’entreprise"))
    form = form_of(client.get(f"{root}/relire"), "_etat")
    assert client.post(form.action, data=form.but(declaration="oui")).status_code == 303
    whose = {"response_id": response.id, "user_id": emile.id}
    db_session.add(CoAuthor(**whose, role="author", entry="domain", joined_at=NOW))
    db_session.commit()
    writing = tab(app, emile)

    assert writing.get(f"{root}/retirer").status_code == 403
    assert "Retirer ma contribution" not in writing.get(f"{root}/historique").text
    for place in ("historique", "envois/1", "envois/1.pdf", "brouillon.pdf"):
        assert writing.get(f"{root}/{place}").status_code == 200, place
    assert "Pour l’entreprise" in writing.get(f"{root}/envois/1").text
    assert client.get(f"{CONTRIBUTION}/envois/1").location == "/consultations/poles"

    form = form_of(client.get(f"{root}/retirer"), "_numero")
    assert client.post(form.action, data=form.fields).location == f"{root}/historique"
    assert queries.counts(db_session, consultation.id) == (0, 0)
    keys = db_session.scalars(
        select(OutboxMessage.recipient).where(OutboxMessage.key.startswith("withdrawal:"))
    ).all()
    assert sorted(keys) == ["emile@example.org", "nadia@example.org"]


def test_only_a_signatory_deletes_the_draft_of_the_company(
    app: Flask, consultation: Consultation, client: FlaskClient, db_session: Session
) -> None:
    nadia, emile = cast.nadia(db_session), cast.emile(db_session)
    response = shared(db_session, consultation, nadia, emile)
    place = f"{CONTRIBUTION}/organisme/{response.id}/supprimer"
    writing = tab(app, emile)
    assert writing.get(place).status_code == 403
    token = {"csrf_token": token_of(writing.get("/verifier"))}
    assert writing.post(place, data=token).status_code == 403
    cast.sign_in(client, nadia)
    token = {"csrf_token": token_of(client.get("/verifier"))}
    assert "D’autres personnes ont écrit" in client.get(place).text
    assert client.post(place, data=token).status_code == 409
    db_session.delete(db_session.get(CoAuthor, (response.id, emile.id)))
    db_session.commit()
    assert client.post(place, data={"csrf_token": token_of(client.get(place))}).status_code == 303
    assert db_session.scalars(select(Response.id)).all() == []


def test_what_emile_types_in_another_tab_of_a_deleted_draft_is_given_back(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    writing = tab(app, emile)
    form = form_of(writing.get(section(1)))
    delete(client)

    typed = form.but(proposition="Mes derniers mots")
    told = writing.post(section(1), data=typed)
    assert told.status_code == 410 and "Mes derniers mots" in told.text
    told = writing.post(section(1), data=typed, headers={"Accept": "application/json"})
    assert told.status_code == 410
    assert "ce brouillon a été supprimé" in told.get_json()["error"]
    assert writing.post(section(1), data=form.fields).location == "/consultations/poles"
    assert db_session.scalars(select(Response.id)).all() == []
