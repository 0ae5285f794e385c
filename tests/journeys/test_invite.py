"""Claire invites the clusters; Nadia follows her link and answers; the others are reminded."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.invitations.models import Contact
from consultation.settings import Settings
from consultation.territories.reading import rows
from tests import cast
from tests.consultations.making import DURING, a_consultation
from tests.invitations.making import deliver, path_in, post, to_server
from tests.journeys.visitors import Clock, name_on, press
from tests.mail.servers import Postmaster, smtp_server
from tests.responses.making import answer, form_of

ROOT = "/espace/poles/invitations"
NADIA = "nadia@aerospace-valley.example.org"
MINUTE = timedelta(minutes=1)


def file_of_clusters() -> bytes:
    """The clusters as a French spreadsheet saves them, with three lines to correct."""
    clusters = rows("poles.csv")[:54]
    lines = ["E-mail;Nom;Organisme;Type d’acteur;Région"]
    for number, cluster in enumerate(clusters):
        region = cluster["region_siege_code_insee"] or "11"
        who = ("nadia", "Nadia Benali") if number == 0 else ("contact", "")
        address = f"{who[0]}@{cluster['slug']}.example.org"
        lines.append(f"{address};{who[1]};{cluster['nom']};pole;{region}")
    lines.insert(3, "sans-arobase.example.org;;Pôle mal saisi;pole;")
    lines.insert(11, f"{NADIA};;Doublon;pole;")
    lines.append("contact@pole.example.org;;Pôle d’ailleurs;pole;Lotharingie")
    return "\r\n".join(lines).encode("cp1252")


@pytest.fixture
def postmaster() -> Postmaster:
    return Postmaster()


@pytest.fixture
def settings(app: Flask, postmaster: Postmaster) -> Iterator[Settings]:
    with smtp_server(postmaster) as port:
        yield to_server(app, port)


@pytest.fixture
def consultation(db_session: Session, territories: None) -> Consultation:
    return a_consultation(db_session)


def test_claire_invites_the_clusters_and_reminds_those_who_have_not_answered(
    app: Flask,
    client: FlaskClient,
    db_session: Session,
    consultation: Consultation,
    settings: Settings,
    postmaster: Postmaster,
) -> None:
    clock = Clock(app, DURING)
    cast.sign_in(client, cast.claire(db_session, consultation.id))

    # She imports her file: three lines are to correct, the others are kept.
    given = press(
        client,
        f"{ROOT}/importer",
        f"{ROOT}/importer",
        file=(io.BytesIO(file_of_clusters()), "Pôles 2022.csv"),  # type: ignore[arg-type]
    ).location
    preview = client.get(given).text
    assert "Ajouter 54\u00a0contacts" in preview
    for words in (">4</th>", ">12</th>", ">58</th>", "sans-arobase", "Lotharingie"):
        assert words in preview, words
    press(client, given, f"{given}/confirmer")
    assert "3\u00a0lignes écartées" in client.get(given).text
    assert "54\u00a0contacts" in client.get(ROOT).text

    # She writes, looks at what will be received, and sends.
    page = f"{ROOT}/courriels/nouveau"
    proposed = form_of(client.get(page), "body").fields
    campaign = client.post(page, data=proposed).location
    shown = client.get(campaign).text
    assert "Envoyer 54\u00a0invitations" in shown
    assert "Nous invitons" in shown
    press(client, campaign, f"{campaign}/programmer")
    assert (post(app, clock()), deliver(settings, clock())) == (54, 54)
    assert set(Counter(postmaster.recipients).values()) == {1}

    # Nadia opens the link, finds her profile filled, and answers.
    [letter] = [each for each in postmaster.received if each["To"] == NADIA]
    clock.forward(hours=3)
    visitor = app.test_client()
    link = path_in(letter.get_content())
    assert press(visitor, link, link).location == "/consultations/poles"
    assert name_on(visitor) == "Nadia Benali"
    assert 'value="Aerospace Valley"' in visitor.get("/moi/profil").text
    start = "/consultations/poles/contribution/commencer"
    assert press(visitor, "/consultations/poles", start).status_code == 303
    assert answer(visitor, 1, {"accord": "oui"}).status_code == 303
    check = visitor.get("/consultations/poles/contribution/relire")
    form = form_of(check, "_etat")
    assert visitor.post(form.action, data=form.fields).location.endswith("/recu")
    assert deliver(settings, clock()) == 1  # her receipt

    # Another cluster has no more mailbox, another asks for silence.
    silent = "contact@agri-soi.example.org"
    [letter] = [each for each in postmaster.received if each["To"] == silent]
    leave = path_in(letter.get_content(), "desabonnement")
    one_click = visitor.post(leave, data={"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    gone = db_session.scalars(select(Contact).order_by(Contact.id.desc())).first()
    assert gone is not None
    gone.bounced_at = clock()

    # A week before the closing, the reminder goes to the others only.
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    page = f"{ROOT}/courriels/nouveau?pour=not_started"
    proposed = form_of(client.get(page), "body").fields
    wanted = {**proposed, "when": "before", "days_before": "7", "hour": "9"}
    reminder = client.post(page, data=wanted).location
    assert "51\u00a0relances à envoyer" in client.get(reminder).text
    press(client, reminder, f"{reminder}/programmer")
    postmaster.recipients.clear()
    assert post(app, clock()) == 0
    clock.now = consultation.closes_at - timedelta(days=6)
    assert (post(app, clock()), deliver(settings, clock())) == (51, 51)
    assert len(set(postmaster.recipients)) == 51
    assert not {NADIA, silent, gone.email} & set(postmaster.recipients)

    # Her dashboard says how far everybody went.
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    dashboard = client.get("/espace/poles").text
    assert "De l’invitation à l’envoi" in dashboard
    assert "1\u00a0adresse refusée" in dashboard
    assert post(app, clock() + MINUTE) == 0
