"""What is tabulated: the questions of all the versions of a questionnaire, as one list. Pure.

Versions add up by the key of a question and the value of an option. The version in force names
them; options that only older versions offered come after its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.kinds.question import say
from consultation.results.figures import Chart

MOST_PLACES = 20_000
"""Breakdowns are kept, in their order, while their places together do not pass this number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option, a point, a statement or a row."""

    value: str
    label: str
    no_opinion: bool = False


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A question that results are filtered and crossed by.

    On its axis: its choices, then those who gave none, then everybody.
    """

    key: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def size(self) -> int:
        return len(self.choices) + 2

    def place(self, value: str | None) -> int:
        """Return the place of a value; that of everybody for ``None``; raise ``LookupError``."""
        if value is None:
            return self.size - 1
        for place, choice in enumerate(self.choices):
            if choice.value == value:
                return place
        raise LookupError(value)


@dataclass(frozen=True, slots=True)
class Question:
    """A question to tabulate. ``choices`` are its options or points, ``lines`` its rows."""

    key: str
    number: int
    section: int
    kind: str
    chart: Chart
    label: str
    choices: tuple[Choice, ...] = ()
    lines: tuple[Choice, ...] = ()
    ranks: int = 0
    least: int = 0
    unit: str = ""
    whole: bool = False
    sensitive: bool = False
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is tabulated of a consultation."""

    breakdowns: tuple[Breakdown, ...]
    questions: Mapping[str, Question]
    sections: tuple[Choice, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a table of everybody: an axis per breakdown."""
        return tuple(breakdown.size for breakdown in self.breakdowns)

    def is_breakdown(self, key: str) -> bool:
        """Say whether a question is one of the breakdowns."""
        return any(breakdown.key == key for breakdown in self.breakdowns)

    def breakdown(self, key: str) -> int:
        """Return the axis of a breakdown; raise ``LookupError`` when it is not one."""
        for axis, breakdown in enumerate(self.breakdowns):
            if breakdown.key == key:
                return axis
        raise LookupError(key)

    def of_section(self, number: int) -> list[Question]:
        """Return the questions of a section, in their order."""
        return [q for q in self.questions.values() if q.section == number]


def plan(versions: Sequence[CompiledVersion]) -> Plan:
    """Return what to tabulate of ``versions``, the one in force first. In French."""
    current = versions[0]
    questions = {}
    for key, item in current.items.items():
        if item.name != "statement" and item.question.publication != "never":
            same = [v.items[key] for v in versions if is_same(v.items.get(key), item)]
            questions[key] = _question(item, same)
    sections = tuple(Choice(str(part.number), say(part.section.title)) for part in current.sections)
    return Plan(_breakdowns(current, questions), questions, sections)


def is_same(item: Item | None, other: Item) -> TypeGuard[Item]:
    """Say whether a question of another version counts with this one."""
    return item is not None and kind(item) == kind(other)


def kind(item: Item) -> str:
    """Return the kind of a question; a reference list is a single or a multiple choice.

    Nothing when its answers were given never to be published: they count in no version.
    """
    if item.question.publication == "never":
        return ""
    if item.name == "reference":
        return "multiple" if item.question.several else "single"
    return item.name


def _question(item: Item, same: Sequence[Item]) -> Question:
    question, name = item.question, kind(item)
    return Question(
        key=item.key,
        number=item.number,
        section=item.section,
        kind=name,
        chart=CHARTS[name],
        label=say(question.label),
        choices=_choices(i.resolved.options for i in same),
        lines=_choices(i.resolved.rows for i in same),
        ranks=max(_most_ranked(i) for i in same) if name == "ranking" else 0,
        least=min(int(i.question.min_ranked) for i in same) if name == "ranking" else 0,
        unit=say(getattr(question, "unit", {})),
        whole=bool(getattr(question, "integer", False)) or name == "date",
        sensitive=bool(question.sensitive),
        verbatim=question.publication == "verbatim",
    )


CHARTS: dict[str, Chart] = {
    "single": "bars",
    "multiple": "bars",
    "scale": "scale",
    "matrix": "matrix",
    "ranking": "ranking",
    "number": "histogram",
    "date": "dates",
    "allocation": "shares",
    "short_text": "count",
    "long_text": "count",
    "file": "count",
    "consent": "count",
}


def _most_ranked(item: Item) -> int:
    return int(item.question.max_ranked or len(item.resolved.options))


def _choices(lists: Iterable[Sequence[Any]]) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for parts in lists:
        for part in parts:
            no_opinion = bool(getattr(part, "no_opinion", False))
            found.setdefault(part.value, Choice(part.value, say(part.label), no_opinion))
    return tuple(found.values())


def _breakdowns(
    current: CompiledVersion, questions: Mapping[str, Question]
) -> tuple[Breakdown, ...]:
    kept: list[Breakdown] = []
    places = 1
    for key in current.questionnaire.breakdowns:
        question = questions.get(key)
        if question is not None:
            breakdown = Breakdown(key, question.label, question.choices)
            places *= breakdown.size
            if places <= MOST_PLACES:
                kept.append(breakdown)
    return tuple(kept)
