"""Questions seen by those who gave certain answers: their base gives those answers away. Pure.

Where « Depuis quand êtes-vous membre ? » is shown to the members only, the number of people who
saw it is the number of members, in every region. Masking the latter means masking the former.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import numpy as np

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.expressions.evaluate import holds
from consultation.questionnaires.expressions.tree import references
from consultation.results.disclosure.cells import Flags
from consultation.results.questions import Plan, Question

PARTICIPATION = -1
MOST_TRIALS = 20_000
ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Link:
    """A question depends on table ``table`` (or the participation) of question ``key``.

    ``opens[category, place...]``: whether those in the category see it, by place of the
    breakdowns (false at totals); ``None`` when that is not known.
    """

    key: str
    table: int
    opens: Flags | None


def links(plan: Plan, version: CompiledVersion, question: Question) -> list[Link]:
    """Return what the base of ``question`` depends on, the breakdowns apart."""
    item = version.items[question.key]
    conditions = _conditions(version, item)
    read = frozenset[str]().union(*(references(c) for c in conditions), item.reads)
    axes = {b.key for b in plan.breakdowns}
    triggers = [plan.questions[key] for key in sorted(read - axes) if key in plan.questions]
    if not triggers:
        return []
    if len(triggers) == 1 and not item.carried and not read - axes - {triggers[0].key}:
        known = _known(plan, conditions, triggers[0])
        if known:
            return [known]
    return [Link(t.key, table, None) for t in triggers for table in _tables(t)]


def _conditions(version: CompiledVersion, item: Item) -> list[Any]:
    section = version.sections[item.section - 1].condition
    return [condition for condition in (section, item.condition) if condition is not None]


def _tables(question: Question) -> Iterator[int]:
    yield PARTICIPATION
    many = {"multiple": len(question.choices), "matrix": len(question.lines)}
    yield from range(many.get(question.kind, 1))


def _known(plan: Plan, conditions: Sequence[Any], trigger: Question) -> Link | None:
    """Try the conditions on every answer to ``trigger`` and every place of the breakdowns."""
    places = [[*(c.value for c in b.choices), None] for b in plan.breakdowns]
    trials = int(np.prod([len(values) for values in places])) * (len(trigger.choices) + 1)
    if trials > MOST_TRIALS:
        return None

    def seen(answer: Any) -> Flags:
        """Say by place whether whoever answers so sees the question."""
        found = []
        for values in product(*places):
            given = {b.key: v for b, v in zip(plan.breakdowns, values, strict=True) if v}
            if answer is not None:
                given[trigger.key] = answer
            found.append(all(holds(condition, given, ANY_DAY) for condition in conditions))
        shown = np.array(found).reshape([len(values) for values in places])
        return np.pad(shown, [(0, 1)] * shown.ndim)

    if trigger.kind in ("single", "scale"):
        return Link(trigger.key, 0, np.stack([seen(c.value) for c in trigger.choices]))
    if trigger.kind == "multiple":
        return _multiple(trigger, seen)
    return None


def _multiple(trigger: Question, seen: Any) -> Link | None:
    """Find whether what matters is to have answered, or to have chosen one option."""
    values = [choice.value for choice in trigger.choices]
    alone = [seen([value]) for value in values]
    if all((each == alone[0]).all() for each in alone) and (seen(values) == alone[0]).all():
        nothing = seen(None)
        return Link(trigger.key, PARTICIPATION, np.stack([nothing, nothing, alone[0]]))
    for place, value in enumerate(values):
        others = [v for v in values if v != value]
        rest = [each for k, each in enumerate(alone) if k != place]
        without = seen(others)
        same = all((each == without).all() for each in rest)
        if same and (seen(values) == alone[place]).all() and (seen(None) == without).all():
            return Link(trigger.key, place, np.stack([alone[place], without]))
    return None
