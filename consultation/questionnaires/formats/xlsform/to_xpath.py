"""Our expressions, written as XLSForm reads them."""

from __future__ import annotations

from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
    Membership,
    Multiplication,
    Node,
    Not,
    Nothing,
    Number,
    Opposite,
    Reference,
    Text,
)

_FUNCTIONS = {
    "selected": "selected", "length": "string-length", "matches": "regex", "today": "today",
    "date": "date", "if": "if", "concat": "concat", "contains": "contains",
    "starts_with": "starts-with", "sum": "sum", "min": "min", "max": "max", "abs": "abs",
    "round": "round", "number": "number", "text": "string",
}  # fmt: skip


class Unwritable(Exception):
    """An expression has no counterpart in XLSForm; the message says what."""


def to_xpath(source: str, itself: str | None = None) -> str:
    """Return ``source`` as an XLSForm expression; ``itself`` is written as a point.

    Raises:
        Unwritable: XLSForm cannot say it.
    """
    return _write(parse(source).root, itself)


def _write(node: Node, itself: str | None) -> str:
    if isinstance(node, Reference):
        return "." if node.key == itself and node.part is None else f"${{{name_of(node)}}}"
    if isinstance(node, Text | Number | Boolean | Nothing):
        return _constant(node)
    if isinstance(node, AllOf | AnyOf):
        word = " and " if isinstance(node, AllOf) else " or "
        return word.join(_inside(o, itself) for o in node.operands)
    if isinstance(node, Not):
        return f"not({_write(node.operand, itself)})"
    if isinstance(node, Comparison):
        operator = "=" if node.operator == "==" else node.operator
        return f"{_inside(node.left, itself)} {operator} {_inside(node.right, itself)}"
    if isinstance(node, Membership):
        return _membership(node, itself)
    if isinstance(node, Opposite):
        return f"-{_inside(node.operand, itself)}"
    if isinstance(node, Addition | Multiplication):
        parts = [_inside(node.first, itself)]
        for sign, part in node.rest:
            parts += ["div" if sign == "/" else sign, _inside(part, itself)]
        return " ".join(parts)
    return _call(node, itself)


def name_of(reference: Reference) -> str:
    """Return the name of a question, of one of its rows or of its other text in the form."""
    return f"{reference.key}_{reference.part}" if reference.part else reference.key


def _inside(node: Node, itself: str | None) -> str:
    text = _write(node, itself)
    simple = isinstance(node, Reference | Text | Number | Boolean | Nothing | Call | Not)
    return text if simple else f"({text})"


def _constant(node: Text | Number | Boolean | Nothing) -> str:
    if isinstance(node, Text):
        mark = '"' if "'" in node.value else "'"
        if mark in node.value:
            raise Unwritable("un texte contient les deux sortes de guillemets")
        return f"{mark}{node.value}{mark}"
    if isinstance(node, Number):
        return str(node.value)
    return "''" if isinstance(node, Nothing) else f"{str(node.value).lower()}()"


def _membership(node: Membership, itself: str | None) -> str:
    operand = _write(node.operand, itself)
    among = " or ".join(f"selected({operand}, '{getattr(i, 'value', '')}')" for i in node.items)
    return f"not({among})" if node.negated else f"({among})"


def _call(node: Call, itself: str | None) -> str:
    arguments = [_write(a, itself) for a in node.arguments]
    if node.name == "answered":
        return f"{arguments[0]} != ''"
    if node.name == "count" and len(arguments) == 1:
        return f"count-selected({arguments[0]})"
    if node.name == "days_between" and len(arguments) == 2:
        return f"({arguments[1]} - {arguments[0]})"
    if node.name in ("year", "month"):
        form = "%Y" if node.name == "year" else "%n"
        return f"number(format-date({arguments[0]}, '{form}'))"
    if node.name == "matches":
        arguments[1] = f"'^{arguments[1][1:-1]}$'"
    if node.name not in _FUNCTIONS:
        raise Unwritable(f"la fonction {node.name}() n’existe pas en XLSForm")
    return f"{_FUNCTIONS[node.name]}({', '.join(arguments)})"
