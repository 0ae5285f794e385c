"""Giving a question another key, everywhere the questionnaire names it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace as changed
from typing import Any

import msgspec

from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Call,
    Comparison,
    Membership,
    Multiplication,
    Node,
    Not,
    Opposite,
    Reference,
)
from consultation.questionnaires.format import Questionnaire

_EXPRESSIONS = ("relevant", "expression", "individual")
_ORIGINS = ("options_from", "rows_from")


def rename(questionnaire: Questionnaire, old: str, new: str) -> Questionnaire:
    """Return the questionnaire where the question ``old`` is called ``new``.

    Conditions, constraints, computed values, carried-over options, breakdowns and texts follow;
    an expression that cannot be read is left as it is written.
    """
    data = msgspec.to_builtins(questionnaire)
    return msgspec.convert(_renamed(data, old, new), Questionnaire)


def _renamed(data: Any, old: str, new: str) -> Any:
    if isinstance(data, list):
        return [_renamed(each, old, new) for each in data]
    if not isinstance(data, dict):
        return data
    changes = {name: _field(name, value, old, new) for name, value in data.items()}
    if "questions" in data:
        changes["key"] = data["key"]  # that of a section
    return changes


def _field(name: str, value: Any, old: str, new: str) -> Any:
    if name in ("key", "organisation"):
        return new if value == old else value
    if name == "breakdowns":
        return [new if key == old else key for key in value]
    if name in _EXPRESSIONS and isinstance(value, str):
        return in_expression(value, old, new)
    if name in _ORIGINS and isinstance(value, str):
        key, dot, part = value.partition(".")
        return f"{new}{dot}{part}" if key == old else value
    if isinstance(value, str):
        return re.sub(r"\$\{\s*" + re.escape(old) + r"\s*\}", "${" + new + "}", value)
    return _renamed(value, old, new)


def in_expression(source: str, old: str, new: str) -> str:
    """Return ``source`` with ``new`` for ``old``; as it is when it cannot be read."""
    if not re.search(rf"\b{re.escape(old)}\b", source):
        return source
    try:
        node = parse(source).root
    except ExpressionError:
        return source
    return to_source(_in(node, {old: new}))


def _in(node: Node, names: Mapping[str, str]) -> Node:
    changes: dict[str, Any] = {}
    match node:
        case Reference(key):
            changes["key"] = names.get(key, key)
        case Call(_, arguments):
            changes["arguments"] = tuple(_in(a, names) for a in arguments)
        case AllOf(operands) | AnyOf(operands):
            changes["operands"] = tuple(_in(o, names) for o in operands)
        case Not(operand) | Opposite(operand) | Membership(operand):
            changes["operand"] = _in(operand, names)
        case Comparison(_, left, right):
            changes.update(left=_in(left, names), right=_in(right, names))
        case Addition(first, rest) | Multiplication(first, rest):
            changes["first"] = _in(first, names)
            changes["rest"] = tuple((sign, _in(part, names)) for sign, part in rest)
    return changed(node, **changes) if changes else node
