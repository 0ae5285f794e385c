"""The public pages, through HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultation.consultations.models import Change
from tests import cast
from tests.consultations.making import AFTER, BEFORE, CLOSES, DURING, a_consultation, a_document
from tests.house.statements import counted_statements


@pytest.fixture(autouse=True)
def during(app: Flask) -> None:
    app.extensions["clock"] = lambda: DURING


def test_emile_reads_the_page_of_an_open_consultation(
    db_session: Session, client: FlaskClient
) -> None:
    a_consultation(db_session)
    page = client.get("/consultations/poles").text
    assert "L’avenir des pôles de compétitivité" in page
    assert "7 mars 2022 à 18\u00a0h\u00a000" in page
    assert "25\u00a0jours" in page
    assert "1\u00a0question en 1\u00a0partie, 5\u00a0minutes environ" in page
    assert "PDF, 410\u00a0ko" in page
    assert 'aria-current="step"' in page


def test_an_english_reader_gets_the_title_in_english(
    db_session: Session, client: FlaskClient
) -> None:
    a_consultation(db_session)
    client.set_cookie("langue", "en")
    assert "The future of clusters" in client.get("/consultations/poles").text


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (BEFORE, "Cette consultation ouvre le"),
        (DURING, "Vous relisez tout avant l’envoi"),
        (AFTER, "Cette consultation est terminée depuis le"),
    ],
)
def test_the_page_says_what_can_be_done_now(
    app: Flask, db_session: Session, client: FlaskClient, moment, sentence
) -> None:
    app.extensions["clock"] = lambda: moment
    a_consultation(db_session)
    assert sentence in client.get("/consultations/poles").text


def test_the_last_second_is_open_and_the_next_is_closed(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    a_consultation(db_session)
    app.extensions["clock"] = lambda: CLOSES
    assert "Dernier jour" in client.get("/consultations/poles").text
    app.extensions["clock"] = lambda: CLOSES + timedelta(seconds=1)
    closed = client.get("/consultations/poles").text
    assert "terminée" in closed
    assert "15 avril 2022" in closed


def test_everybody_reads_the_nine_modalities(db_session: Session, client: FlaskClient) -> None:
    a_consultation(db_session)
    page = client.get("/consultations/poles/modalites").text
    for said in (
        "Préparer la position des Régions.",
        "Régions de France",
        "Toutes les parties prenantes.",
        "20 janvier 2022 à 9\u00a0h\u00a000",
        "7 mars 2022 à 18\u00a0h\u00a000",
        "Une synthèse est publiée.",
        "Les réponses ne sont pas publiées.",
        "Note de présentation",
        "mailto:poles@example.org",
        "Les réponses servent à la synthèse.",
    ):
        assert said in page
    assert "La Réunion\u00a0: 7 mars 2022 à 21\u00a0h\u00a000" in page
    assert "remplace l’avis" not in page


def test_a_consultation_that_replaces_a_commission_says_so(
    db_session: Session, client: FlaskClient
) -> None:
    a_consultation(db_session, mode="commission")
    for page in ("", "/modalites"):
        shown = client.get(f"/consultations/poles{page}").text
        assert "remplace l’avis de la commission" in shown


def test_an_extension_is_read_by_everybody(db_session: Session, client: FlaskClient) -> None:
    consultation = a_consultation(db_session)
    db_session.add(
        Change(
            consultation_id=consultation.id,
            at=DURING,
            kind="extension",
            sentence="Prolongée de deux semaines.",
        )
    )
    db_session.commit()
    assert "Prolongée de deux semaines." in client.get("/consultations/poles").text
    assert "Prolongée de deux semaines." in client.get("/consultations/poles/modalites").text


@pytest.mark.parametrize("page", ["", "/modalites", "/documents/1"])
def test_only_the_team_reads_a_draft(db_session: Session, client: FlaskClient, page) -> None:
    consultation = a_consultation(db_session, state="draft", published_at=None)
    path = f"/consultations/poles{page}"
    assert client.get(path).status_code == 404
    cast.sign_in(client, cast.emile(db_session))
    assert client.get(path).status_code == 404
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    assert client.get(path).status_code in (200, 404 if "documents" in page else 200)


def test_an_unknown_consultation_is_a_404(client: FlaskClient) -> None:
    for page in ("", "/modalites", "/documents/1"):
        assert client.get(f"/consultations/inconnue{page}").status_code == 404


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_pages_cost_as_much_with_many_documents_and_consultations(
    db_session: Session, client: FlaskClient, signed_in
) -> None:
    consultation = a_consultation(db_session)
    consultation.documents += [a_document(n, f"Document {n}") for n in range(2, 22)]
    for number in range(20):
        a_consultation(db_session, slug=f"autre-{number}")
    if signed_in:
        cast.sign_in(client, cast.emile(db_session))
    client.get("/consultations/poles")
    for path in ("/", "/?q=poles", "/consultations/poles", "/consultations/poles/modalites"):
        with counted_statements() as statements:
            assert client.get(path).status_code == 200
        assert len(statements) <= 8, statements


# --- the list ------------------------------------------------------------------------------------


def test_the_home_page_lists_open_coming_and_closed(
    db_session: Session, client: FlaskClient
) -> None:
    a_consultation(db_session)
    soon = DURING + timedelta(days=3)
    a_consultation(db_session, slug="plus-tard", title={"fr": "Le plan vélo"}, opens_at=soon)
    a_consultation(
        db_session,
        slug="avant",
        title={"fr": "L’hydrogène"},
        opens_at=DURING - timedelta(days=30),
        closes_at=DURING - timedelta(days=3),
    )
    a_consultation(db_session, slug="secret", title={"fr": "Le brouillon"}, state="draft")
    page = client.get("/").text
    assert "Participer" in page
    assert "Le plan vélo" in page and "Ouvre le 13 février 2022" in page
    assert "L’hydrogène" in page and "Terminée" in page
    assert "Le brouillon" not in page


def test_without_an_open_consultation_the_next_one_is_announced(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    app.extensions["clock"] = lambda: BEFORE
    assert "Aucune consultation ouverte." in client.get("/").text
    a_consultation(db_session)
    assert "La prochaine commence le 20 janvier 2022" in client.get("/").text


def test_a_search_ignores_accents_and_keeps_the_words(
    db_session: Session, client: FlaskClient
) -> None:
    a_consultation(db_session)
    a_consultation(db_session, slug="velo", title={"fr": "Le plan vélo"})
    page = client.get("/?q=Competitivite+POLES").text
    assert "1\u00a0consultation<" in page
    assert 'value="Competitivite POLES"' in page
    assert "Le plan vélo" not in page


@pytest.mark.parametrize("address", ["/?q=<b>licorne</b>", "/?q=licorne&etat=closed"])
def test_a_search_without_result_offers_to_clear_the_filters(
    db_session: Session, client: FlaskClient, address
) -> None:
    a_consultation(db_session)
    page = client.get(address).text
    assert "Effacer les filtres" in page
    assert "licorne" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    "query", ["etat=inconnu", "q=" + "a" * 5000, "q=%F0%9F%8C%8A&q=b", "etat=open"]
)
def test_a_strange_search_is_answered(db_session: Session, client: FlaskClient, query) -> None:
    a_consultation(db_session)
    assert client.get(f"/?{query}").status_code == 200
