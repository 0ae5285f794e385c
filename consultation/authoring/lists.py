"""A condition as the page shows it: a sentence, lists, the expression beside. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consultation.authoring import conditions
from consultation.authoring.conditions import OPERATORS, WITHOUT_VALUE, WORDS, Clause
from consultation.authoring.overview import Fault, Overview, pointed, short
from consultation.authoring.typed import Typed
from consultation.questionnaires.compiled import Item
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.kinds.question import say

Choices = Sequence[tuple[str, str]]
MOST_BOXES, MOST_VALUES = 12, 15
"""Values of one clause shown as boxes; values of all clauses shown without being asked for."""

MOST_CANDIDATES = 20
"""Beyond this many questions, the list of those to choose from is shown when it is asked for."""


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause of the page. ``options`` are what it is compared with, none for a free value."""

    name: str
    asked: str
    operator: str
    operators: Choices
    values: Sequence[str]
    options: Choices
    rows: Choices
    row: str

    @property
    def as_boxes(self) -> bool:
        """Whether the options are few enough to be boxes, several of which can be ticked."""
        return len(self.options) <= MOST_BOXES and self.operator in ("==", "!=")

    @property
    def compares(self) -> bool:
        """Whether the operator, as it is now, asks for a value."""
        return self.operator not in WITHOUT_VALUE


@dataclass(frozen=True, slots=True)
class ConditionForm:
    """Everything the page shows of a condition; ``rows`` is ``None`` when lists cannot say it."""

    name: str
    shown: str
    source: str
    sentence: str
    joint: str
    rows: Sequence[ClauseRow] | None
    candidates: Choices
    error: str
    faults: Sequence[Fault]
    folded: bool = False
    mark: str = ""

    @property
    def id(self) -> str:
        return f"x-{self.name}"

    @property
    def editable(self) -> bool:
        """Whether lists can say this condition."""
        return self.rows is not None or self.folded


def form_of(
    whole: Overview,
    name: str,
    source: str | None,
    *,
    own: str = "",
    typed: Typed | None = None,
    error: str = "",
    faults: Sequence[Fault] = (),
    every: bool = False,
) -> ConditionForm:
    """Return the form of the condition ``source`` of the part ``own`` (a key)."""
    shown = source or ""
    if typed is not None and f"{name}.avant" in typed:
        shown = typed.text(f"{name}.avant")
    condition = conditions.from_source(shown)
    rows = None if condition is None else _rows(whole, name, condition.clauses, typed)
    folded = rows is not None and not every and typed is None and _weight(rows) > MOST_VALUES
    return ConditionForm(
        name=name,
        shown=shown,
        source=typed.raw(name, shown) if typed is not None else shown,
        sentence=whole.sentence(source),
        joint=_joint(condition, typed, name),
        rows=None if folded else rows,
        candidates=candidates_for(whole, own, every),
        error=error,
        faults=[fault for fault in faults if fault.field == name],
        folded=folded,
        mark=pointed_at(typed.text(name)) if typed is not None and error else "",
    )


def pointed_at(source: str) -> str:
    """Return the line of ``source`` that cannot be read, with a mark under the character."""
    try:
        parse(source)
    except ExpressionError as error:
        return pointed(source, error)
    return ""


def _weight(rows: Sequence[ClauseRow]) -> int:
    return sum(len(row.options) + len(row.rows) for row in rows)


def _joint(condition: conditions.Condition | None, typed: Typed | None, name: str) -> str:
    joint = "and" if condition is None or condition.all else "or"
    return typed.raw(f"{name}.joint", joint) if typed is not None else joint


def _rows(
    whole: Overview, name: str, clauses: Sequence[Clause], typed: Typed | None
) -> list[ClauseRow] | None:
    known = whole.shown.items.keys() & whole.symbols.keys()
    if any(clause.key not in known for clause in clauses):
        return None
    return [_row(whole, f"{name}.{place}", clause, typed) for place, clause in enumerate(clauses)]


def _row(whole: Overview, name: str, clause: Clause, typed: Typed | None) -> ClauseRow:
    item, symbol = whole.shown.items[clause.key], whole.symbols[clause.key]
    operator, values, row = clause.operator, list(clause.values), clause.part or ""
    if typed is not None:
        operator = typed.raw(f"{name}.op", operator)
        values = typed.all(f"{name}.valeur") or values
        row = typed.raw(f"{name}.ligne", row)
    offered = OPERATORS[conditions.shape_of(symbol, row or None)]
    if operator not in (code for code, _ in offered) and operator in WORDS:
        offered = (*offered, (operator, WORDS[operator]))
    rows = [(r.value, short(say(r.label) or r.value)) for r in item.resolved.rows]
    options = [(o.value, short(say(o.label) or o.value)) for o in item.resolved.options]
    if clause.part == "other" and not rows:
        options = []
    asked = title(item)
    return ClauseRow(name, asked, operator, offered, values, options, rows, row)


def title(item: Item) -> str:
    """Return the number and the label of a question, short."""
    label = short(say(item.question.label) or item.key)
    return f"{item.number}. {label}" if item.number else label


def candidates_for(whole: Overview, own: str, every: bool) -> Choices:
    """Return the questions that a condition of ``own`` may read; none when they are too many.

    ``every`` asks for them however many they are.
    """
    items = [i for i in whole.shown.items.values() if i.name != "statement" and i.key != own]
    return [(i.key, title(i)) for i in items] if every or len(items) <= MOST_CANDIDATES else []
