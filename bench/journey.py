"""The journey of a respondent over HTTP: from the consultation to the receipt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from bench.wire import Fields, Unexpected

_HIDDEN = re.compile(rb'name="(csrf_token|_revision|_questions|_etat)" value="([^"]*)"')
_RECEIPT = re.compile(rb"(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}")
_LONGEST = 40
"""Pages of a section, at most: a journey that turns round is an error."""


class Browsing(Protocol):
    """What a journey needs of a browser: open a page, send a form and learn where it leads."""

    async def get(self, path: str) -> bytes: ...

    async def post(self, path: str, fields: Fields) -> str: ...


Script = Mapping[str, list[str]]
"""What a person answers to the whole questionnaire: the fields of every section."""


async def answer(browser: Browsing, slug: str, script: Script) -> None:
    """Begin, open and save every section, read everything again, send, open the receipt.

    A section whose answers open other questions comes back, as it does for a person.
    """
    root = f"/consultations/{slug}"
    page = await browser.get(root)
    tasks = await browser.post(f"{root}/contribution/commencer", _fields(page, {}))
    await browser.get(tasks)
    place, pages = f"{root}/contribution/1", 0
    while not place.endswith("/relire"):
        page, pages = await browser.get(place), pages + 1
        place = await browser.post(place, _fields(page, script))
        if pages > _LONGEST:
            raise Unexpected(f"the journey turns round at {place}")
    page = await browser.get(place)
    receipt = await browser.post(f"{root}/contribution/envoyer", _fields(page, {}))
    if not _RECEIPT.search(await browser.get(receipt)):
        raise Unexpected(f"{receipt} shows no receipt")


def _fields(page: bytes, script: Script) -> Fields:
    """Return the hidden fields of the form, and the answers to the questions of the page."""
    hidden = {name.decode(): value.decode() for name, value in _HIDDEN.findall(page)}
    shown = set(hidden.get("_questions", "").split())
    typed = {n: values for n, values in script.items() if n.partition(".")[0] in shown}
    return {**{name: [value] for name, value in hidden.items()}, **typed}
