"""What a form of the editor posts, cleaned. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SEEN, REVISION, TICKS, LANGUAGE, DECIDING = "_vu", "_revision", "_cases", "_langue", "_choix"
"""Fields of the page itself: no field of a question begins with an underscore."""

CHOICE = "choix."
"""Begins the name of the field that chooses between two versions of something."""

LONGEST_LINE, LONGEST_TEXT, LONGEST_LINES = 500, 5_000, 400_000
_OWN = (SEEN, REVISION, DECIDING, "csrf_token", "do")


def clean(text: str) -> str:
    """Strip ``text``, join letters and accents, end its lines with one character."""
    text = text.strip().replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form: lists of strings by name."""

    values: Mapping[str, Sequence[str]]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def raw(self, name: str, default: str = "") -> str:
        """Return the first value as it was typed."""
        return next(iter(self.values.get(name) or ()), default)

    def text(self, name: str) -> str:
        """Return the first value, cleaned."""
        return clean(self.raw(name))

    def line(self, name: str) -> str:
        """Return the first value, cleaned, on one line."""
        return " ".join(self.text(name).split())

    def all(self, name: str) -> list[str]:
        """Return every value that is not empty, cleaned."""
        return [clean(value) for value in self.values.get(name) or () if value.strip()]

    def ticked(self, name: str, before: bool) -> bool:
        """Return whether a box is ticked; as ``before`` when the page did not show it."""
        return name in self.values if name in self.raw(TICKS).split() else before

    @property
    def seen(self) -> str:
        """The fingerprint of what the page showed."""
        return self.raw(SEEN)[:64]

    @property
    def revision(self) -> int:
        """The revision of the draft that the page was made from; 0 when it does not say."""
        text = self.raw(REVISION)
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    @property
    def deciding(self) -> bool:
        """Whether this is the page on which one chooses between two versions."""
        return DECIDING in self.values

    def choice(self, name: str) -> str:
        """Return the version chosen for ``name``: ``mine``, ``theirs`` or nothing."""
        return self.raw(CHOICE + name)

    def again(self) -> list[tuple[str, str]]:
        """Return what was typed, to be posted again: the fields of the page itself left out."""
        return [
            (name, value)
            for name, values in self.values.items()
            if name not in _OWN and not name.startswith(CHOICE)
            for value in values
        ]
