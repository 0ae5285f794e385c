"""A redirection never leaves the site."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consultation.web.asking import is_local, local_path

AWAY = [
    "https://ailleurs.example/",
    "//ailleurs.example",
    "///ailleurs.example",
    "/\\ailleurs.example",
    "\\\\ailleurs.example",
    "/\t/ailleurs.example",
    "/\n/ailleurs.example",
    "\t//ailleurs.example",
    " //ailleurs.example",
    "javascript:alert(1)",
    "ailleurs.example",
    "?suite=/",
    "",
    None,
    "/" + "a" * 3000,
    "/\ud800",
    "/\x00",
]


@pytest.mark.parametrize("address", AWAY)
def test_an_address_that_leads_away_is_replaced_by_the_home_page(address) -> None:
    assert local_path(address) == "/"
    assert local_path(address, "/moi") == "/moi"


@pytest.mark.parametrize("address", ["/", "/moi/profil", "/aide?page=2#code", "/à-propos", "/a//b"])
def test_an_address_of_the_site_is_kept(address) -> None:
    assert local_path(address) == address


@given(st.text(alphabet="/\\:@.\t\r\n a?#é\ud800h", max_size=12))
@example("/%09/ailleurs.example")
def test_what_a_browser_makes_of_a_local_address_stays_on_the_site(address) -> None:
    if is_local(address):
        read = "".join(c for c in address.strip() if c not in "\t\r\n").replace("\\", "/")
        assert urlsplit(urljoin("https://ici.example/page", read)).netloc == "ici.example"


@pytest.mark.one_database
@pytest.mark.parametrize("address", [a for a in AWAY if a and "\ud800" not in a])
def test_the_language_button_never_sends_away(client, token, address) -> None:
    form = {"csrf_token": token(), "langue": "en", "retour": address}
    answer = client.post("/preferences/langue", data=form)
    if answer.status_code == 303:
        assert answer.headers["Location"] == "/"
    else:
        assert answer.status_code == 400
