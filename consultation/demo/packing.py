"""The vector of a submission, as ``layout.vector`` packs it, remembering what it packed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consultation.questionnaires import layout
from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.path import Path

KEPT = 5_000
"""Answers remembered for a question: beyond, its memory starts again."""

_ANSWERED = bytes([layout.ANSWERED])


@dataclass(frozen=True, slots=True)
class _Memory:
    """The bytes of a question not seen, not answered, and of every answer met."""

    item: Item
    unseen: bytes
    unanswered: bytes
    known: dict[Any, bytes] = field(default_factory=dict)

    def learn(self, mark: Any, answers: Mapping[str, Any]) -> bytes:
        if len(self.known) >= KEPT:
            self.known.clear()
        packed = _ANSWERED + self.item.kind.pack(self.item.resolved, answers)
        self.known[mark] = packed
        return packed


class Packing:
    """Packs many submissions of one version: most answers to a closed question come again."""

    def __init__(self, version: CompiledVersion) -> None:
        self._memories = [
            (item.key, item.width == 1, _memory(item))
            for item in version.items.values()
            if item.width
        ]

    def vector(self, path: Path, answers: Mapping[str, Any]) -> bytes:
        """Return the vector of ``answers``, which ``path`` shows."""
        parts = []
        for key, is_presence_only, memory in self._memories:
            if key not in path.shown:
                parts.append(memory.unseen)
            elif key not in answers:
                parts.append(memory.unanswered)
            elif is_presence_only:
                parts.append(_ANSWERED)
            else:
                mark = _mark(answers[key])
                parts.append(memory.known.get(mark) or memory.learn(mark, answers))
        return b"".join(parts)


def _memory(item: Item) -> _Memory:
    unanswered = bytes([layout.NOT_ANSWERED]) + bytes(item.width - 1)
    return _Memory(item, bytes(item.width), unanswered)


def _mark(answer: Any) -> Any:
    """Return something that can be looked up and stands for ``answer``."""
    if isinstance(answer, list):
        return tuple(answer)
    return tuple(answer.items()) if isinstance(answer, dict) else answer
