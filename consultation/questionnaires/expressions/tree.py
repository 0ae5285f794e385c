"""The tree of an expression: small immutable nodes, equal when they mean the same source.

Every node carries `at`, the offset (from 0) of the character an error about it points to; `at`
takes no part in equality. Trees made by `parse` or by `build` are well formed: `AllOf` and `AnyOf`
have at least two operands, `Addition` and `Multiplication` at least one term, a `Number` is finite.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

MAX_DEPTH = 60

Comparator = Literal["==", "!=", "<", "<=", ">", ">="]
RESERVED = frozenset({"and", "or", "not", "in", "true", "false", "none"})
"""Words that cannot be the key of a question."""


def _offset() -> int:
    return field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Text:
    value: str
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Number:
    value: int | float
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Boolean:
    value: bool
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Nothing:
    """The literal `none`: not answered."""

    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Reference:
    """The answer to the question `key`, or the `part` of it: a row, or "other" for its text."""

    key: str
    part: str | None = None
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple["Node", ...]
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Opposite:
    operand: "Node"
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Addition:
    """`first`, then each term of `rest` with its sign "+" or "-", from left to right."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Multiplication:
    """`first`, then each factor of `rest` with its operator "*" or "/", from left to right."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Comparison:
    operator: Comparator
    left: "Node"
    right: "Node"
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Membership:
    """`operand in [items]`, or `not in` when `negated`."""

    operand: "Node"
    items: tuple["Constant", ...]
    negated: bool = False
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Node"
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class AllOf:
    operands: tuple["Node", ...]
    at: int = _offset()


@dataclass(frozen=True, slots=True)
class AnyOf:
    operands: tuple["Node", ...]
    at: int = _offset()


Constant = Text | Number | Boolean | Nothing
Node = (
    Constant
    | Reference
    | Call
    | Opposite
    | Addition
    | Multiplication
    | Comparison
    | Membership
    | Not
    | AllOf
    | AnyOf
)


@dataclass(frozen=True)
class Expression:
    """A parsed expression: its tree, and the source its positions refer to."""

    root: Node
    source: str = field(default="", compare=False)
    program: Callable[..., Any] | None = field(default=None, compare=False, repr=False)
    """Kept here by `evaluate` the first time; no part of what the expression is."""


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, from left to right."""
    match node:
        case Call(_, arguments):
            return arguments
        case AllOf(operands) | AnyOf(operands):
            return operands
        case Not(operand) | Opposite(operand):
            return (operand,)
        case Comparison(_, left, right):
            return (left, right)
        case Membership(operand, items):
            return (operand, *items)
        case Addition(first, rest) | Multiplication(first, rest):
            return (first, *(term for _, term in rest))
    return ()


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Every node below and including this one, with its depth (the root is 1), any order.

    Iterative, so that a tree of any depth can be walked.
    """
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        yield current, depth
        waiting.extend((child, depth + 1) for child in children(current))


def too_deep(node: Node) -> Node | None:
    """The first node beyond 60 levels, when there is one."""
    beyond = [deep for deep, depth in walk(node) if depth > MAX_DEPTH]
    return min(beyond, key=lambda deep: deep.at, default=None)


def references(expression: Expression) -> frozenset[str]:
    """The keys of the questions that the expression reads (`satisfaction` for a row of it)."""
    return frozenset(node.key for node, _ in walk(expression.root) if isinstance(node, Reference))
