"""What was sent, read again as it was: with its version, on its day. Pure.

``Reading`` serves a submission as well as a draft; ``changes`` compares any two of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from consultation.questionnaires.compiled import CompiledSection, CompiledVersion, Item
from consultation.questionnaires.path import Path, walk
from consultation.responses.checking import Line, label, said

Outcome = Literal["counted", "replaced", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission of a response, without its answers. ``withdrawn_at`` only when it was.

    ``signatory`` is who signed it for an organisation, ``withdrawn_by`` who took it back; nobody
    is named for one's own.
    """

    id: int
    number: int
    version_id: int
    receipt: str
    submitted_at: datetime
    withdrawn_at: datetime | None
    outcome: Outcome
    signatory: str = ""
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section that was asked, and a line for each of its questions."""

    section: CompiledSection
    lines: Sequence[Line]

    @property
    def number(self) -> int:
        return self.section.number

    @property
    def title(self) -> Mapping[str, str]:
        return self.section.section.title


@dataclass(frozen=True)
class Reading:
    """``answers`` to ``version``, as a person of the day ``today`` reads them in ``language``."""

    version: CompiledVersion
    answers: Mapping[str, Any]
    today: date
    language: str = "fr"

    @cached_property
    def path(self) -> Path:
        return walk(self.version, dict(self.answers), self.today)

    @cached_property
    def sections(self) -> Sequence[ReadSection]:
        """The sections with the questions that were asked, answered or not."""
        found = [ReadSection(s, self._lines(s)) for s in self.version.sections]
        return [section for section in found if section.lines]

    def _lines(self, section: CompiledSection) -> list[Line]:
        asked = [i for i in section.items if i.number and i.key in self.path.shown]
        return [self.line(item) for item in asked]

    def line(self, item: Item) -> Line:
        """Return the question ``item`` with its answer in words."""
        words = said(item, self.path.answers, self.path, self.today, self.language)
        named = label(self.version, item, self.path, self.today, self.language)
        return Line(item, *named, "sent" if words else "empty", words)

    def given(self, key: str) -> tuple[Any, Any]:
        """Return the answer to a question and the text beside « other », as they are stored."""
        if key not in self.path.shown:
            return None, None
        return self.path.answers.get(key), self.path.answers.get(f"{key}.other")


Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer is not the same. A side is ``None`` when it was not asked."""

    kind: Kind
    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """The question, in its latest words."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change has at least one side")
        return found


def changes(before: Reading, after: Reading) -> list[Change]:
    """Return every question answered differently, in the order of ``after``, the removed last.

    Answers are compared as they are stored: new words for the same option are no change.
    """
    return [*_in_order(before, after), *_gone(before, after)]


def _in_order(before: Reading, after: Reading) -> Iterator[Change]:
    for key, item in after.version.items.items():
        then, now = before.given(key), after.given(key)
        if not item.number or key not in after.path.shown or then == now:
            continue
        old = before.version.items.get(key)
        former = before.line(old) if old and key in before.path.shown else None
        kind: Kind = "changed"
        if then == (None, None):
            kind = "added"
        elif now == (None, None):
            kind = "removed"
        yield Change(kind, former, after.line(item))


def _gone(before: Reading, after: Reading) -> Iterator[Change]:
    for key, item in before.version.items.items():
        if item.number and key not in after.path.shown and before.given(key) != (None, None):
            yield Change("removed", before.line(item), None)
