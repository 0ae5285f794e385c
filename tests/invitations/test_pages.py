"""The pages of those who invite, through HTTP."""

from __future__ import annotations

import re
from datetime import timedelta
from time import process_time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.audit.models import AuditEvent
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.invitations.models import Campaign, Contact, ContactImport, Sending
from consultation.invitations.queries import campaigns as campaigns_queries
from consultation.mail.models import OutboxMessage
from tests import cast
from tests.consultations.making import CLOSES, DURING, a_consultation
from tests.house.statements import counted_statements
from tests.invitations.making import (
    campaign,
    contact,
    deliver,
    invite_all,
    post,
    posted,
    to_server,
)
from tests.journeys.visitors import token_of

ROOT = "/espace/poles/invitations"
PAGES = (
    ROOT,
    f"{ROOT}/ajouter",
    f"{ROOT}/importer",
    f"{ROOT}/courriels",
    f"{ROOT}/courriels/nouveau",
    f"{ROOT}/reglages",
    f"{ROOT}/modele.csv",
    f"{ROOT}/modele.xlsx",
)
TEXT = {"subject": "Votre avis", "body": "Bonjour ${nom}, ${lien}", "kind": "invitation"}


@pytest.fixture(autouse=True)
def during(app: Flask) -> None:
    app.extensions["clock"] = lambda: DURING


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    return a_consultation(db_session)


@pytest.fixture
def claire(db_session: Session, client: FlaskClient, consultation: Consultation) -> FlaskClient:
    """Claire at her desk."""
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    return client


def send(client: FlaskClient, path: str, page: str = ROOT, **fields: object) -> TestResponse:
    """Post ``fields`` with the token of ``page``."""
    return client.post(path, data={"csrf_token": token_of(client, page), **fields})


def give(client: FlaskClient, text: str | bytes, name: str = "contacts.csv") -> TestResponse:
    """Choose a file and ask to see what it brings."""
    data = text.encode() if isinstance(text, str) else text
    # Written by hand: for a large one the test client leaves a temporary file open.
    part = '--limite\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    body = (
        part.format("csrf_token", "").encode()
        + token_of(client, f"{ROOT}/importer").encode()
        + b"\r\n"
        + part.format("file", f'; filename="{name}"').encode()
        + data
        + b"\r\n--limite--\r\n"
    )
    form = "multipart/form-data; boundary=limite"
    return client.post(f"{ROOT}/importer", data=body, content_type=form)


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_those_of_the_organisers(
    db_session: Session, client: FlaskClient, consultation: Consultation, path: str
) -> None:
    assert client.get(path).location == f"/connexion?suite={path}"
    cast.sign_in(client, cast.emile(db_session))
    assert client.get(path).status_code == 403
    cast.sign_in(client, cast.lea(db_session, consultation.id))
    assert client.get(path).status_code == 403
    cast.sign_in(client, cast.claire(db_session, consultation.id + 1))
    assert client.get(path).status_code == 403
    cast.claire(db_session, consultation.id)
    assert client.get(path).status_code == 200


@pytest.mark.one_database
def test_an_analyst_does_not_see_addresses(
    db_session: Session, client: FlaskClient, consultation: Consultation
) -> None:
    emile = cast.emile(db_session)
    cast._granted(db_session, emile, "analyst", consultation.id)
    contact(db_session, consultation, "zoe@pole.example.org")
    cast.sign_in(client, emile)
    assert client.get(ROOT).status_code == 403
    dashboard = client.get("/espace/poles").text
    assert "De l’invitation à l’envoi" in dashboard
    assert ROOT not in dashboard


def test_the_contacts_of_another_consultation_are_out_of_reach(
    claire: FlaskClient, db_session: Session
) -> None:
    other = a_consultation(db_session, slug="autre")
    number = contact(db_session, other, "zoe@pole.example.org").id
    made = campaign(db_session, other, planned=False).id
    for path in (f"{ROOT}/contacts/{number}", f"{ROOT}/courriels/{made}", f"{ROOT}/importer/1"):
        assert claire.get(path).status_code == 404
    for path in (f"contacts/{number}/retirer", f"courriels/{made}/programmer"):
        page = f"{ROOT}/reglages"
        assert send(claire, f"{ROOT}/{path}", page).status_code == 404
    assert db_session.scalar(select(func.count(Contact.id))) == 1


# --- the address book ----------------------------------------------------------------------------


