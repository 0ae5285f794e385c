"""Find a consultation in the list by words and by state. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

LONGEST = 200


class Listed(Protocol):
    """What the search reads."""

    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def summary(self) -> Mapping[str, str]: ...
    @property
    def theme(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Search:
    """The words and the state asked for; both may be empty."""

    words: str
    state: str

    choices: ClassVar[dict[str, str]] = {
        "": "Toutes",
        "open": "Ouvertes",
        "coming": "À venir",
        "closed": "Terminées",
    }

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Search:
        """Read the parameters ``q`` and ``etat`` of an address; an unknown state is none."""
        state = asked.get("etat", "")
        words = " ".join(asked.get("q", "").split())[:LONGEST]
        return cls(words, state if state in cls.choices else "")

    @property
    def active(self) -> bool:
        """Whether something is asked for."""
        return bool(self.words or self.state)

    def finds(self, consultation: Listed, phase: str) -> bool:
        """Whether the consultation, in ``phase``, has every word and the state asked for."""
        if self.state and phase != self.state:
            return False
        text = _plain(
            " ".join(
                [*consultation.title.values(), *consultation.summary.values(), consultation.theme]
            )
        )
        return all(word in text for word in _plain(self.words).split())


def _plain(text: str) -> str:
    """Drop accents and case: « Régions » is found by « region »."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
