"""The page that shows everything before sending: what goes, what does not, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.kinds.question import Answer, is_typed, say
from consultation.questionnaires.path import Path, offered
from consultation.questionnaires.quoting import fill, quotes
from consultation.responses.draft import Draft
from consultation.responses.progress import Part, Progress, why_hidden
from consultation.web.typography import spaced

Fate = Literal["sent", "empty", "missing", "wrong", "hidden"]
TYPED_KINDS = ("short_text", "long_text", "file")


@dataclass(frozen=True, slots=True)
class Line:
    """One question: what will be sent of it. ``why`` says why nothing is, or what to correct."""

    item: Item
    label: str
    lang: str
    fate: Fate
    lines: Sequence[str]
    why: str = ""

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def typed(self) -> bool:
        """Whether the lines hold words of the respondent."""
        typed_in = self.item.name in TYPED_KINDS or self.fate == "wrong"
        return typed_in or any(option.other for option in self.item.resolved.options)

    @property
    def listed(self) -> bool:
        """Whether the lines are separate answers, not the paragraphs of one text."""
        return self.item.name != "long_text" and len(self.lines) > 1


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """A section and its lines."""

    part: Part
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Check:
    """The whole page."""

    parts: Sequence[CheckedPart]
    progress: Progress
    path: Path

    @property
    def empty(self) -> list[Line]:
        return self._of("empty")

    @property
    def hidden(self) -> list[Line]:
        return self._of("hidden")

    @property
    def to_complete(self) -> list[Line]:
        """What must be answered or corrected before sending."""
        return self._of("wrong", "missing")

    def _of(self, *fates: Fate) -> list[Line]:
        return [line for part in self.parts for line in part.lines if line.fate in fates]


def check(
    version: CompiledVersion,
    draft: Draft,
    path: Path,
    progress: Progress,
    today: date,
    language: str,
) -> Check:
    """Say what becomes of every answer of ``draft``."""
    wrong = {problem.key: problem.sentence for problem in progress.wrong}
    missing = {problem.key: problem.sentence for problem in progress.missing}
    parts = []
    for part in progress.parts:
        found = (
            _line(version, item, draft, path, wrong, missing, today, language)
            for item in part.section.items
            if item.number
        )
        parts.append(CheckedPart(part, [line for line in found if line is not None]))
    return Check(parts, progress, path)


def _line(
    version: CompiledVersion,
    item: Item,
    draft: Draft,
    path: Path,
    wrong: Mapping[str, str],
    missing: Mapping[str, str],
    today: date,
    language: str,
) -> Line | None:
    if item.key not in path.shown:
        if item.key not in draft.answers:
            return None
        lines = said(item, draft.answers, path, today, language)
        named = label(version, item, path, today, language)
        return Line(item, *named, "hidden", lines, why_hidden(version, item))
    lines = said(item, path.answers, path, today, language)
    fate: Fate = "sent" if lines else "empty"
    if item.key in wrong:
        fate = "wrong"
    elif item.key in missing:
        fate = "missing"
    why = wrong.get(item.key) or missing.get(item.key) or ""
    return Line(item, *label(version, item, path, today, language), fate, lines, why)


def label(
    version: CompiledVersion, item: Item, path: Path, today: date, language: str
) -> tuple[str, str]:
    """Return the label of a question, and the language it is in."""
    texts = item.question.label
    words, spoken = say(texts, language), language if texts.get(language) else "fr"
    if "${" in words:
        return spaced(fill(words, quotes(version, item, path, today, language))), spoken
    return _spaced(words), spoken


_spaced = lru_cache(4096)(spaced)
"""For the words of questionnaires, which come back on every page; never those of people."""


def said(
    item: Item, answers: Mapping[str, Answer], path: Path, today: date, language: str
) -> list[str]:
    """Return an answer in words, one line or several; nothing when there is none."""
    answer = answers.get(item.key)
    if answer is None:
        return []
    if is_typed(answer):
        return _as_typed(answer["typed"])
    lines = item.kind.display(offered(item, path.answers, today), answers, language)
    if item.name in TYPED_KINDS or f"{item.key}.other" in answers:
        return lines
    return [_spaced(line) for line in lines]


def _as_typed(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [" ".join(str(part) for part in value.values())]
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def title(version: CompiledVersion, item: Item, path: Path, today: date) -> str:
    """Return the number and the label of a question, in French."""
    return f"{item.number}. {label(version, item, path, today, 'fr')[0]}"
