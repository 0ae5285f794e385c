"""From tree to source: one canonical spelling, that reads back as the same tree."""

import re
from decimal import Decimal
from math import copysign

from consultation.questionnaires.expressions.errors import NBSP, error_at
from consultation.questionnaires.expressions.tree import (
    MAX_DEPTH,
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
    Expression,
    Membership,
    Multiplication,
    Node,
    Not,
    Nothing,
    Number,
    Opposite,
    Reference,
    Text,
    too_deep,
)

# How tightly each kind of node binds; a child that binds less than its place asks is put between
# parentheses. The same ladder as in the grammar.
_ANY, _ALL, _NOT, _COMPARED, _ADDED, _MULTIPLIED, _SIGNED, _OPERAND = range(1, 9)


def to_source(expression: Expression | Node) -> str:
    """The canonical source. Raises `ExpressionError` for a tree of more than 60 levels."""
    node = expression.root if isinstance(expression, Expression) else expression
    if too_deep(node):
        reason = f"l’expression est trop imbriquée{NBSP}: {MAX_DEPTH} niveaux au plus."
        raise error_at("", 0, reason)
    return _write(node, _ANY)


def quote(text: str) -> str:
    """The literal of a text, between quotation marks that need the fewest backslashes."""
    mark = '"' if "'" in text and '"' not in text else "'"
    escaped = re.sub(r"\\(?=[\\'\"]|\Z)", r"\\\\", text)
    return mark + escaped.replace(mark, "\\" + mark) + mark


def _write(node: Node, place: int) -> str:
    level, source = _spell(node)
    return source if level >= place else f"({source})"


def _spell(node: Node) -> tuple[int, str]:
    """The level of the node and its source, without parentheses of its own."""
    match node:
        case AnyOf(operands):
            return _ANY, " or ".join(_write(operand, _ALL) for operand in operands)
        case AllOf(operands):
            return _ALL, " and ".join(_write(operand, _NOT) for operand in operands)
        case Not(operand):
            return _NOT, f"not {_write(operand, _NOT)}"
        case Comparison(operator, left, right):
            return _COMPARED, f"{_write(left, _ADDED)} {operator} {_write(right, _ADDED)}"
        case Membership(operand, items, negated):
            listed = ", ".join(_write(item, _SIGNED) for item in items)
            word = "not in" if negated else "in"
            return _COMPARED, f"{_write(operand, _ADDED)} {word} [{listed}]"
        case Addition(first, rest):
            return _ADDED, _chain(first, rest, _MULTIPLIED)
        case Multiplication(first, rest):
            return _MULTIPLIED, _chain(first, rest, _SIGNED)
        case Opposite(operand):
            return _SIGNED, f"-{_write(operand, _SIGNED if _has_minus(operand) else _OPERAND)}"
        case Number(value):
            return _SIGNED, _number(value)
        case Call(name, arguments):
            return _OPERAND, f"{name}({', '.join(_write(each, _ANY) for each in arguments)})"
        case Reference(key, part):
            return _OPERAND, key if part is None else f"{key}.{_part(part)}"
        case Text(value):
            return _OPERAND, quote(value)
        case Boolean(value):
            return _OPERAND, "true" if value else "false"
        case Nothing():
            return _OPERAND, "none"


def _chain(first: Node, rest: tuple[tuple[str, Node], ...], place: int) -> str:
    return _write(first, place) + "".join(f" {sign} {_write(term, place)}" for sign, term in rest)


def _has_minus(node: Node) -> bool:
    return isinstance(node, Opposite) or (isinstance(node, Number) and copysign(1, node.value) < 0)


def _number(value: int | float) -> str:
    if isinstance(value, int):
        return str(value)
    plain = format(Decimal(repr(value)), "f")
    return plain if "." in plain else f"{plain}.0"


def _part(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_]+", part) else quote(part)
