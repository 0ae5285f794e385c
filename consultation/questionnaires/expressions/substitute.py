"""Putting expressions in the place of the keys that stand for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Call,
    Comparison,
    Expression,
    Membership,
    Multiplication,
    Node,
    Not,
    Opposite,
    Reference,
)


def replaced(expression: Expression, nodes: Mapping[str, Node]) -> Expression:
    """Return ``expression`` with the node of each key instead of the reference to that key."""
    return Expression(_in(expression.root, nodes), expression.source)


def _in(node: Node, nodes: Mapping[str, Node]) -> Node:
    if isinstance(node, Reference):
        return nodes.get(node.key, node) if node.part is None else node
    changes: dict[str, Any] = {}
    if isinstance(node, Call):
        changes["arguments"] = tuple(_in(a, nodes) for a in node.arguments)
    elif isinstance(node, AllOf | AnyOf):
        changes["operands"] = tuple(_in(o, nodes) for o in node.operands)
    elif isinstance(node, Not | Opposite | Membership):
        changes["operand"] = _in(node.operand, nodes)
    elif isinstance(node, Comparison):
        changes.update(left=_in(node.left, nodes), right=_in(node.right, nodes))
    elif isinstance(node, Addition | Multiplication):
        changes["first"] = _in(node.first, nodes)
        changes["rest"] = tuple((sign, _in(part, nodes)) for sign, part in node.rest)
    return cast(Node, replace(node, **changes)) if changes else node