def test_claire_imports_a_file_in_two_steps_and_reads_the_report(
    claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    contact(db_session, consultation, "deja@pole.example.org")
    answer = give(
        claire,
        "e-mail;nom;organisme\n"
        "bon@pole.example.org;=HYPERLINK(1);<script>alert(1)</script>\n"
        "faux;;\n"
        "deja@pole.example.org;;\n"
        "BON@pole.example.org;;\n",
    )
    preview = claire.get(answer.location)
    assert "Ajouter 1\u00a0contact" in preview.text
    assert "<script>alert" not in preview.text
    assert "Cette adresse est déjà à la ligne 2" in preview.text
    assert "Cette adresse est déjà dans le carnet" in preview.text
    assert db_session.scalar(select(func.count(Contact.id))) == 1

    done = send(claire, f"{answer.location}/confirmer", answer.location)
    report = claire.get(done.location).text
    assert "3\u00a0lignes écartées" in report
    found = db_session.scalars(select(Contact).order_by(Contact.id)).all()
    assert [each.email for each in found] == ["deja@pole.example.org", "bon@pole.example.org"]
    assert found[1].name == "=HYPERLINK(1)"
    kept = db_session.scalars(select(ContactImport)).one()
    assert (kept.data, kept.done_at) == (None, DURING)
    lines = claire.get(f"{answer.location}/a-corriger.csv")
    assert lines.text.startswith("\ufeffLigne;À corriger;e-mail;nom;organisme")
    assert (
        db_session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)).all()[-1]
        == "import_contacts"
    )

    send(claire, f"{answer.location}/confirmer", ROOT)
    assert db_session.scalar(select(func.count(Contact.id))) == 2


def test_what_was_imported_meanwhile_is_not_added_twice(
    claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    first = give(claire, "mail\na@pole.example.org\nb@pole.example.org\n").location
    second = give(claire, "mail\nb@pole.example.org\nc@pole.example.org\n").location
    for path in (first, second):
        send(claire, f"{path}/confirmer", path)
    assert db_session.scalar(select(func.count(Contact.id))) == 3
    assert "1\u00a0ligne écartée" in claire.get(second).text


def test_claire_forgets_a_file(claire: FlaskClient, db_session: Session) -> None:
    path = give(claire, "mail\na@pole.example.org\n").location
    assert send(claire, f"{path}/abandonner", path).location == ROOT
    assert claire.get(path).status_code == 404
    assert db_session.scalar(select(func.count(ContactImport.id))) == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "fichier"),
        (b"nom\nZoe\n", "Aucune colonne"),
        (b"%PDF-1.7", "ni un CSV ni un classeur"),
        (b"PK\x03\x04" + b"\0" * 50, "classeur"),
        (b"mail\n" + b"x" * 5_000_001, "dépasse 5\u00a0Mo"),
    ],
)
@pytest.mark.one_database
def test_a_file_that_cannot_be_read_is_a_sentence(
    claire: FlaskClient, db_session: Session, data: bytes, words: str
) -> None:
    answer = give(claire, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert db_session.scalar(select(func.count(ContactImport.id))) == 0


@pytest.mark.one_database
def test_the_form_without_a_file_is_a_sentence(claire: FlaskClient) -> None:
    for fields in ({}, {"file": "texte"}):
        answer = send(claire, f"{ROOT}/importer", f"{ROOT}/importer", **fields)
        assert answer.status_code == 422
        assert "Choisissez un fichier" in answer.text


def test_claire_adds_and_removes_somebody(claire: FlaskClient, db_session: Session) -> None:
    page = f"{ROOT}/ajouter"
    answer = send(claire, page, page, email=" Zoe@Pole.example.org ", name="Zoé Lê")
    assert answer.location == ROOT
    again = send(claire, page, page, email="zoe@pole.example.org", name="Autre")
    assert again.status_code == 422
    assert "déjà dans le carnet" in again.text
    assert "Autre" in again.text
    found = db_session.scalars(select(Contact)).one()
    path = f"{ROOT}/contacts/{found.id}"
    assert "Zoé Lê" in claire.get(path).text
    assert send(claire, f"{path}/retirer", path).location == ROOT
    assert db_session.scalar(select(func.count(Contact.id))) == 0
    verbs = db_session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)).all()
    assert verbs[-2:] == ["add_contact", "remove_contact"]


