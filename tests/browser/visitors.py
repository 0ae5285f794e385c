"""Sign a person of the cast in, in front of the browser, without typing a password each time."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page

from consultation.accounts.models import User
from tests import cast


def sign_in(page: Page, app: Flask, user: User) -> None:
    """Give ``page``, and the pages it opens, the session that the sign-in page would give."""
    client = app.test_client()
    cast.sign_in(client, user)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    address = app.extensions["settings"].public_url
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
