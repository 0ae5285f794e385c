"""A condition made with lists: clauses joined by « et » or by « ou », to and from an expression.

What lists cannot say (a sum, a mix of « et » and « ou ») stays an expression that one edits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from consultation.authoring.typed import LONGEST_LINE, Typed
from consultation.questionnaires.expressions import build
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.expressions.tree import (
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
    Membership,
    Node,
    Not,
    Number,
    Reference,
    Text,
)
from consultation.questionnaires.kinds import number

MOST_CLAUSES = 30
LONGEST_SOURCE = 4_000

_ANSWERED = (("answered", "a une réponse"), ("empty", "n’a pas de réponse"))
_ORDERED = (("==", "est égal à"), ("!=", "n’est pas égal à"), ("<", "est inférieur à"),
            ("<=", "est au plus"), (">", "est supérieur à"), (">=", "est au moins"))  # fmt: skip
_CHOSEN = (("==", "est"), ("!=", "n’est pas"))
OPERATORS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "choice": (*_CHOSEN, *_ANSWERED),
    "choices": (("has", "comprend"), ("lacks", "ne comprend pas"), *_ANSWERED),
    "number": (*_ORDERED, *_ANSWERED),
    "date": (("<", "est avant"), (">", "est après"), ("==", "est"), *_ANSWERED),
    "text": (("==", "est"), ("contains", "contient"), *_ANSWERED),
    "boolean": (("ticked", "est coché"), ("unticked", "n’est pas coché")),
    "file": _ANSWERED,
    "rows": _ANSWERED,
}
"""What can be asked of an answer, by its shape: a code and French words."""

WORDS: Mapping[str, str] = {code: words for each in OPERATORS.values() for code, words in each}
"""The words of every operator."""

WITHOUT_VALUE = frozenset(("answered", "empty", "ticked", "unticked"))


@dataclass(frozen=True, slots=True)
class Clause:
    """One question (or a row of it), an operator, the values it is compared with."""

    key: str
    part: str | None
    operator: str
    values: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What names the clause in a form."""
        return self.key if self.part is None else f"{self.key}.{self.part}"


@dataclass(frozen=True, slots=True)
class Condition:
    """Clauses that must ``all`` hold, or one of them at least."""

    clauses: tuple[Clause, ...] = ()
    all: bool = True


# --- From an expression --------------------------------------------------------------------------


def from_source(source: str | None) -> Condition | None:
    """Return the clauses that ``source`` is made of; ``None`` when lists cannot say it."""
    if not source or not source.strip():
        return Condition()
    try:
        node = parse(source).root
    except ExpressionError:
        return None
    parts = node.operands if isinstance(node, AllOf | AnyOf) else (node,)
    clauses = tuple(clause for part in parts for clause in _clause(part))
    if len(clauses) != len(parts):
        return None
    return Condition(clauses, not isinstance(node, AnyOf))


def _clause(node: Node) -> Iterator[Clause]:
    """Yield the clause that ``node`` is, or nothing."""
    match node:
        case Comparison(operator, Reference(key, part), Text(value)):
            yield Clause(key, part, operator, (value,))
        case Comparison(operator, Reference(key, part), Number(value)):
            yield Clause(key, part, operator, (_plain(value),))
        case Comparison("==", Reference(key, part), Boolean(value)):
            yield Clause(key, part, "ticked" if value else "unticked")
        case Membership(Reference(key, part), items, negated) if all(
            isinstance(item, Text | Number) for item in items
        ):
            operator = "!=" if negated else "=="
            yield Clause(key, part, operator, tuple(_plain(i.value) for i in items))  # type: ignore[union-attr]
        case Reference(key, part):
            yield Clause(key, part, "ticked")
        case Not(Reference(key, part)):
            yield Clause(key, part, "unticked")
        case Call(name, (Reference(key, part), *values)):
            yield from _called(name, key, part, values, True)
        case Not(Call(name, (Reference(key, part), *values))):
            yield from _called(name, key, part, values, False)


def _called(
    name: str, key: str, part: str | None, values: list[Node], holds: bool
) -> Iterator[Clause]:
    texts = tuple(value.value for value in values if isinstance(value, Text))
    if len(texts) != len(values):
        return
    if name == "answered" and not values:
        yield Clause(key, part, "answered" if holds else "empty")
    elif name == "selected" and len(values) == 1:
        yield Clause(key, part, "has" if holds else "lacks", texts)
    elif name == "contains" and len(values) == 1 and holds:
        yield Clause(key, part, "contains", texts)


def _plain(value: str | int | float) -> str:
    if isinstance(value, str):
        return value
    return number.write(value).replace("\u00a0", "")


# --- To an expression ----------------------------------------------------------------------------


def to_expression(condition: Condition, symbols: Mapping[str, Symbol]) -> str | None:
    """Return the source of ``condition``; ``None`` when it has no clause.

    Raises:
        ExpressionError: it is too long.
    """
    nodes = [_node(clause, symbols.get(clause.key)) for clause in condition.clauses]
    if not nodes:
        return None
    joined = build.every(*nodes) if condition.all else build.some(*nodes)
    return build.expression(joined).source or to_source(joined)


