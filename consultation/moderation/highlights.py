"""Point at what a moderator should read twice. An aid: nothing is decided from it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UPPER = "A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ"
_WORD = "[\\w’'-]+"

PATTERNS: dict[str, re.Pattern[str]] = {
    "adresse électronique": re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32}){1,4}"),
    "lien": re.compile(r"(?:https?://|www\.)\S{1,200}", re.IGNORECASE),
    "numéro de téléphone": re.compile(r"(?<!\d)(?:\+33[ .]?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)"),
    "nom de personne": re.compile(
        rf"\b(?:M\.|MM\.|Mme|Mmes|Mlle|Monsieur|Madame)\s+[{_UPPER}]{_WORD}(?:\s+[{_UPPER}]{_WORD})?"
    ),
    "vocabulaire dépréciatif": re.compile(
        r"\b(?:incapables?|incompétente?s?|idiote?s?|imbéciles?|crétine?s?|abrutie?s?|menteu(?:r|se)s?"
        r"|escrocs?|voleu(?:r|se)s?|pourrie?s?|corrompue?s?|connard?e?s?|salauds?|merde|magouill\w+"
        r"|honteu(?:x|se)s?|minable?s?|parasites?|racaille|usine à gaz)\b",
        re.IGNORECASE,
    ),
    "majuscules": re.compile(rf"\b[{_UPPER}]{{4,}}(?:[ ,!]+[{_UPPER}]{{3,}})+"),
}
"""What is looked for, and its name in French."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Some text; ``label`` says what was found in it, ``None`` when nothing was."""

    text: str
    label: str | None


def segments(text: str) -> list[Segment]:
    """Cut ``text`` where something is found; joined again the segments give ``text``."""
    found, position = [], 0
    for start, end, label in _matches(text):
        if start < position:
            continue
        found.append(Segment(text[position:start], None))
        found.append(Segment(text[start:end], label))
        position = end
    found.append(Segment(text[position:], None))
    return [segment for segment in found if segment.text]


def labels(text: str) -> list[str]:
    """Return the names of what is found in ``text``, each once, in the order of the text."""
    return list(dict.fromkeys(s.label for s in segments(text) if s.label))


def _matches(text: str) -> Iterator[tuple[int, int, str]]:
    spans = [
        (match.start(), match.end(), label)
        for label, pattern in PATTERNS.items()
        for match in pattern.finditer(text)
    ]
    return iter(sorted(spans, key=lambda span: (span[0], -span[1])))
