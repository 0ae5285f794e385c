"""Texts that quote answers: ``${key}`` gives way to an answer, or to a computed value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from consultation.lib.recent import Recent
from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.expressions.evaluate import evaluate
from consultation.questionnaires.kinds import number
from consultation.questionnaires.kinds.question import Text, is_typed, say
from consultation.questionnaires.path import Path, offered

NOTHING = "…"
"""Stands for what has no answer yet."""

_QUOTE = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
_quoted: Recent[tuple[str, str], frozenset[str]] = Recent(5000)


def quoted_by(version: CompiledVersion, item: Item) -> frozenset[str]:
    """Return the keys that the texts of a question quote; nothing for almost all of them."""
    place = version.digest, item.key
    found = _quoted.get(place)
    return found if found is not None else _quoted.keep(place, frozenset(_keys(_texts(item))))


def _texts(item: Item) -> Iterator[Text]:
    yield item.question.label
    yield item.question.hint
    yield getattr(item.question, "statement", {})
    for option in item.resolved.options:
        yield option.label
        yield option.hint
    for row in item.resolved.rows:
        yield row.label


def _keys(texts: Iterable[Text]) -> Iterator[str]:
    for text in texts:
        for words in text.values():
            yield from _QUOTE.findall(words)


def quotes(
    version: CompiledVersion, item: Item, path: Path, today: date, language: str
) -> dict[str, str]:
    """Return what each key quoted by ``item`` is replaced with."""
    keys = quoted_by(version, item)
    return {key: _said(version, key, path, today, language) for key in sorted(keys)}


def filled(version: CompiledVersion, text: Text, path: Path, today: date, language: str) -> str:
    """Return a text of the questionnaire in ``language``, with what it quotes."""
    words = say(text, language)
    if "${" not in words:
        return words
    keys = sorted(set(_keys((text,))))
    return fill(words, {key: _said(version, key, path, today, language) for key in keys})


def _said(version: CompiledVersion, key: str, path: Path, today: date, language: str) -> str:
    if key in version.computed:
        return _worded(evaluate(version.computed[key], path.answers, today), language)
    quoted, answer = version.items.get(key), path.answers.get(key)
    if quoted is None or answer is None or is_typed(answer):
        return NOTHING
    lines = quoted.kind.display(offered(quoted, path.answers, today), path.answers, language)
    return ", ".join(lines) or NOTHING


def _worded(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return {True: "oui", False: "non"}[value] if language == "fr" else str(value).lower()
    if isinstance(value, int | float):
        return number.write(value, language)
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or NOTHING
    return str(value) if value not in (None, "") else NOTHING


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with what it quotes; a key without a value is left as it is written."""
    if not values or "${" not in text:
        return text
    return _QUOTE.sub(lambda found: values.get(found[1], found[0]), text)
