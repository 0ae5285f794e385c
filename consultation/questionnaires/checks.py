"""The checks shown beside the editor: what stops publication, and what deserves a second look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any, Literal, cast

from consultation.questionnaires.advice import advice
from consultation.questionnaires.compiled import (
    CompiledVersion,
    CompileError,
    Item,
    compile_version,
)
from consultation.questionnaires.expressions import build
from consultation.questionnaires.expressions.check import check
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.graph import cycles, unreachable
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.symbols import Shape, Symbol
from consultation.questionnaires.expressions.tree import Expression, references
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.kinds.question import Text, say
from consultation.questionnaires.naming import incomplete, misnamed
from consultation.questionnaires.rules import Finding, findings, part_conditions

WORDS_A_MINUTE = 180
"""Silent reading of a form in French, slower than prose (Brysbaert 2019 gives 195 for French)."""
SECONDS_TO_ANSWER = {
    "single": 6, "scale": 6, "multiple": 10, "matrix": 5, "ranking": 20, "number": 12,
    "allocation": 25, "short_text": 12, "long_text": 75, "date": 10, "file": 40, "reference": 15,
    "consent": 5, "statement": 0,
}  # fmt: skip


LONGEST_MINUTES = 20
"""Beyond this estimate, many people stop before the end."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: an ``error`` stops publication; ``key`` is where, if anywhere."""

    level: Literal["error", "warning"]
    key: str
    what: str


def checks(questionnaire: Questionnaire, today: date) -> list[Check]:
    """Return every error, then every warning, in the order of the pages."""
    blocking = [Check("error", f.where, f.what) for f in blocking_findings(questionnaire, today)]
    try:
        version = compile_version(questionnaire)
    except (CompileError, ExpressionError):
        return blocking
    advised = [*_minutes(version), *advice(version)]
    return [*blocking, *(Check("warning", f.where, f.what) for f in advised)]


def blocking_findings(questionnaire: Questionnaire, today: date) -> list[Finding]:
    """Return why this questionnaire cannot be published: its form, then its conditions."""
    first = findings(questionnaire)
    if first:
        return first
    version = compile_version(questionnaire)
    found = [*incomplete(version), *misnamed(version), *_expressions(version), *_cycles(version)]
    return found or list(_unreachable(version, today))


def symbols_of(version: CompiledVersion) -> dict[str, Symbol]:
    """Return what expressions may know of each question; computed values are already replaced."""
    return asked_symbols(version) | {key: Symbol("text") for key in version.computed}


def asked_symbols(version: CompiledVersion) -> dict[str, Symbol]:
    """Return what expressions may know of each question, computed values left out."""
    return {key: _symbol(item) for key, item in version.items.items() if item.name != "statement"}


def _symbol(item: Item) -> Symbol:
    if item.name == "reference":
        shape = "choices" if item.question.several else "choice"
    else:
        shape = item.kind.SHAPE
    resolved = item.resolved
    return Symbol(
        cast(Shape, shape),
        frozenset(o.value for o in resolved.options) or None,
        frozenset(r.value for r in resolved.rows) or None,
        any(o.other for o in resolved.options),
    )


def _expressions(version: CompiledVersion) -> Iterator[Finding]:
    symbols = symbols_of(version)
    for key, expression in _all_expressions(version):
        for error in check(expression, symbols):
            yield Finding(key, str(error))


def _all_expressions(version: CompiledVersion) -> Iterator[tuple[str, Expression]]:
    for section in version.sections:
        if section.condition:
            yield section.section.key, section.condition
        for item in section.items:
            if item.condition:
                yield item.key, item.condition
            yield from ((item.key, constraint) for constraint, _ in item.constraints)
            yield from ((item.key, parse(s)) for _, s in part_conditions(item.question))
    questionnaire = version.questionnaire
    for named in (questionnaire.lists, questionnaire.scales):
        for name, parts in named.items():
            yield from ((name, parse(part.relevant)) for part in parts if part.relevant)
    yield from version.computed.items()
    if version.individual:
        yield "", version.individual


def _cycles(version: CompiledVersion) -> Iterator[Finding]:
    values = {c.key: references(parse(c.expression)) for c in version.questionnaire.computed}
    for ring in cycles({key: reads & values.keys() for key, reads in values.items()}):
        yield Finding(ring[0], "cette valeur se calcule à partir d’elle-même")
    items = version.items
    reads = {key: (item.reads | item.gates) & items.keys() for key, item in items.items()}
    for ring in cycles(reads):
        way = " → ".join(str(version.items[key].number or key) for key in ring)
        yield Finding(ring[0], f"les conditions tournent en rond\u00a0: questions {way}")


def _unreachable(version: CompiledVersion, today: date) -> Iterator[Finding]:
    for key in unreachable(_joined_conditions(version), symbols_of(version), today):
        yield Finding(key, "aucune réponse ne mène à cette question")


def _joined_conditions(version: CompiledVersion) -> dict[str, Expression]:
    joined = {}
    for section in version.sections:
        for item in section.items:
            nodes = [c.root for c in (section.condition, item.condition) if c]
            if nodes:
                joined[item.key] = Expression(build.every(*nodes))
    return joined


def _minutes(version: CompiledVersion) -> Iterator[Finding]:
    """Say that the questionnaire is long, or longer than it announces."""
    needed = max(1, round(reading_seconds(version) / 60))
    announced = version.questionnaire.estimated_minutes
    if announced and announced < needed * 0.7:
        what = f"{announced} min annoncées, comptez-en {needed} pour tout lire et répondre"
        yield Finding("", what)
    if needed > LONGEST_MINUTES:
        yield Finding("", f"{needed} min de lecture et de réponse, {LONGEST_MINUTES} suffisent")


def reading_seconds(version: CompiledVersion, keys: frozenset[str] | None = None) -> int:
    """Estimate the seconds needed to read and answer the questions ``keys``, or all of them."""
    items = [i for key, i in version.items.items() if keys is None or key in keys]
    words = sum(len(say(text).split()) for item in items for text in _read_once(item))
    answering = sum(_answering(item) for item in items)
    return round(words * 60 / WORDS_A_MINUTE + answering)


def _read_once(item: Item) -> Iterator[Text]:
    """Return the texts one reads; the options of a long list are not read one by one."""
    yield from (item.question.label, item.question.hint)
    parts: tuple[Any, ...] = (*item.resolved.options, *item.resolved.rows)
    yield from (part.label for part in parts[:25])


def _answering(item: Item) -> int:
    return SECONDS_TO_ANSWER[item.name] * (len(item.resolved.rows) if item.name == "matrix" else 1)


def estimated_minutes(version: CompiledVersion) -> int:
    """Return the minutes announced: those the organiser wrote, else the estimate, at least 1."""
    written = version.questionnaire.estimated_minutes
    return written or max(1, ceil(reading_seconds(version) / 60))
