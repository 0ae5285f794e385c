"""One example of each kind: a question as people write it, and answers that it accepts."""

from __future__ import annotations

from typing import Any

_TWO = [{"value": "a", "label": {"fr": "Avant", "en": "Before"}}]
_TWO += [{"value": "b", "label": {"fr": "Après"}}]
_OTHER = {"value": "x", "label": {"fr": "Autre"}, "other": True}
_ROWS = [
    {"value": "r1", "label": {"fr": "Première ligne"}},
    {"value": "r2", "label": {"fr": "Seconde ligne"}},
]
_FILE = {
    "id": "0" * 32,
    "name": "avis.pdf",
    "size": 1200,
    "media_type": "application/pdf",
    "sha256": "a" * 64,
}


def _asked(kind: str, **more: Any) -> dict[str, Any]:
    label = {"fr": "Quelle est votre réponse ?", "en": "What is your answer?"}
    return {"kind": kind, "key": "q", "label": label, **more}


EXAMPLES: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "single": (
        _asked("single", options=[*_TWO, _OTHER]),
        [{"q": "a"}, {"q": "x", "q.other": "L’été\u00a0: jamais"}],
    ),
    "multiple": (
        _asked("multiple", options=[*_TWO, _OTHER], max_choices=2),
        [{"q": ["b"]}, {"q": ["a", "x"], "q.other": "<b>ni l'un</b>"}],
    ),
    "scale": (_asked("scale", points=_TWO), [{"q": "b"}]),
    "matrix": (_asked("matrix", points=_TWO, rows=_ROWS), [{"q": {"r1": "a", "r2": "b"}}]),
    "ranking": (_asked("ranking", options=_TWO), [{"q": ["b", "a"]}, {"q": ["b"]}]),
    "number": (
        _asked("number", unit={"fr": "ETP"}),
        [{"q": 0}, {"q": -12}, {"q": 1250.5}, {"q": 123456789}],
    ),
    "allocation": (
        _asked("allocation", rows=_ROWS, unit={"fr": "%"}),
        [{"q": {"r1": 99.5, "r2": 0.5}}],
    ),
    "short_text": (_asked("short_text"), [{"q": "L’« été » & <l'hiver>"}]),
    "long_text": (_asked("long_text"), [{"q": "Un.\n\n\tDeux & <trois>"}]),
    "date": (_asked("date", precision="month"), [{"q": "2014-09"}]),
    "file": (_asked("file", extensions=["pdf"], max_files=2), [{"q": [_FILE]}]),
    "reference": (
        _asked("reference", from_list="places", several=True),
        [{"q": ["d1"]}, {"q": ["d1", "d2"]}],
    ),
    "consent": (_asked("consent", statement={"fr": "J’accepte."}), [{"q": True}]),
    "statement": (_asked("statement"), [{}]),
}
"""Kind to (the question, some answers as they are stored)."""

LISTS = {
    "places": [
        {"value": "d1", "label": {"fr": "Ille-et-Vilaine"}},
        {"value": "d2", "label": {"fr": "Côte-d’Or"}},
    ]
}
"""The named lists that the examples use."""


def questionnaire(question: dict[str, Any]) -> dict[str, Any]:
    """Return a questionnaire made of one question."""
    return {
        "code": "exemple",
        "languages": ["fr", "en"],
        "title": {"fr": "Exemple"},
        "lists": LISTS,
        "sections": [{"key": "s", "title": {"fr": "Partie"}, "questions": [question]}],
    }
