"""Characters that a page, a spreadsheet or an archive in XML can hold. Pure."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)
"""Control characters and noncharacters: an error in HTML, forbidden in XML.

Source: WHATWG HTML, 13.2.3.5 « Preprocessing the input stream »; XML 1.0, 2.2 « Characters ».
"""
_BREAKS = "\x0b\x0c\x85"
"""Those that word processors put between two lines: a space keeps the words apart."""


def legible(text: str) -> str:
    """Return ``text`` without what nobody can see in a page; nearly always ``text`` itself."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(lambda found: " " if found[0] in _BREAKS else "", text)
