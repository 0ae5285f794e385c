"""The address book of the demonstration looks like something, and writes to nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from consultation.accounts import queries as accounts
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.demo.inviting import FULL, GONE, QUIET, SILENT
from consultation.demo.load import DemoAccounts
from consultation.demo.profiles import DOMAIN
from consultation.invitations.models import Bounce, Campaign, Contact, ContactImport, Sending
from consultation.invitations.planning import post_due
from consultation.invitations.queries.book import by_standing, figures
from consultation.mail.models import OutboxMessage
from tests import cast
from tests.demo.conftest import NOW

ROOT = "/espace/poles-de-competitivite/invitations"
Loading = Callable[..., DemoAccounts]


def test_the_book_tells_a_plausible_story(small: Loading, db_session: Session) -> None:
    small()
    at = db_session.scalars(
        select(Consultation).where(Consultation.slug == "poles-de-competitivite")
    ).one()
    found = figures(by_standing(db_session, at.id))
    assert found.contacts == db_session.scalar(select(func.count(Contact.id)))
    assert found.invited == found.contacts > SILENT
    assert 0 < found.sent < found.started < found.contacts
    assert (found.bounced, found.unsubscribed) == (GONE, QUIET)
    campaigns = db_session.scalars(select(Campaign).order_by(Campaign.id))
    kinds = [(made.kind, made.state) for made in campaigns]
    assert kinds == [("invitation", "done"), ("not_started", "done"), ("draft", "draft")]
    states = Counter(db_session.scalars(select(Sending.state)))
    assert states["bounced"] == GONE and states["sent"] > found.contacts
    bounces = db_session.scalars(select(Bounce.permanent)).all()
    assert Counter(bounces) == {True: GONE, False: 2 * FULL}
    report = db_session.scalars(select(ContactImport.report)).one()
    assert (report["errors"], report["duplicates"]) == (4, 1)


def test_nothing_is_posted_to_the_people_of_the_demonstration(
    app: Flask, small: Loading, db_session: Session
) -> None:
    small()
    assert all(email.endswith(DOMAIN) for email in db_session.scalars(select(Contact.email)))
    assert post_due(sessionmaker(db.engine), app.extensions["settings"], lambda: NOW) == 0
    assert db_session.scalar(select(func.count(OutboxMessage.id))) == 0


@pytest.mark.one_database
def test_the_organiser_reads_every_page_of_it(
    app: Flask, small: Loading, db_session: Session, client: FlaskClient
) -> None:
    small()
    app.extensions["clock"] = lambda: NOW
    organiser = accounts.by_email(db_session, "organisateur@example.org")
    assert organiser is not None
    cast.sign_in(client, organiser)
    number = db_session.scalar(select(Contact.id).where(Contact.bounced_at.is_not(None)))
    given = db_session.scalar(select(ContactImport.id))
    made = db_session.scalars(select(Campaign.id)).all()
    paths = ["", "/courriels", f"/contacts/{number}", f"/importer/{given}", "/reglages"]
    for path in [*paths, *(f"/courriels/{each}" for each in made)]:
        assert client.get(ROOT + path).status_code == 200
    assert "User unknown" in client.get(f"{ROOT}/contacts/{number}").text
