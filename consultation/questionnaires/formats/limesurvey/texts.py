"""Texts of a survey that quote answers: ``{Q1}`` in the middle of a sentence."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_QUOTED = re.compile(r"\{(?![\s{])((?:[^{}\"']|\"[^\"]*\"|'[^'{}]*')+?)(?<!\s)\}")
_TAG = re.compile(r"</?(?:br|span|strong|em|div|font|sup|sub|p)\b[^<>]*>|</?[biu]>", re.IGNORECASE)


def quoting(text: str, replaced: Callable[[str], str | None]) -> str:
    """Return ``text`` with each ``{equation}`` replaced; those that ``None`` answers stay."""

    def one(match: re.Match[str]) -> str:
        found = replaced(html.unescape(_TAG.sub("", match[1])).replace("\u00a0", " ").strip())
        return match[0] if found is None else found

    return _QUOTED.sub(one, text) if "{" in text else text


def quoted_whole(text: str) -> str | None:
    """Return the equation when the whole text is one, else ``None``."""
    match = _QUOTED.fullmatch(text.strip())
    return html.unescape(_TAG.sub("", match[1])).strip() if match else None


def pieces(text: str) -> list[tuple[bool, str]]:
    """Cut a text into (is an equation, what it is)."""
    found: list[tuple[bool, str]] = []
    place = 0
    for match in _QUOTED.finditer(text):
        if match.start() > place:
            found.append((False, text[place : match.start()]))
        found.append((True, html.unescape(_TAG.sub("", match[1])).strip()))
        place = match.end()
    if place < len(text):
        found.append((False, text[place:]))
    return found
