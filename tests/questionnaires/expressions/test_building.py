"""Trees composed by a program, as importers do."""

import pytest

from consultation.questionnaires.expressions import build
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import Node

A, B = build.question("a"), build.question("b", "ligne 1")


@pytest.mark.parametrize(
    ("node", "source"),
    [
        (build.equals("a", "l'eau"), 'a == "l\'eau"'),
        (build.differs("a", None), "a != none"),
        (build.compare(A, "<=", build.literal(-2.5)), "a <= -2.5"),
        (build.among(B, ["x", 2, True]), "b.'ligne 1' in ['x', 2, true]"),
        (build.negate(build.among(A, ["x"])), "a not in ['x']"),
        (build.negate(build.equals("a", 1)), "a != 1"),
        (build.negate(build.negate(build.selected("a", "x"))), "selected(a, 'x')"),
        (build.every(), "true"),
        (build.some(), "false"),
        (build.every(build.answered("a")), "answered(a)"),
        (build.every(build.every(A, B), A), "a and b.'ligne 1' and a"),
        (build.every(build.some(A, B), A), "(a or b.'ligne 1') and a"),
        (build.add(A, B, build.literal(1)), "a + b.'ligne 1' + 1"),
        (build.subtract(A, build.subtract(A, A)), "a - (a - a)"),
        (build.divide(build.multiply(A, A), build.add(A, A)), "(a * a) / (a + a)"),
        (build.call("sum", A, B), "sum(a, b.'ligne 1')"),
    ],
)
def test_what_is_composed_is_what_would_be_typed(node: Node, source: str) -> None:
    assert to_source(node) == source
    assert build.expression(node).root == node
    assert build.expression(node).source == source


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(ExpressionError, match="5000"):
        build.expression(build.literal("x" * 5000))


def test_a_key_that_is_no_key_is_refused() -> None:
    with pytest.raises(ExpressionError):
        build.expression(build.question("Q1 A"))
