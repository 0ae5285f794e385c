"""The path of a respondent: a pure function of a version, the answers and the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.expressions.evaluate import evaluate
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.kinds.question import Answer, Resolved, is_typed


@dataclass(frozen=True, slots=True)
class Path:
    """Which sections and questions are shown, and the answers that count.

    ``answers`` holds the answers to shown questions only, without the options and rows that are
    hidden, those typed but not valid included; what is hidden stays in the draft and is not here.
    """

    sections: frozenset[int]
    shown: frozenset[str]
    answers: Mapping[str, Answer]


def walk(version: CompiledVersion, answers: Mapping[str, Answer], today: date) -> Path:
    """Decide what is shown. Hidden answers are seen by no condition, so hiding cascades.

    Sections are judged on the same answers as their questions. Total: any answers give a path.
    """
    counted: dict[str, Answer] = {}
    shown: set[str] = set()
    open_sections = _OpenSections(version, counted, today)
    for item in version.order:
        if not open_sections.holds(item.section):
            continue
        if item.condition is None or evaluate(item.condition, counted, today) is True:
            shown.add(item.key)
            _count(item, answers, counted, today)
    numbers = frozenset(s.number for s in version.sections if open_sections.holds(s.number))
    return Path(numbers, frozenset(shown), counted)


class _OpenSections:
    """Whether each section is shown, decided when first asked."""

    def __init__(
        self, version: CompiledVersion, answers: Mapping[str, Answer], today: date
    ) -> None:
        self._version, self._answers, self._today = version, answers, today
        self._known: dict[int, bool] = {}

    def holds(self, number: int) -> bool:
        if number not in self._known:
            condition = self._version.sections[number - 1].condition
            met = condition is None or evaluate(condition, self._answers, self._today) is True
            self._known[number] = met
        return self._known[number]


def _count(
    item: Item, answers: Mapping[str, Answer], counted: dict[str, Answer], today: date
) -> None:
    answer = answers.get(item.key)
    if item.varies and answer is not None:
        answer = left_open(item, answer, offered(item, counted, today))
    if answer is not None:
        counted[item.key] = answer
        other = f"{item.key}.other"
        if other in answers:
            counted[other] = answers[other]


def offered(item: Item, answers: Mapping[str, Answer], today: date) -> Resolved:
    """Return the question with only the options and rows that these answers leave open."""
    if not item.varies:
        return item.resolved
    resolved = item.resolved
    if item.carried:
        resolved = _carried_over(item, resolved, answers)
    options = tuple(o for o in resolved.options if _is_met(o.relevant, answers, today))
    rows = tuple(r for r in resolved.rows if _is_met(r.relevant, answers, today))
    if len(options) == len(item.resolved.options) and len(rows) == len(item.resolved.rows):
        return item.resolved
    return replace(resolved, options=options, rows=rows)


def left_open(item: Item, answer: Answer, now: Resolved) -> Answer:
    """Return an answer without the options and rows that ``now`` hides; ``None`` if none is left.

    What is no option at all stays, to be said.
    """
    if now is item.resolved or answer is None or is_typed(answer):
        return answer
    options, rows = hidden_parts(item, now)
    if isinstance(answer, str):
        return None if answer in options else answer
    if isinstance(answer, list):
        return [value for value in answer if value not in options] or None
    if isinstance(answer, dict):
        kept = {r: point for r, point in answer.items() if r not in rows and point not in options}
        return kept or None
    return answer


def with_hidden(item: Item, answer: Answer, was: Answer, now: Resolved) -> Answer:
    """Return ``answer``, given to what ``now`` offers, with what ``was`` answered to the rest."""
    if now is item.resolved or was is None or is_typed(was) or is_typed(answer):
        return answer
    options, rows = hidden_parts(item, now)
    if isinstance(was, str):
        return was if answer is None and was in options else answer
    if isinstance(was, list):
        given = [*(answer or ()), *(value for value in was if value in options)]
        if item.name == "ranking":
            return list(dict.fromkeys(given)) or None
        return [o.value for o in item.resolved.options if o.value in given] or None
    if isinstance(was, dict):
        left = {row: point for row, point in was.items() if row in rows}
        return {**left, **(answer or {})} or None
    return answer


def hidden_parts(item: Item, now: Resolved) -> tuple[frozenset[str], frozenset[str]]:
    """Return the values of the options, then of the rows, that ``now`` does not offer."""
    options = {o.value for o in item.resolved.options} - {o.value for o in now.options}
    rows = {r.value for r in item.resolved.rows} - {r.value for r in now.rows}
    return frozenset(options), frozenset(rows)


def _is_met(source: str | None, answers: Mapping[str, Answer], today: date) -> bool:
    if not source:
        return True
    return evaluate(parse(source), answers, today) is True


def _carried_over(item: Item, resolved: Resolved, answers: Mapping[str, Answer]) -> Resolved:
    """Keep the options (or rows) carried over that were chosen at their origin."""
    origin = answers.get(item.carried or "")
    chosen = [origin] if isinstance(origin, str) else origin if isinstance(origin, list) else []
    values = {value for value in chosen if isinstance(value, str)}
    question = resolved.question
    own = {o.value for o in getattr(question, "options", ())} | {
        r.value for r in getattr(question, "rows", ())
    }
    keep = values | own
    if getattr(question, "rows_from", None):
        return replace(resolved, rows=tuple(r for r in resolved.rows if r.value in keep))
    return replace(resolved, options=tuple(o for o in resolved.options if o.value in keep))


def submitted(version: CompiledVersion, path: Path) -> dict[str, Any]:
    """Return the answers to send: those shown and valid in form, in the order of the pages."""
    kept: dict[str, Any] = {}
    for key in version.items:
        answer = path.answers.get(key)
        if answer is not None and not is_typed(answer):
            kept[key] = answer
            if f"{key}.other" in path.answers:
                kept[f"{key}.other"] = path.answers[f"{key}.other"]
    return kept
