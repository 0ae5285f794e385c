"""The vector of a submission, as ``layout.vector`` packs it, remembering what it packed before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consultation.questionnaires import layout
from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.path import Path

KEPT = 5_000
"""Answers remembered for a question: beyond, its memory starts again."""


class Packing:
    """Packs many submissions of one version: most answers to a closed question come again."""

    def __init__(self, version: CompiledVersion) -> None:
        self._items = [(item, _Memory(item)) for item in version.items.values() if item.width]

    def vector(self, path: Path, answers: Mapping[str, Any]) -> bytes:
        """Return the vector of ``answers``, which ``path`` shows."""
        return b"".join(
            memory.packed(item.key in path.shown, answers) for item, memory in self._items
        )


class _Memory:
    """The bytes of every answer met to one question."""

    def __init__(self, item: Item) -> None:
        self._item = item
        self._unseen = bytes(item.width)
        self._unanswered = bytes([layout.NOT_ANSWERED]) + bytes(item.width - 1)
        self._known: dict[Any, bytes] = {}

    def packed(self, seen: bool, answers: Mapping[str, Any]) -> bytes:
        if not seen:
            return self._unseen
        answer = answers.get(self._item.key)
        if answer is None:
            return self._unanswered
        if self._item.width == 1:
            return _ANSWERED_TEXT
        mark = _mark(answer)
        if mark not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            packed = self._item.kind.pack(self._item.resolved, answers)
            self._known[mark] = bytes([layout.ANSWERED]) + packed
        return self._known[mark]


_ANSWERED_TEXT = bytes([layout.ANSWERED])


def _mark(answer: Any) -> Any:
    """Return something that can be looked up and stands for ``answer``."""
    if isinstance(answer, list):
        return tuple(answer)
    return tuple(answer.items()) if isinstance(answer, dict) else answer
