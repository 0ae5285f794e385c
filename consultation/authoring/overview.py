"""A questionnaire being written, as the pages show it: numbers, checks, sentences. Pure.

A draft may be broken anywhere; it is shown all the same. What cannot be read is left out of the
copy that is drawn, never out of the draft, and the checks say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from consultation.lib.recent import Recent
from consultation.questionnaires.checks import Check, checks, estimated_minutes, symbols_of
from consultation.questionnaires.compiled import (
    CompiledVersion,
    CompileError,
    Item,
    compile_version,
)
from consultation.questionnaires.expressions.check import check as check_expression
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.sentence import Label, to_sentence
from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.format import Questionnaire, Section
from consultation.questionnaires.kinds.question import say
from consultation.questionnaires.kinds.table import AnyQuestion
from consultation.web.typography import spaced

SHORT = 60
_kept: Recent[tuple[str, date], Overview] = Recent(48)


def overview(questionnaire: Questionnaire, name: str, today: date) -> Overview:
    """Return the overview of a questionnaire; ``name`` identifies exactly this state of it."""
    key = (name, today)
    return _kept.get(key) or _kept.keep(key, Overview(questionnaire, today))


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in an expression: where it is (``relevant``, ``constraints.0`` …), the sentence,
    and the line of the source with a second line that points at the character."""

    field: str
    sentence: str
    pointed: str = ""


class Overview:
    """Everything that the pages say of one state of a questionnaire, computed once."""

    def __init__(self, questionnaire: Questionnaire, today: date) -> None:
        self.questionnaire, self.today = questionnaire, today

    @cached_property
    def shown(self) -> CompiledVersion:
        """The questionnaire compiled, without what cannot be read."""
        return drawable(self.questionnaire)

    @cached_property
    def strict(self) -> CompiledVersion | None:
        """The questionnaire compiled as it is; ``None`` when it cannot be."""
        try:
            return compile_version(self.questionnaire)
        except (CompileError, ExpressionError):
            return None

    @cached_property
    def checks(self) -> Sequence[Check]:
        """What stops publication, then what deserves a second look."""
        return checks(self.questionnaire, self.today)

    @property
    def errors(self) -> list[Check]:
        return [check for check in self.checks if check.level == "error"]

    @property
    def warnings(self) -> list[Check]:
        return [check for check in self.checks if check.level == "warning"]

    @cached_property
    def minutes(self) -> int:
        return estimated_minutes(self.shown)

    @cached_property
    def symbols(self) -> Mapping[str, Symbol]:
        return symbols_of(self.shown)

    @cached_property
    def labels(self) -> Mapping[str, Label]:
        """The French words of every question, for the sentences of conditions."""
        return {key: _label(item) for key, item in self.shown.items.items()}

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """The key of each question, by its number as people write it."""
        return {str(item.number): key for key, item in self.shown.items.items() if item.number}

    @property
    def questions(self) -> int:
        return len(self.numbers)

    @cached_property
    def keys(self) -> frozenset[str]:
        questionnaire = self.questionnaire
        return frozenset(q.key for s in questionnaire.sections for q in s.questions)

    def number(self, key: str) -> int:
        """Return the number of a question; 0 for a text, or when there is none."""
        item = self.shown.items.get(key)
        return item.number if item is not None else 0

    def name(self, key: str) -> str:
        """Return what to call a question, a section, a list or a value in a sentence."""
        if number := self.number(key):
            return f"Question\u00a0{number}"
        for place, section in enumerate(self.questionnaire.sections, 1):
            if section.key == key:
                return f"Partie\u00a0{place}"
        if key in self.keys:
            return f"Texte «\u00a0{key}\u00a0»"
        if key in self.questionnaire.lists or key in self.questionnaire.scales:
            return f"Liste «\u00a0{key}\u00a0»"
        if any(computed.key == key for computed in self.questionnaire.computed):
            return f"Valeur «\u00a0{key}\u00a0»"
        return "Questionnaire"

    @cached_property
    def numbered(self) -> Mapping[str, Label]:
        """The same words, each question with its number before them."""
        return {
            key: replace_text(label, f"{number}. {label.text}") if number else label
            for key, label in self.labels.items()
            for number in [self.number(key)]
        }

    def sentence(self, source: str | None, *, numbered: bool = False) -> str:
        """Return an expression in French words; empty when it cannot be read."""
        if not source or not source.strip():
            return ""
        labels = self.numbered if numbered else self.labels
        try:
            return spaced(to_sentence(parse(source), labels))
        except ExpressionError:
            return ""

    def faults(self, part: Any) -> list[Fault]:
        """Return what is wrong in the expressions of a question or section, with its place."""
        return [
            fault for field, source in expressions_of(part) for fault in self._faults(field, source)
        ]

    def faults_in(self, field: str, source: str | None) -> list[Fault]:
        """Return what is wrong in one expression; nothing when it is empty."""
        return list(self._faults(field, source)) if source and source.strip() else []

    def _faults(self, field: str, source: str) -> Iterator[Fault]:
        try:
            found = check_expression(parse(source), self.symbols)
        except ExpressionError as error:
            found = [error]
        for fault in found:
            yield Fault(field, str(fault), pointed(source, fault))


