"""What must be true of a questionnaire before it is published. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from consultation.questionnaires.compiled import CompiledVersion, CompileError, compile_version
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.kinds.table import AnyQuestion


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a definition: where (a key, or empty for the whole) and what."""

    where: str
    what: str


def findings(questionnaire: Questionnaire) -> list[Finding]:
    """Return why this questionnaire cannot be published; an empty list when it can."""
    first = [*_doubles(questionnaire), *_unreadable(questionnaire)]
    if first:
        return first
    try:
        version = compile_version(questionnaire)
    except CompileError as error:
        return [Finding(error.key, error.sentence)]
    return [*_empty(version), *_kinds(version), *_breakdowns(version)]


def _doubles(questionnaire: Questionnaire) -> Iterator[Finding]:
    keys = [q.key for s in questionnaire.sections for q in s.questions]
    keys += [c.key for c in questionnaire.computed]
    for key, times in Counter(keys).items():
        if times > 1:
            yield Finding(key, "ce code sert à plusieurs questions")
    for key, times in Counter(s.key for s in questionnaire.sections).items():
        if times > 1:
            yield Finding(key, "ce code sert à plusieurs parties")


def _unreadable(questionnaire: Questionnaire) -> Iterator[Finding]:
    for where, source in _expressions(questionnaire):
        try:
            parse(source)
        except ExpressionError as error:
            yield Finding(where, str(error))


def _expressions(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for section in questionnaire.sections:
        if section.relevant:
            yield section.key, section.relevant
        for question in section.questions:
            if question.relevant:
                yield question.key, question.relevant
            yield from ((question.key, c.expression) for c in question.constraints)
            yield from ((question.key, source) for _, source in part_conditions(question))
    for named in (questionnaire.lists, questionnaire.scales):
        for name, parts in named.items():
            yield from ((name, part.relevant) for part in parts if part.relevant)
    yield from ((c.key, c.expression) for c in questionnaire.computed)
    if questionnaire.individual:
        yield "", questionnaire.individual


def part_conditions(question: AnyQuestion) -> Iterator[tuple[Any, str]]:
    """Yield the options, points and rows of a question that have a condition, and its source."""
    for name in ("options", "points", "rows"):
        for part in getattr(question, name, ()):
            if part.relevant:
                yield part, part.relevant


def _empty(version: CompiledVersion) -> Iterator[Finding]:
    if not version.items:
        yield Finding("", "ajoutez au moins une question")
    for section in version.sections:
        if not section.items:
            yield Finding(section.section.key, "cette partie ne contient aucune question")


def _kinds(version: CompiledVersion) -> Iterator[Finding]:
    for item in version.items.values():
        yield from (Finding(item.key, what) for what in item.kind.check(item.resolved))


def _breakdowns(version: CompiledVersion) -> Iterator[Finding]:
    for key in version.questionnaire.breakdowns:
        item = version.items.get(key)
        if item is None or item.name not in ("single", "scale", "reference"):
            yield Finding(key, "un critère de ventilation est une question à choix unique")
