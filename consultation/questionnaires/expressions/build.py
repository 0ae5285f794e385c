"""Trees made by a program: by an importer that translates another language, by the editor's lists.

Compose nodes, then `expression(node)`: the result went through the parser, so it obeys the same
bounds as what a person typed, and its errors have places.
"""

from collections.abc import Iterable

from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparator,
    Comparison,
    Constant,
    Expression,
    Membership,
    Multiplication,
    Node,
    Not,
    Nothing,
    Number,
    Reference,
    Text,
)

Plain = str | int | float | bool | None


def expression(node: Node) -> Expression:
    """The expression of a tree. Raises `ExpressionError` when it is too long or too deep."""
    return parse(to_source(node))


def literal(value: Plain) -> Constant:
    """The literal of a plain value; None is `none`."""
    if value is None:
        return Nothing()
    if isinstance(value, bool):
        return Boolean(value)
    return Text(value) if isinstance(value, str) else Number(value)


def question(key: str, part: str | None = None) -> Reference:
    return Reference(key, part)


def call(name: str, *arguments: Node) -> Call:
    return Call(name, arguments)


def compare(left: Node, operator: Comparator, right: Node) -> Comparison:
    return Comparison(operator, left, right)


def equals(key: str, value: Plain) -> Comparison:
    return Comparison("==", Reference(key), literal(value))


def differs(key: str, value: Plain) -> Comparison:
    return Comparison("!=", Reference(key), literal(value))


def among(operand: Node, values: Iterable[Plain], *, negated: bool = False) -> Membership:
    return Membership(operand, tuple(literal(value) for value in values), negated)


def selected(key: str, option: str) -> Call:
    return Call("selected", (Reference(key), Text(option)))


def answered(key: str, part: str | None = None) -> Call:
    return Call("answered", (Reference(key, part),))


def every(*nodes: Node) -> Node:
    """All of them, flat; `true` when there is none."""
    operands = _flat(nodes, AllOf)
    if len(operands) > 1:
        return AllOf(operands)
    return operands[0] if operands else Boolean(True)


def some(*nodes: Node) -> Node:
    """One of them at least, flat; `false` when there is none."""
    operands = _flat(nodes, AnyOf)
    if len(operands) > 1:
        return AnyOf(operands)
    return operands[0] if operands else Boolean(False)


def negate(node: Node) -> Node:
    """The contrary, without `not not`, `not (a == b)` nor `not (a in […])`."""
    match node:
        case Not(operand):
            return operand
        case Comparison("==", left, right):
            return Comparison("!=", left, right)
        case Comparison("!=", left, right):
            return Comparison("==", left, right)
        case Membership(operand, items, negated):
            return Membership(operand, items, not negated)
    return Not(node)


def add(first: Node, *rest: Node) -> Node:
    return Addition(first, tuple(("+", term) for term in rest)) if rest else first


def subtract(left: Node, right: Node) -> Node:
    return Addition(left, (("-", right),))


def multiply(first: Node, *rest: Node) -> Node:
    return Multiplication(first, tuple(("*", factor) for factor in rest)) if rest else first


def divide(left: Node, right: Node) -> Node:
    return Multiplication(left, (("/", right),))


def _flat(nodes: tuple[Node, ...], kind: type[AllOf] | type[AnyOf]) -> tuple[Node, ...]:
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.operands if isinstance(node, kind) else (node,))
    return tuple(flat)