def pointed(source: str, error: ExpressionError) -> str:
    """Return the line of ``source`` where the error is, and under it a mark at the character."""
    line = source.split("\n")[error.line - 1].expandtabs(1)
    start = max(0, error.column - 50)
    return f"{line[start : start + 70]}\n{' ' * (error.column - 1 - start)}▲"


def expressions_of(part: Any) -> Iterator[tuple[str, str]]:
    """Yield the expressions of a question or section: the field of the form, the source."""
    if getattr(part, "relevant", None):
        yield "relevant", part.relevant
    for place, constraint in enumerate(getattr(part, "constraints", ())):
        yield f"constraints.{place}.expression", constraint.expression
    for name in ("options", "rows", "points"):
        for each in getattr(part, name, ()):
            if each.relevant:
                yield name, each.relevant


def short(text: str, most: int = SHORT) -> str:
    """Return ``text`` on one line, cut after ``most`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def replace_text(label: Label, text: str) -> Label:
    """Return the words of a question with another text for its label."""
    return Label(text, label.options, label.rows)


def _label(item: Item) -> Label:
    return Label(
        short(say(item.question.label) or item.key, 120),
        {o.value: short(say(o.label) or o.value) for o in item.resolved.options},
        {r.value: short(say(r.label) or r.value) for r in item.resolved.rows},
    )


# --- A copy that can be drawn --------------------------------------------------------------------


def drawable(questionnaire: Questionnaire) -> CompiledVersion:
    """Compile a questionnaire, without the expressions and the sources that cannot be read."""
    bare = _readable(questionnaire)
    for _ in range(len([q for s in bare.sections for q in s.questions]) + 1):
        try:
            return compile_version(bare)
        except CompileError as error:
            bare = _without_source(bare, error.key)
    return compile_version(replace(bare, sections=[]))  # pragma: no cover - a guard


def _readable(questionnaire: Questionnaire) -> Questionnaire:
    sections = [
        replace(
            section,
            relevant=_if_read(section.relevant),
            questions=[_readable_question(question) for question in section.questions],
        )
        for section in questionnaire.sections
    ]
    computed = [c for c in questionnaire.computed if _if_read(c.expression)]
    named = {
        name: {key: _readable_parts(parts) for key, parts in getattr(questionnaire, name).items()}
        for name in ("lists", "scales")
    }
    return replace(questionnaire, sections=sections, computed=computed, **named)


def _readable_question(question: AnyQuestion) -> AnyQuestion:
    changes = {
        name: _readable_parts(getattr(question, name))
        for name in ("options", "points", "rows")
        if hasattr(question, name)
    }
    kept = [c for c in question.constraints if _if_read(c.expression)]
    return replace(question, relevant=_if_read(question.relevant), constraints=kept, **changes)


def _readable_parts(parts: list[Any]) -> list[Any]:
    if all(part.relevant is None or _if_read(part.relevant) for part in parts):
        return parts
    return [replace(part, relevant=_if_read(part.relevant)) for part in parts]


def _if_read(source: str | None) -> str | None:
    if not source or not source.strip():
        return None
    try:
        parse(source)
    except ExpressionError:
        return None
    return source


def _without_source(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """Take from a question what it gets from elsewhere, and its options that stand twice."""

    def bare(question: AnyQuestion) -> AnyQuestion:
        changes: dict[str, Any] = {
            name: None
            for name in ("from_list", "scale", "options_from", "rows_from")
            if hasattr(question, name)
        }
        for name in ("options", "points", "rows"):
            if hasattr(question, name):
                parts = {part.value: part for part in getattr(question, name)}
                changes[name] = list(parts.values())
        return replace(question, **changes)

    sections: list[Section] = [
        replace(s, questions=[bare(q) if q.key == key else q for q in s.questions])
        for s in questionnaire.sections
    ]
    return replace(questionnaire, sections=sections)
