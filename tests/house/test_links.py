"""Every link of every page that a person can reach from the home page leads somewhere."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.accounts.models import User
from tests import cast

MOST_PAGES = 300
PEOPLE = [None, cast.emile, cast.nadia, cast.claire, cast.lea, cast.awa]


@pytest.mark.one_database
@pytest.mark.parametrize("person", PEOPLE, ids=lambda who: who.__name__ if who else "visitor")
def test_no_link_that_a_person_meets_leads_nowhere(
    client: FlaskClient, db_session: Session, person: Callable[[Session], User] | None
) -> None:
    if person:
        cast.sign_in(client, person(db_session))
    assert dead_links(client, "/") == []


def dead_links(client: FlaskClient, start: str) -> list[str]:
    """Follow the links of the site from ``start``; return « page -> address: status » sentences."""
    met, waiting, dead = {start}, [(start, "")], []
    while waiting and len(met) < MOST_PAGES:
        address, source = waiting.pop()
        answer = client.get(address)
        if answer.status_code >= 400:
            dead.append(f"{source} -> {address}: {answer.status}")
        for link in _links(address, answer):
            if link not in met:
                met.add(link)
                waiting.append((link, address))
    return dead


def _links(address: str, answer: TestResponse) -> set[str]:
    found = {answer.location} if answer.location else set()
    if answer.mimetype == "text/html" and answer.text and not answer.location:
        found |= set(lxml_html.document_fromstring(answer.text).xpath("//@href | //@src"))
    here = (urljoin(f"http://localhost{address}", each) for each in found)
    parts = (urlsplit(each) for each in here)
    return {
        part._replace(scheme="", netloc="", fragment="").geturl()
        for part in parts
        if part.scheme in ("http", "https") and part.hostname == "localhost"
    }
