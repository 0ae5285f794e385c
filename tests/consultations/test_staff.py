"""The pages of those who organise, through HTTP."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.audit.models import AuditEvent
from consultation.consultations.models import Change, Consultation, Document
from tests import cast
from tests.consultations.making import BEFORE, CLOSES, DURING, OPENS, a_consultation

PAGES = ("/espace/poles", "/espace/poles/reglages", "/espace/poles/equipe")


@pytest.fixture(autouse=True)
def during(app: Flask) -> None:
    app.extensions["clock"] = lambda: DURING


def send(client: FlaskClient, path: str, page: str | None = None, **fields):
    """Post ``fields`` to ``path`` with the token of ``page``, keeping the redirection."""
    html = client.get(page or path).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    return client.post(path, data={"csrf_token": token, **fields})


@pytest.fixture
def claire_at_work(db_session: Session, client: FlaskClient) -> FlaskClient:
    consultation = a_consultation(db_session)
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    return client


def one(session: Session) -> Consultation:
    return session.scalars(select(Consultation)).one()


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_those_of_the_team(db_session: Session, client: FlaskClient, path) -> None:
    consultation = a_consultation(db_session)
    assert client.get(path).location == f"/connexion?suite={path}"
    cast.sign_in(client, cast.emile(db_session))
    assert client.get(path).status_code == 403
    cast.sign_in(client, cast.lea(db_session, consultation.id))
    assert client.get(path).status_code == 403
    cast.sign_in(client, cast.claire(db_session, consultation.id + 1))
    assert client.get(path).status_code == 403
    cast.claire(db_session, consultation.id)
    assert client.get(path).status_code == 200


def test_emile_finds_nothing_in_the_workspace(db_session: Session, client: FlaskClient) -> None:
    a_consultation(db_session)
    cast.sign_in(client, cast.emile(db_session))
    page = client.get("/espace").text
    assert "Vous n’avez de rôle sur aucune consultation" in page


def test_claire_finds_her_consultation_and_not_the_others(
    claire_at_work: FlaskClient, db_session: Session
) -> None:
    a_consultation(db_session, slug="autre", title={"fr": "Une autre"})
    page = claire_at_work.get("/espace").text
    assert "pôles de compétitivité" in page
    assert "organisateur" in page
    assert "Une autre" not in page


def test_claire_extends_with_a_reason_that_everybody_reads(
    claire_at_work: FlaskClient, db_session: Session
) -> None:
    fields = {
        "extension-closes_day": "2022-03-21",
        "extension-closes_time": "23:59",
        "extension-reason": "À la demande des pôles.",
    }
    path = "/espace/poles/reglages"
    answer = send(claire_at_work, f"{path}/prolonger", path, **fields)
    assert answer.status_code == 303
    assert one(db_session).closes_at == datetime(2022, 3, 21, 22, 59, 59, tzinfo=UTC)
    assert "À la demande des pôles." in claire_at_work.get("/consultations/poles/modalites").text
    assert db_session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)).all()[-1] == "extend"


def test_claire_cannot_shorten_an_open_consultation(
    claire_at_work: FlaskClient, db_session: Session
) -> None:
    fields = {
        "extension-closes_day": "2022-03-01",
        "extension-closes_time": "18:00",
        "extension-reason": "Plus vite.",
    }
    path = "/espace/poles/reglages"
    answer = send(claire_at_work, f"{path}/prolonger", path, **fields)
    assert answer.status_code == 409
    assert "ne peut pas être raccourcie" in answer.text
    assert "Plus vite." in answer.text
    assert one(db_session).closes_at == CLOSES
    assert db_session.scalar(select(func.count(Change.id))) == 0


def test_thresholds_only_rise(claire_at_work: FlaskClient, db_session: Session) -> None:
    path = "/espace/poles/reglages"
    fields = {
        "safeguards-comments_mode": "closed",
        "safeguards-minimum_organisations": "5",
        "safeguards-minimum_individuals": "11",
        "safeguards-dominance": "80",
    }
    assert send(claire_at_work, f"{path}/regles", path, **fields).status_code == 303
    assert one(db_session).minimum_organisations == 5
    fields["safeguards-minimum_organisations"] = "4"
    lowered = send(claire_at_work, f"{path}/regles", path, **fields)
    assert lowered.status_code == 422
    assert "Choisissez au moins 5" in lowered.text
    assert one(db_session).minimum_organisations == 5


def test_a_text_changed_after_publication_is_announced(
    claire_at_work: FlaskClient, db_session: Session
) -> None:
    path = "/espace/poles/reglages"
    typed = texts_of(one(db_session)) | {"texts-audience": "Les pôles."}
    assert send(claire_at_work, f"{path}/textes", path, **typed).status_code == 303
    sentence = db_session.scalars(select(Change.sentence)).one()
    assert sentence == "Texte modifié\u00a0: qui peut répondre."
    emptied = send(claire_at_work, f"{path}/textes", path, **(typed | {"texts-purpose": " "}))
    assert emptied.status_code == 422
    assert "Décrivez l’objet de la consultation" in emptied.text
    assert one(db_session).purpose


def texts_of(consultation: Consultation) -> dict[str, str]:
    names = (
        "theme purpose organiser audience outcome answers_visibility contact legal_basis "
        "privacy_notice recipients retention data_protection_contact"
    ).split()
    typed = {f"texts-{name}": getattr(consultation, name) for name in names}
    for name in ("title", "summary", "presentation"):
        typed |= {f"texts-{name}_{k}": v for k, v in getattr(consultation, name).items()}
    return typed


def test_claire_adds_and_removes_documents(
    app: Flask, claire_at_work: FlaskClient, db_session: Session
) -> None:
    path = "/espace/poles/reglages"
    fields = {"document-title": "Bilan", "document-kind": "other"}
    file = (io.BytesIO(b"%PDF-1.7 bilan"), "Bilan été.pdf")
    added = send(claire_at_work, f"{path}/documents", path, **fields, **{"document-file": file})
    assert added.status_code == 303
    document = db_session.scalars(select(Document).where(Document.title == "Bilan")).one()
    assert document.file_name == "Bilan été.pdf"
    got = claire_at_work.get(f"/consultations/poles/documents/{document.id}")
    assert got.data == b"%PDF-1.7 bilan"
    assert got.headers["Content-Disposition"].startswith("attachment")
    removed = send(claire_at_work, f"{path}/documents/{document.id}/retirer", path)
    assert removed.status_code == 303
    last = db_session.scalars(select(Document)).one()
    kept = send(claire_at_work, f"{path}/documents/{last.id}/retirer", path)
    assert kept.status_code == 422
    assert "Ajoutez au moins un document" in kept.text
    assert db_session.scalar(select(func.count(Document.id))) == 1


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("bilan.pdf", b"<html>", "Ce fichier n’est pas un PDF lisible"),
        ("bilan.exe", b"MZ", "Choisissez un fichier de l’un de ces formats"),
        ("bilan.xlsx", b"PK\x03\x04 xl/vbaProject.bin", "Ce fichier n’est pas un XLSX lisible"),
        (
            "bilan.ods",
            b"PK\x03\x04 mimetype application/zip",
            "Ce fichier n’est pas un ODS lisible",
        ),
        ("bilan.csv", b"", "Choisissez un fichier qui n’est pas vide"),
    ],
)
def test_a_document_is_what_its_name_says(
    claire_at_work: FlaskClient, name, data, sentence
) -> None:
    path = "/espace/poles/reglages"
    fields = {"document-title": "Bilan", "document-kind": "other"}
    file = {"document-file": (io.BytesIO(data), name)}
    answer = send(claire_at_work, f"{path}/documents", path, **fields, **file)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_claire_sets_the_milestones(claire_at_work: FlaskClient, db_session: Session) -> None:
    path = "/espace/poles/reglages"
    fields = {
        "steps-steps-0-title": "Cadrage",
        "steps-steps-0-detail": "",
        "steps-steps-0-starts_on": "2021-11-01",
        "steps-steps-0-ends_on": "2021-12-31",
        "steps-steps-1-title": "",
        "steps-steps-2-title": "Réponse",
        "steps-steps-2-detail": "Par le bureau",
    }
    assert send(claire_at_work, f"{path}/etapes", path, **fields).status_code == 303
    assert [m.title for m in one(db_session).milestones] == ["Cadrage", "Réponse"]
    fields["steps-steps-0-ends_on"] = "2021-10-01"
    wrong = send(claire_at_work, f"{path}/etapes", path, **fields)
    assert wrong.status_code == 422
    assert "postérieur au premier" in wrong.text


# --- from a draft to a publication ---------------------------------------------------------------

NEW = {
    "title": "Le plan vélo des Régions",
    "starter": "poles_2022",
    "mode": "open",
    "opens_day": "2022-04-04",
    "opens_time": "09:00",
    "closes_day": "2022-05-02",
    "closes_time": "18:00",
}


@pytest.fixture
def a_draft(db_session: Session, client: FlaskClient) -> FlaskClient:
    cast.sign_in(client, cast.claire(db_session))
    assert send(client, "/espace/nouvelle", **NEW).location.endswith(
        "/espace/le-plan-velo-des-regions/reglages"
    )
    return client


def test_claire_creates_a_draft_that_she_organises(
    a_draft: FlaskClient, db_session: Session
) -> None:
    consultation = one(db_session)
    assert (consultation.state, consultation.organiser) == ("draft", "Régions de France")
    assert consultation.opens_at == datetime(2022, 4, 4, 7, 0, tzinfo=UTC)
    assert consultation.version_id is not None
    assert a_draft.get("/espace/le-plan-velo-des-regions").status_code == 200
    assert a_draft.get("/espace/le-plan-velo-des-regions/equipe").text.count("organisateur à") == 1


def test_nobody_else_creates_a_consultation(db_session: Session, client: FlaskClient) -> None:
    cast.sign_in(client, cast.claire(db_session, 1))
    assert client.get("/espace/nouvelle").status_code == 403


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Donnez un titre"),
        ({"closes_day": "2022-04-01"}, "Choisissez une clôture postérieure à l’ouverture"),
        ({"opens_day": "2022-03-27", "opens_time": "02:30"}, "cette heure n’existe pas"),
        ({"opens_day": "0001-01-01"}, "cette heure n’existe pas"),
        ({"opens_day": "lundi"}, "Saisissez une date"),
        ({"slug": "Pôles 2022"}, "Écrivez des lettres minuscules"),
        ({"slug": "nouvelle"}, "Choisissez une autre adresse"),
        ({"title": "!!!"}, "Choisissez une autre adresse"),
        ({"starter": "inconnu"}, "Choisissez une proposition de la liste"),
        ({"mode": "commission", "closes_day": "2022-04-18"}, "au moins 15 jours pleins"),
    ],
)
def test_a_wrong_draft_is_refused_with_a_sentence(
    db_session: Session, client: FlaskClient, change, sentence
) -> None:
    cast.sign_in(client, cast.claire(db_session))
    answer = send(client, "/espace/nouvelle", **(NEW | change))
    assert answer.status_code == 422
    assert sentence.replace("cette heure", "celle-ci") in answer.text
    assert db_session.scalar(select(func.count(Consultation.id))) == 0


def test_an_address_serves_once(a_draft: FlaskClient, db_session: Session) -> None:
    answer = send(a_draft, "/espace/nouvelle", **NEW)
    assert answer.status_code == 422
    assert "Cette adresse est déjà prise" in answer.text
    assert db_session.scalar(select(func.count(Consultation.id))) == 1


def test_publication_names_everything_that_lacks(a_draft: FlaskClient, db_session: Session) -> None:
    path = "/espace/le-plan-velo-des-regions/reglages"
    answer = send(a_draft, f"{path}/publier", path)
    assert answer.status_code == 422
    for sentence in (
        "Décrivez l’objet de la consultation",
        "Dites qui peut répondre",
        "Dites ce que deviennent les réponses",
        "Dites si les réponses sont montrées publiquement",
        "Ajoutez au moins un document",
        "Rédigez la notice sur les données personnelles",
    ):
        assert sentence in answer.text
    assert one(db_session).state == "draft"


def test_a_complete_draft_is_published_once(db_session: Session, client: FlaskClient) -> None:
    consultation = a_consultation(db_session, state="draft", published_at=None)
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    path = "/espace/poles/reglages"
    assert send(client, f"{path}/publier", path).status_code == 303
    assert one(db_session).published_at == DURING
    again = send(client, f"{path}/publier", path)
    assert again.status_code == 422
    assert "déjà publiée" in again.text


def test_a_schedule_changed_before_opening_is_announced(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    consultation = a_consultation(db_session)
    app.extensions["clock"] = lambda: OPENS - timedelta(days=1)
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    fields = {
        "schedule-mode": "open",
        "schedule-opens_day": "2022-01-25",
        "schedule-opens_time": "09:00",
        "schedule-closes_day": "2022-02-01",
        "schedule-closes_time": "18:00",
        "schedule-results_on": "2022-06-01",
    }
    path = "/espace/poles/reglages"
    answer = send(client, f"{path}/calendrier", path, **fields)
    assert answer.status_code == 303
    assert "Moins de 15 jours pleins" in client.get(path).text
    assert one(db_session).results_on == date(2022, 6, 1)
    assert "Nouvelles dates" in client.get("/consultations/poles/modalites").text
    app.extensions["clock"] = lambda: DURING
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    late = send(client, f"{path}/calendrier", path, **fields)
    assert late.status_code == 422
    assert "La consultation a commencé" in late.text


def test_everybody_reads_that_it_no_longer_replaces_a_commission(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    app.extensions["clock"] = lambda: BEFORE
    consultation = a_consultation(db_session, mode="commission")
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    path = "/espace/poles/reglages"
    fields = {
        "schedule-mode": "open",
        "schedule-opens_day": "2022-01-20",
        "schedule-opens_time": "09:00",
        "schedule-closes_day": "2022-03-07",
        "schedule-closes_time": "18:00",
        "schedule-results_on": "2022-04-15",
    }
    for _ in "twice":  # the second time changes nothing, and says nothing
        assert send(client, f"{path}/calendrier", path, **fields).status_code == 303
    page = client.get("/consultations/poles/modalites").text
    assert page.count("Cette consultation ne remplace plus l’avis d’une commission") == 1
    assert "Nouvelles dates" not in page
    assert "qui devait être consultée" not in client.get("/consultations/poles").text
    written = select(AuditEvent.details).where(AuditEvent.verb == "set_schedule")
    [details] = db_session.scalars(written)
    assert (details["mode_before"], details["mode"]) == ("commission", "open")


# --- the team ------------------------------------------------------------------------------------


def test_claire_makes_lea_a_moderator_and_takes_the_role_back(
    claire_at_work: FlaskClient, db_session: Session
) -> None:
    lea = cast.emile(db_session)
    path = "/espace/poles/equipe"
    fields = {"email": " Emile@Example.org ", "role": "moderator"}
    assert send(claire_at_work, path, **fields).status_code == 303
    assert lea.holds("moderator", one(db_session).id)
    assert not lea.holds("organiser", one(db_session).id)
    twice = send(claire_at_work, path, **fields)
    assert twice.status_code == 422
    assert "a déjà ce rôle" in twice.text
    gone = send(claire_at_work, f"{path}/{lea.id}/retirer", path, role="moderator")
    assert gone.status_code == 303
    db_session.expire_all()
    assert not lea.holds("moderator", one(db_session).id)
    assert db_session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)).all()[-2:] == [
        "grant",
        "revoke",
    ]


def test_the_last_organiser_stays(claire_at_work: FlaskClient, db_session: Session) -> None:
    claire = cast.claire(db_session, one(db_session).id)
    path = "/espace/poles/equipe"
    answer = send(claire_at_work, f"{path}/{claire.id}/retirer", path, role="organiser")
    assert answer.status_code == 409
    assert "celui-ci est le dernier" in answer.text
    db_session.expire_all()
    assert claire.holds("organiser", one(db_session).id)


@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [
        ("inconnue@example.org", "moderator", "Aucun compte n’utilise cette adresse"),
        ("pas une adresse", "moderator", "Saisissez une adresse complète"),
        ("emile@example.org", "administrator", "Choisissez une proposition de la liste"),
        ("", "", "Choisissez un rôle"),
    ],
)
def test_a_wrong_member_is_refused(
    claire_at_work: FlaskClient, db_session: Session, email, role, sentence
) -> None:
    cast.emile(db_session)
    answer = send(claire_at_work, "/espace/poles/equipe", email=email, role=role)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_awa_composes_the_team_without_seeing_the_dashboard(
    db_session: Session, client: FlaskClient
) -> None:
    a_consultation(db_session)
    cast.sign_in(client, cast.awa(db_session))
    assert client.get("/espace/poles/equipe").status_code == 200
    assert client.get("/espace/poles").status_code == 403
    assert client.get("/espace/poles/reglages").status_code == 403
