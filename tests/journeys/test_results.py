"""Claire reads the results; nobody else does, and nothing leaves by comparing pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as lxml_html
from lxml.html import HtmlElement
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.questionnaires.queries import forget_compiled
from consultation.results.snapshots import forget_figures
from tests import cast
from tests.results.sample import answered, consulted, people

PAGE = "/espace/poles/resultats"
OPEN, CLOSED = datetime(2022, 2, 10, 10, tzinfo=UTC), datetime(2022, 3, 9, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    yield
    forget_figures()
    forget_compiled()


@pytest.fixture
def consultation(app: Flask, db_session: Session) -> Consultation:
    app.extensions["clock"] = lambda: CLOSED
    found = consulted(db_session)
    answered(db_session, found, people(160, 11))
    return found


@pytest.fixture
def claire(client: FlaskClient, db_session: Session, consultation: Consultation) -> FlaskClient:
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    return client


def read(client: FlaskClient, query: str = "") -> HtmlElement:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return lxml_html.document_fromstring(answer.get_data(as_text=True))


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_claire_sees_each_question_with_its_number_of_people(claire: FlaskClient) -> None:
    page = read(claire, "?partie=2")
    cards = page.xpath("//section[starts-with(@id, 'q') or @aria-labelledby]")
    titles = [words(title) for title in page.xpath("//section/div/h2")]
    assert len(titles) == 10
    assert all("n = " in words(card).replace("\u00a0", " ") for card in cards)


def test_each_chart_has_its_figures_in_a_table(claire: FlaskClient) -> None:
    page = read(claire, "?partie=2")
    for card in page.xpath("//section[.//*[local-name()='svg']]"):
        tables = card.xpath(".//details//table[caption][thead//th[@scope='col']]")
        assert len(tables) == 1, words(card)[:60]


def test_no_text_that_somebody_wrote_is_shown(claire: FlaskClient) -> None:
    for section in (1, 2):
        page = words(read(claire, f"?partie={section}"))
        assert "Une idée à soi" not in page
        assert "Dupont" not in page


def test_a_view_has_an_address_that_says_it_all(claire: FlaskClient) -> None:
    page = read(claire, "?partie=2&filtre_acteur=pme&croiser=region")
    chosen = page.xpath("//aside//option[@selected]/@value")
    assert chosen == ["2", "pme", "region"]
    assert "Croisement masqué" in words(page)
    assert "Option pme" in words(page.xpath("//span[contains(@class, 'tag--info')]")[0])


def test_a_crossing_says_the_share_of_each_group(claire: FlaskClient) -> None:
    table = read(claire, "?partie=2&croiser=region").xpath("//table[contains(@class, 'heat')]")[0]
    assert "Croisement avec" in words(table.xpath("./caption")[0])
    assert [words(cell) for cell in table.xpath("./thead//th")][1:3] == ["Ensemble", "Option 11"]


def test_crossing_by_what_is_filtered_keeps_the_filter(claire: FlaskClient) -> None:
    page = read(claire, "?partie=2&filtre_acteur=pme&croiser=acteur")
    assert not page.xpath("//table[contains(@class, 'heat')]")


def test_too_few_people_are_told_of_not_shown(claire: FlaskClient) -> None:
    page = read(claire, "?partie=2&filtre_acteur=petr&filtre_region=53")
    assert "Moins de 11 répondants, résultat masqué" in words(page).replace("\u00a0", " ")
    assert not page.xpath("//section[@aria-labelledby]//h2")


def test_masked_figures_say_so_to_everybody(claire: FlaskClient) -> None:
    page = read(claire, "?partie=2&croiser=acteur")
    masked = page.xpath("//td[contains(@class, 'sup')]")
    assert masked
    assert all(words(cell).startswith("masqué, ") for cell in masked)


@pytest.mark.parametrize(("moment", "provisional"), [(OPEN, True), (CLOSED, False)])
def test_results_of_an_open_consultation_are_provisional(
    app: Flask,
    client: FlaskClient,
    db_session: Session,
    consultation: Consultation,
    moment: datetime,
    provisional: bool,
) -> None:
    app.extensions["clock"] = lambda: moment
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    page = words(read(client))
    assert ("Résultats provisoires, consultation ouverte" in page) is provisional
    assert ("Ne les publiez pas avant la clôture" in page) is provisional


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?partie=9", "Choisissez une partie"),
        ("?partie=deux", "Choisissez une partie"),
        ("?filtre_acteur=martien", "Choisissez un groupe"),
        ("?filtre_acteur=%00", "illisible"),
        ("?croiser=nom", "Choisissez un croisement"),
        ("?croiser=%ED%A0%80", "illisible"),
    ],
)
def test_what_is_not_offered_is_refused_in_words(
    claire: FlaskClient, query: str, sentence: str
) -> None:
    answer = claire.get(f"{PAGE}{query}")
    assert answer.status_code == 400
    assert sentence in answer.text


def test_nobody_has_answered_yet(client: FlaskClient, db_session: Session) -> None:
    found = consulted(db_session)
    cast.sign_in(client, cast.claire(db_session, found.id))
    assert "Aucune contribution pour le moment" in words(read(client))


def test_a_consultation_of_two_shows_nothing(client: FlaskClient, db_session: Session) -> None:
    found = consulted(db_session)
    answered(db_session, found, people(2))
    cast.sign_in(client, cast.claire(db_session, found.id))
    assert "résultat masqué" in words(read(client))


def test_emile_lea_and_claire_of_another_consultation_see_nothing(
    client: FlaskClient, db_session: Session, consultation: Consultation
) -> None:
    people_refused = (
        cast.emile(db_session),
        cast.lea(db_session, consultation.id),
        cast.claire(db_session, consultation.id + 1),
    )
    for person in people_refused:
        cast.sign_in(client, person)
        assert client.get(PAGE).status_code == 403
    cast.sign_out(client)
    assert client.get(PAGE).status_code == 302


def test_an_unknown_consultation_is_not_there(claire: FlaskClient) -> None:
    assert claire.get("/espace/ailleurs/resultats").status_code == 404


def test_a_second_look_costs_few_statements(claire: FlaskClient) -> None:
    from tests.house.statements import counted_statements

    read(claire, "?partie=2&croiser=acteur")
    with counted_statements() as first:
        read(claire, "?partie=2&croiser=region")
    assert len(first) <= 8