@pytest.mark.parametrize(
    "fields",
    [
        {"email": ""},
        {"email": "faux"},
        {"email": "a@b.fr\r\nBcc: c@d.fr"},
        {"email": "a@pole.example.org", "siret": "123"},
        {"email": "a@pole.example.org", "actor_type": "inconnu"},
        {"email": "a@pole.example.org", "name": "x" * 121},
    ],
)
@pytest.mark.one_database
def test_a_contact_typed_wrong_is_not_kept(claire, db_session: Session, fields) -> None:
    answer = send(claire, f"{ROOT}/ajouter", f"{ROOT}/ajouter", **fields)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert db_session.scalar(select(func.count(Contact.id))) == 0


def test_the_book_is_searched_and_narrowed(
    app: Flask, claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    contact(db_session, consultation, "zoe@pole.example.org", organisation="Pôle 100 % vert")
    contact(db_session, consultation, "yan@pole.example.org", unsubscribed_at=DURING)
    contact(db_session, consultation, "xim@pole.example.org", bounced_at=DURING)
    shown = {
        "?q=100+%25": ["zoe"],
        "?q=pole.example": ["zoe", "yan", "xim"],
        "?q=%25zoe": [],
        "?etat=bounced": ["xim"],
        "?etat=unsubscribed": ["yan"],
        "?etat=sent": [],
        "?etat=inconnu": ["zoe", "yan", "xim"],
        "?etat=not_started&q=ya": ["yan"],
    }
    for query, names in shown.items():
        page = claire.get(ROOT + query).text
        assert {name for name in ("zoe", "yan", "xim") if f">{name}@" in page} == set(names), query


def test_the_page_of_a_person_tells_their_story(
    app: Flask, claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    made = contact(db_session, consultation, "zoe@pole.example.org", attributes={"Contrat": "2019"})
    invite_all(app, db_session, consultation)
    page = claire.get(f"{ROOT}/contacts/{made.id}").text
    for words in ("2019", "Invitation", "Envoyé", "Révoquer le lien", "Pas encore suivi"):
        assert words in page, words
    answer = send(claire, f"{ROOT}/contacts/{made.id}/revoquer", f"{ROOT}/contacts/{made.id}")
    assert "Aucun lien en cours" in claire.get(answer.location).text


# --- campaigns -----------------------------------------------------------------------------------


def test_claire_writes_looks_tries_and_sends(
    app: Flask, claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    for name in "abc":
        contact(db_session, consultation, f"{name}@pole.example.org", name=name.upper())
    page = f"{ROOT}/courriels/nouveau"
    path = send(claire, page, page, **TEXT, when="now").location
    shown = claire.get(path).text
    assert "Envoyer 3\u00a0invitations" in shown
    assert "Bonjour A," in shown
    assert post(app) == 0

    send(claire, f"{path}/essai", path)
    assert [each.recipient for each in db_session.scalars(select(OutboxMessage))] == [
        "claire@example.org"
    ]
    send(claire, f"{path}/programmer", path)
    send(claire, f"{path}/programmer", ROOT)
    assert post(app) == 3
    assert deliver(app.extensions["settings"]) == 4
    assert "Terminé" in claire.get(path).text
    assert "Bonjour B," not in posted(db_session, "b@pole.example.org")[0].body  # emptied
    verbs = db_session.scalars(select(AuditEvent.verb)).all()
    assert verbs.count("schedule_campaign") == 1


@pytest.mark.one_database
def test_claire_plans_an_invitation_at_the_opening_and_cannot_once_it_is_past(
    app: Flask, claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    page = f"{ROOT}/courriels/nouveau"
    refused = send(claire, page, page, **TEXT, when="opening")
    assert (refused.status_code, "À l’ouverture" in refused.text) == (422, False)
    consultation.opens_at = DURING + timedelta(days=3)
    db_session.commit()

    path = send(claire, page, page, **TEXT, when="opening").location
    shown = claire.get(path).text
    assert "Départ le 13 février 2022" in shown and "à l’ouverture" in shown
    send(claire, f"{path}/programmer", path)
    made = db_session.scalars(select(Campaign)).one()
    assert (made.state, made.at_opening, made.send_at) == ("scheduled", True, None)
    assert "(à l’ouverture)" in claire.get(f"{ROOT}/courriels").text
    again = claire.get(f"{path}/modifier").text
    assert re.search(r'value="opening"[^>]*checked|checked[^>]*value="opening"', again)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"subject": ""}, "Écrivez l’objet"),
        ({"body": ""}, "Écrivez le texte"),
        ({"body": "Bonjour ${nom}"}, "Ajoutez ${lien}"),
        ({"body": "${prenom} ${lien}"}, "${prenom} n’existe pas"),
        ({"subject": "${lien}"}, "Retirez ${lien}"),
        ({"kind": "tous"}, "Choisissez"),
        ({"when": "jamais"}, "Choisissez"),
        ({"when": "date"}, "Saisissez le jour"),
        ({"when": "date", "send_day": "2022-02-09", "send_time": "10:00"}, "à venir"),
        ({"when": "date", "send_day": "2022-03-27", "send_time": "02:30"}, "n’existe pas ce jour"),
        ({"when": "before", "days_before": "0"}, "de 1 à 60"),
        ({"when": "before", "days_before": "beaucoup"}, "nombre"),
        ({"when": "before", "days_before": "3", "hour": "25"}, "Choisissez"),
        ({"body": "x" * 9000}, "caractères"),
    ],
)
@pytest.mark.one_database
def test_a_message_written_wrong_is_given_back(claire, db_session: Session, fields, words) -> None:
    page = f"{ROOT}/courriels/nouveau"
    answer = send(claire, page, page, **{**TEXT, "when": "now", **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert db_session.scalar(select(func.count(Campaign.id))) == 0


def test_a_message_is_changed_stopped_and_a_draft_is_thrown_away(
    app: Flask, claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    contact(db_session, consultation, "zoe@pole.example.org")
    page = f"{ROOT}/courriels/nouveau"
    before = {"when": "before", "days_before": "7", "hour": "9"}
    path = send(claire, page, page, **TEXT, **before).location
    assert "28 février 2022 à 9\u00a0h\u00a000" in claire.get(path).text
    change = f"{path}/modifier"
    day = {"when": "date", "send_day": "12/02/2022", "send_time": "10:00"}
    assert send(claire, change, change, **TEXT, **day).location == path
    assert "12 février 2022 à 10\u00a0h\u00a000" in claire.get(path).text
    assert 'value="2022-02-12"' in claire.get(change).text
    send(claire, f"{path}/programmer", path)
    assert post(app, DURING + timedelta(hours=1)) == 0
    assert send(claire, f"{path}/supprimer", path).status_code == 409
    send(claire, f"{path}/arreter", path)
    assert post(app, DURING + timedelta(days=4)) == 0
    answer = send(claire, change, change, **TEXT, when="now")
    assert answer.status_code == 422
    assert "a commencé" in answer.text

    draft = send(claire, page, page, **TEXT, when="now").location
    assert send(claire, f"{draft}/supprimer", draft).location == f"{ROOT}/courriels"
    assert claire.get(draft).status_code == 404


def test_claire_writes_a_column_of_her_file_in_the_letter(
    app: Flask, claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    contact(db_session, consultation, "a@pole.example.org", attributes={"Lot": "Lot n° 4"})
    contact(db_session, consultation, "b@pole.example.org")
    page = f"{ROOT}/courriels/nouveau"
    assert "${Lot}" in claire.get(page).text
    wrong = send(claire, page, page, **{**TEXT, "body": "${Bot} ${lien}"}, when="now")
    assert (wrong.status_code, "${ouverture}, ${cloture}, ${Lot}" in wrong.text) == (422, True)
    path = send(claire, page, page, **{**TEXT, "body": "[${Lot}] ${lien}"}, when="now").location
    assert "[Lot n" in claire.get(path).text
    send(claire, f"{path}/programmer", path)
    post(app)
    starts = [posted(db_session, f"{name}@pole.example.org")[0].body[:10] for name in "ab"]
    assert starts == ["[Lot n° 4]", "[] http://"]


def test_the_preview_is_the_letter_of_somebody_who_receives_it(
    claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    contact(db_session, consultation, "a@pole.example.org", name="Alix", bounced_at=DURING)
    contact(db_session, consultation, "b@pole.example.org", name="Basile")
    made = campaign(db_session, consultation, planned=False)
    assert "Bonjour Basile," in claire.get(f"{ROOT}/courriels/{made.id}").text
    reminder = campaign(db_session, consultation, "not_started", planned=False)
    assert "Bonjour Prénom Nom," in claire.get(f"{ROOT}/courriels/{reminder.id}").text


def test_claire_sees_that_the_mail_server_is_out_of_reach_and_that_it_is_over(
    app: Flask, claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    for name in ("zoe", "alix", "basile"):
        contact(db_session, consultation, f"{name}@pole.example.org")
    made = campaign(db_session, consultation)
    pages = (f"{ROOT}/courriels", f"{ROOT}/courriels/{made.id}")
    post(app)
    for page in pages:
        assert "courriels attendent" not in claire.get(page).text
    deliver(to_server(app, 1))
    for page in pages:
        shown = claire.get(page).text
        assert "ne prend plus rien\u00a0: 3\u00a0courriels attendent depuis" in shown
        assert "En cours" in shown and "Terminé" not in shown
    deliver(app.extensions["settings"], DURING + timedelta(minutes=2))
    for page in pages:
        shown = claire.get(page).text
        assert "courriels attendent" not in shown and "Terminé" in shown


def test_claire_sees_that_nothing_tries_to_send(
    app: Flask, claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    contact(db_session, consultation, "zoe@pole.example.org")
    campaign(db_session, consultation)
    post(app)
    app.extensions["clock"] = lambda: DURING + timedelta(minutes=11)
    assert "Aucun essai n’a eu lieu" in claire.get(f"{ROOT}/courriels").text


def test_nothing_is_sent_for_a_consultation_that_is_over(
    app: Flask, claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    made = campaign(db_session, consultation, planned=False)
    app.extensions["clock"] = lambda: CLOSES + timedelta(hours=1)
    cast.sign_in(claire, cast.claire(db_session, consultation.id))
    path = f"{ROOT}/courriels/{made.id}"
    assert "plus aucun courriel ne part" in claire.get(path).text
    answer = send(claire, f"{path}/programmer", path)
    assert answer.status_code == 409
    assert "La consultation est terminée" in answer.text


def test_claire_sets_the_pace_and_closes_the_door(
    claire: FlaskClient, app: Flask, db_session: Session, consultation: Consultation
) -> None:
    page = f"{ROOT}/reglages"
    for wrong in ("0", "601", "vite", ""):
        assert send(claire, page, page, per_minute=wrong).status_code == 422
    send(claire, page, page, per_minute="30", invited_only="y")
    found = campaigns_queries.settings_of(db_session, consultation.id)
    assert (found.per_minute, found.invited_only) == (30, True)

    emile = cast.emile(db_session)
    visitor = app.test_client()
    cast.sign_in(visitor, emile)
    start = "/consultations/poles/contribution/commencer"
    refused = send(visitor, start, "/consultations/poles")
    assert refused.status_code == 403
    assert "réservée aux personnes invitées" in refused.text
    contact(db_session, consultation, emile.email)
    assert send(visitor, start, "/consultations/poles").status_code == 303


# --- size ----------------------------------------------------------------------------------------


def fill(session: Session, consultation: Consultation, number: int) -> None:
    rows = [
        {
            "consultation_id": consultation.id,
            "email": f"p{n:05}@organisme-{n % 500}.example.org",
            "name": f"Personne {n}",
            "organisation": f"Organisme {n}",
            "attributes": {},
            "created_at": DURING,
            "opened_account": False,
            "temporary_bounces": 0,
        }
        for n in range(number)
    ]
    session.execute(insert(Contact), rows)
    session.commit()


def test_a_book_of_twenty_thousand_is_shown_in_eight_statements(
    claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    fill(db_session, consultation, 20_000)
    for query in ("", "?page=300", "?q=organisme-49", "?etat=not_started&q=p1", "?etat=sent"):
        start = process_time()
        with counted_statements() as statements:
            answer = claire.get(ROOT + query)
        assert answer.status_code == 200
        assert len(statements) <= 8, statements
        assert process_time() - start < 3
        assert len(answer.data) < 60_000


def test_twenty_thousand_lines_are_imported_in_bulk(
    claire: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    lines = [f"p{n}@organisme-{n % 500}.example.org;Personne {n}" for n in range(20_000)]
    start = process_time()
    path = give(claire, "mail;nom\n" + "\n".join(lines)).location
    with counted_statements() as statements:
        send(claire, f"{path}/confirmer", path)
    assert process_time() - start < 20  # read twice: once to show, once to add
    assert len(statements) <= 30
    assert db_session.scalar(select(func.count(Contact.id))) == 20_000


def test_the_next_minute_of_a_large_campaign_is_planned_quickly(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    fill(db_session, consultation, 20_000)
    campaign(db_session, consultation)
    start = process_time()
    for minute in range(3):
        assert post(app, DURING + timedelta(minutes=minute)) == 60
        db_session.execute(update(OutboxMessage).values(attempts=1))
        db_session.commit()
    assert process_time() - start < 9
    assert db_session.scalar(select(func.count(Sending.id))) == 180
    db.session.rollback()