def _node(clause: Clause, symbol: Symbol | None) -> Node:
    asked = Reference(clause.key, clause.part)
    if clause.operator in ("answered", "empty"):
        answered = build.call("answered", asked)
        return answered if clause.operator == "answered" else Not(answered)
    if clause.operator in ("ticked", "unticked"):
        return Comparison("==", asked, Boolean(clause.operator == "ticked"))
    if clause.operator in ("has", "lacks"):
        has = build.call("selected", asked, Text(clause.values[0]))
        return has if clause.operator == "has" else Not(has)
    if clause.operator == "contains":
        return build.call("contains", asked, Text(clause.values[0]))
    values = [_literal(value, clause, symbol) for value in clause.values]
    if len(values) == 1:
        return Comparison(clause.operator, asked, values[0])  # type: ignore[arg-type]
    return Membership(asked, tuple(values), clause.operator == "!=")


def _literal(value: str, clause: Clause, symbol: Symbol | None) -> Text | Number:
    if symbol is not None and shape_of(symbol, clause.part) == "number":
        parsed = number.parse(value)
        if parsed is not None:
            return Number(parsed)
    return Text(value)


def shape_of(symbol: Symbol, part: str | None) -> str:
    """Return the shape of an answer, or of one of its rows."""
    if part is None:
        return symbol.shape
    if part == "other" and symbol.shape != "rows":
        return "text"
    return "number" if symbol.options is None else "choice"


# --- From a form ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read:
    """A condition read in a form; ``wrong`` says what to correct, empty when nothing is."""

    source: str | None
    wrong: str = ""


TWICE = "Changez la condition dans les listes ou dans l’expression, pas dans les deux à la fois"


def read(typed: Typed, name: str, before: str | None, symbols: Mapping[str, Symbol]) -> Read:
    """Return the condition typed under ``name``: in the lists, or in the expression beside them.

    The expression counts when it was changed; otherwise the lists do.
    """
    source = typed.text(name) if name in typed else (before or "")
    shown = typed.text(f"{name}.avant") if f"{name}.avant" in typed else (before or "")
    lists = _from_lists(typed, name, shown, symbols)
    if source == shown:
        if isinstance(lists, str):
            return Read(before, lists)
        if lists is not None:
            return _written(lists, symbols)
        return Read(source or None, unreadable(source))
    if lists is not None:
        return Read(source or None, TWICE)
    return Read(source or None, unreadable(source))


def unreadable(source: str) -> str:
    """Return why ``source`` cannot be read, with the place; empty when it can."""
    if not source.strip():
        return ""
    if len(source) > LONGEST_SOURCE:
        return f"raccourcissez cette expression\u00a0: {LONGEST_SOURCE} caractères au plus"
    try:
        parse(source)
    except ExpressionError as error:
        return str(error).rstrip(".")
    return ""


def _written(condition: Condition, symbols: Mapping[str, Symbol]) -> Read:
    try:
        return Read(to_expression(condition, symbols))
    except ExpressionError as error:
        return Read(None, str(error).rstrip("."))


def _from_lists(
    typed: Typed, name: str, shown: str, symbols: Mapping[str, Symbol]
) -> Condition | str | None:
    """Return the clauses typed, when they differ from those shown; a sentence when one is wrong."""
    before = from_source(shown)
    if before is None or f"{name}.nombre" not in typed:
        return None
    clauses: list[Clause] = []
    for place, clause in enumerate(before.clauses[:MOST_CLAUSES]):
        one = _typed_clause(typed, f"{name}.{place}", clause, symbols)
        if isinstance(one, str):
            return one
        if one is not None:
            clauses.append(one)
    added = typed.line(f"{name}.nouvelle")
    if added:
        clauses.extend(_new_clause(added, symbols))
    now = Condition(tuple(clauses), typed.raw(f"{name}.joint", _joint(before)) != "or")
    return None if now == before or (not now.clauses and not before.clauses) else now


def _joint(condition: Condition) -> str:
    return "and" if condition.all else "or"


def _new_clause(name: str, symbols: Mapping[str, Symbol]) -> Iterator[Clause]:
    """Yield the clause about a question that was just added: that it has an answer."""
    key, _, part = name.partition(".")
    symbol = symbols.get(key)
    if symbol is not None:
        operator = "ticked" if symbol.shape == "boolean" else "answered"
        yield Clause(key, part or None, operator)


def _typed_clause(
    typed: Typed, name: str, before: Clause, symbols: Mapping[str, Symbol]
) -> Clause | str | None:
    """Return one clause as typed: ``None`` when it is removed, a sentence when it is wrong."""
    if f"{name}.retirer" in typed:
        return None
    clause = before
    if f"{name}.ligne" in typed:
        clause = replace(clause, part=typed.line(f"{name}.ligne") or None)
    symbol = symbols.get(clause.key)
    shape = shape_of(symbol, clause.part) if symbol is not None else "text"
    operator = typed.raw(f"{name}.op", clause.operator)
    if operator not in (code for code, _ in OPERATORS[shape]) and operator != before.operator:
        return "choisissez un opérateur de la liste"
    if operator in WITHOUT_VALUE:
        return Clause(clause.key, clause.part, operator)
    values = typed.all(f"{name}.valeur") if f"{name}.valeur" in typed else list(clause.values)
    if not values:
        return "choisissez une valeur à comparer"
    return _compared(clause, operator, values, shape)


def _compared(clause: Clause, operator: str, values: list[str], shape: str) -> Clause | str:
    if any(len(value) > LONGEST_LINE for value in values):
        return f"raccourcissez cette valeur\u00a0: {LONGEST_LINE} caractères au plus"
    if shape == "number" and any(number.parse(value) is None for value in values):
        return "saisissez un nombre en chiffres, par exemple 250"
    several = operator in ("==", "!=") and shape == "choice"
    kept = tuple(dict.fromkeys(values)) if several else (values[0],)
    return Clause(clause.key, clause.part, operator, kept)
