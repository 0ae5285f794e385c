"""Émile's own space: what he sent and wrote, what happened to it, what is kept about him."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.models import SharedResponse
from consultation.consultations.actions import tell
from consultation.consultations.models import Consultation
from consultation.moderation.actions import Verdict, decide
from consultation.moderation.desk import Desk
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.format import decode
from consultation.responses.models import Response
from tests import cast
from tests.coauthors.making import shared
from tests.comments.making import a_comment
from tests.consultations.making import a_consultation
from tests.responses.making import NOW, answer, begin, clock, consulted, form_of, short, token_of
from tests.responses.test_sending import send
from tests.responses.test_withdrawing import withdraw

YES_NO = [{"value": "oui", "label": {"fr": "Oui"}}, {"value": "non", "label": {"fr": "Non"}}]
CHOICE: dict[str, Any] = {
    "kind": "single",
    "key": "accord",
    "label": {"fr": "D’accord ?"},
    "options": YES_NO,
}
PAGES = ("", "/notifications", "/contributions", "/commentaires", "/donnees")
SECRETS = ("argon2", "salt", "leaf_hash", "codes", "session_version")


@pytest.fixture
def consultation(app: Flask, db_session: Session) -> Consultation:
    """A consultation of one question, open."""
    clock(app)
    return consulted(db_session, short(CHOICE))


@pytest.fixture
def emile(consultation: Consultation, client: FlaskClient, db_session: Session) -> User:
    """Émile, signed in, who has sent « Oui »."""
    person = cast.emile(db_session)
    begin(client, person)
    answer(client, 1, {"accord": "oui"})
    send(client)
    return person


def told(client: FlaskClient, page: str = "") -> list[str]:
    """Return what the page of notifications says, the latest first."""
    found = lxml_html.document_fromstring(client.get(f"/moi/notifications{page}").text)
    return [link.text_content().strip() for link in found.xpath("//main//li//a")]


def test_each_page_of_the_space_has_words_before_anything_happened(
    app: Flask, client: FlaskClient, db_session: Session
) -> None:
    cast.sign_in(client, cast.emile(db_session))
    texts = [client.get(f"/moi{page}").text for page in PAGES]

    assert "Rien pour l’instant" in texts[0] and "Rien pour l’instant" in texts[1]
    assert "Vous n’avez pas encore contribué." in texts[0]
    assert "Vous n’avez pas encore contribué." in texts[2]
    assert "Vous n’avez pas encore écrit de commentaire." in texts[3]
    assert "emile@example.org" in texts[4] and "0\u00a0contribution" in texts[4]


def test_nobody_enters_the_space_without_a_session(client: FlaskClient, app: Flask) -> None:
    for page in (*PAGES, "/donnees.json"):
        assert "/connexion" in client.get(f"/moi{page}").location


def test_emile_finds_what_he_sent_with_its_receipt_and_its_history(
    emile: User, client: FlaskClient
) -> None:
    for page in ("/moi", "/moi/contributions"):
        text = client.get(page).text
        assert "L’avenir des pôles" in text and "Envoyée" in text
        for end in ("/recu", "/historique"):
            assert f'href="/consultations/poles/contribution{end}"' in text


def test_what_happens_to_the_contribution_of_emile_is_told(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    assert told(client) == ["Votre contribution est reçue, envoi n°\u00a01"]

    clock(app, NOW + timedelta(hours=1))
    withdraw(client)
    tell(
        db_session, consultation, "extension", "La clôture est reportée.", NOW + timedelta(hours=2)
    )
    db_session.commit()
    clock(app, consultation.closes_at + timedelta(hours=1))
    cast.sign_in(client, emile)

    assert told(client) == [
        "La consultation est terminée. Votre contribution est retirée",
        "La clôture est reportée.",
        "Vous avez retiré votre envoi n°\u00a01",
        "Votre contribution est reçue, envoi n°\u00a01",
    ]


def test_a_draft_never_sent_is_told_so_when_the_consultation_closes(
    app: Flask, consultation: Consultation, client: FlaskClient, db_session: Session
) -> None:
    begin(client, cast.emile(db_session))
    clock(app, consultation.closes_at + timedelta(hours=1))
    cast.sign_in(client, cast.emile(db_session))
    assert told(client) == ["La consultation est terminée. Votre brouillon n’a pas été envoyé"]


def test_decisions_and_replies_about_the_comments_of_emile_are_told(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    lea, nadia = cast.lea(db_session), cast.nadia(db_session)
    comment = a_comment(db_session, consultation, emile, state="pending", at=NOW)
    desk = Desk(db_session, app.extensions["settings"], NOW + timedelta(minutes=1))
    decide(desk, comment, Verdict("publish", (), "", comment.revision), moderator_id=lea.id)
    later = NOW + timedelta(minutes=2)
    a_comment(db_session, consultation, nadia, "D’accord.", parent_id=comment.id, at=later)
    a_comment(db_session, consultation, emile, "Merci.", parent_id=comment.id, at=later)
    clock(app, NOW + timedelta(hours=1))

    assert told(client)[:2] == [
        "Nadia Benali répond à votre commentaire",
        "Votre commentaire est publié",
    ]
    page = client.get("/moi/commentaires").text
    assert "Publié" in page and "L’avenir des pôles" in page
    nadias = app.test_client()
    cast.sign_in(nadias, nadia)
    assert told(nadias) == []


def test_an_answer_to_confirm_is_told_until_it_is_sent_again(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    fewer = {**CHOICE, "options": [YES_NO[0], {"value": "autre", "label": {"fr": "Autre"}}]}
    newer = publish_version(
        db_session, decode(short(fewer)), lineage="essai", actor_id=None, now=NOW
    )
    consultation.version_id = newer.id
    db_session.commit()
    clock(app, NOW + timedelta(minutes=5))
    sentence = "Une question a changé\u00a0: confirmez votre réponse"
    assert sentence in told(client)

    send(client)
    assert sentence not in told(client)


def test_what_is_unread_is_counted_until_emile_says_he_read_it(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    clock(app, NOW + timedelta(minutes=1))
    assert "1\u00a0nouvelle" in client.get("/moi").text
    form = form_of(client.get("/moi/notifications"), "_jusqu")
    tell(db_session, consultation, "extension", "Reportée.", NOW + timedelta(minutes=2))
    db_session.commit()
    clock(app, NOW + timedelta(minutes=3))

    assert client.post(form.action, data=form.fields).location == "/moi/notifications"

    page = client.get("/moi").text
    assert "1\u00a0nouvelle" in page and page.count(">Nouveau<") == 1
    form = form_of(client.get("/moi/notifications"), "_jusqu")
    client.post(form.action, data=form.fields)
    assert "nouvelle" not in client.get("/moi").text


@pytest.mark.one_database
@pytest.mark.parametrize("until", ["", "hier", "2099-01-01T00:00:00+00:00", "2022-02-10", "\u2028"])
def test_a_moment_that_is_none_marks_nothing_as_read(
    emile: User, client: FlaskClient, until: str
) -> None:
    form = form_of(client.get("/moi/notifications"), "_jusqu")

    assert client.post(form.action, data=form.but(_jusqu=until)).status_code == 303
    assert "1\u00a0nouvelle" in client.get("/moi").text


@pytest.mark.one_database
def test_long_lists_come_page_by_page(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    for number in range(60):
        tell(db_session, consultation, "words", f"Mot {number}.", NOW + timedelta(minutes=number))
        a_comment(db_session, consultation, emile, f"Avis {number}", state="pending")
        other = a_consultation(db_session, slug=f"autre-{number}")
        db_session.add(
            Response(
                consultation_id=other.id, user_id=emile.id, version_id=other.version_id,
                status="draft", created_at=NOW, updated_at=NOW,
            )
        )  # fmt: skip
    db_session.commit()
    clock(app, NOW + timedelta(hours=2))

    pages = [told(client, f"?page={number}") for number in (1, 2, 3, 4, 5)]
    assert [len(page) for page in pages] == [20, 20, 20, 1, 0]
    assert len({word for page in pages[:4] for word in page}) == 61
    assert (
        "Mot 59." in pages[0][0]
        and "Il n’y a rien de plus ancien" in client.get("/moi/notifications?page=5").text
    )
    assert "plus de 50 nouvelles" in client.get("/moi").text.replace("\u00a0", " ")
    for place, total in (("contributions", 61), ("commentaires", 60)):
        first, second = (client.get(f"/moi/{place}?page={n}").text for n in (1, 2))
        assert f"{total}\u00a0" in first and "Page 1 sur 2" in first
        assert "Page 2 sur 2" in second


def test_emile_reads_and_takes_away_what_is_kept_about_him(
    emile: User, client: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    a_comment(db_session, consultation, emile, "Mon avis public")
    a_comment(db_session, consultation, cast.nadia(db_session), "Celui de Nadia")
    page = client.get("/moi/donnees").text
    for words in ("emile@example.org", "Émile Roux", "Particulier", "1\u00a0envoi"):
        assert words in page
    assert "a envoyé une contribution" in page

    answered = client.get("/moi/donnees.json")

    data = answered.get_json()
    assert data["format"] == "personal-data/1"
    assert data["account"]["email"] == "emile@example.org"
    [response] = data["responses"]
    assert response["submissions"][0]["answers"] == {"accord": "oui"}
    assert response["submissions"][0]["submitted_at"] == "2022-02-10T13:32:00+00:00"
    assert [comment["text"] for comment in data["comments"]] == ["Mon avis public"]
    assert [letter["subject"][:6] for letter in data["letters"]] == ["Votre "]
    assert "no-store" in answered.headers["Cache-Control"]
    for hidden in (*SECRETS, "nadia@example.org", "Celui de Nadia"):
        assert hidden not in answered.text, hidden


def test_the_response_of_a_company_is_in_the_space_of_whoever_shares_it(
    app: Flask, consultation: Consultation, client: FlaskClient, db_session: Session
) -> None:
    nadia, claire = cast.nadia(db_session), cast.claire(db_session)
    response = shared(db_session, consultation, nadia)
    cast.sign_in(client, nadia)

    page = client.get("/moi/contributions").text
    assert f'href="/consultations/poles/contribution/organisme/{response.id}"' in page
    assert "Pour <span data-typed>Optique du Rhône</span>" in page
    cast.sign_in(client, claire)
    assert "Vous n’avez pas encore contribué" in client.get("/moi/contributions").text


@pytest.mark.one_database
def test_marking_as_read_needs_a_token(emile: User, client: FlaskClient) -> None:
    assert client.post("/moi/notifications", data={"_jusqu": NOW.isoformat()}).status_code == 400
    assert token_of(client.get("/moi/notifications"))


def test_nadia_is_told_that_her_signature_is_asked_and_emile_that_he_writes_with_her(
    app: Flask, consultation: Consultation, client: FlaskClient, db_session: Session
) -> None:
    nadia, emile = cast.nadia(db_session), cast.emile(db_session)
    response = shared(db_session, consultation, nadia, emile)
    door = db_session.get_one(SharedResponse, response.id)
    door.asked_at, door.asked_by, door.asked_state = NOW, emile.id, "x"
    db_session.commit()
    clock(app, NOW + timedelta(minutes=1))
    cast.sign_in(client, nadia)
    assert told(client) == ["Votre signature est demandée"]
    assert client.get("/moi/donnees.json").get_json()["co_authors"]["responses"][0]["role"] == (
        "signatory"
    )
    root = f"/consultations/poles/contribution/organisme/{response.id}"
    signing = app.test_client()
    cast.sign_in(signing, nadia)
    form = form_of(signing.get(f"{root}/1"))
    signing.post(form.action, data=form.but(accord="oui"))
    form = form_of(signing.get(f"{root}/relire"), "_etat")
    assert signing.post(form.action, data=form.but(declaration="oui")).status_code == 303
    clock(app, NOW + timedelta(minutes=2))
    assert told(client) == ["Votre contribution est reçue, envoi n°\u00a01"]
    cast.sign_in(client, emile)
    assert told(client)[1:] == ["Vous rédigez la contribution d’un organisme"]
    cast.sign_in(client, cast.awa(db_session))
    assert told(client) == []
