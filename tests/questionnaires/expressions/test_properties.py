"""What holds of every expression and all answers."""

import math
from datetime import date, datetime
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from consultation.questionnaires.expressions.build import every, negate, some
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.evaluate import evaluate, holds
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.sentence import to_sentence
from consultation.questionnaires.expressions.source import quote, to_source
from consultation.questionnaires.expressions.tree import (
    AllOf,
    AnyOf,
    Call,
    Comparison,
    Expression,
    Node,
    Not,
    Text,
    references,
    walk,
)
from tests.questionnaires.expressions import naive
from tests.questionnaires.expressions.shop import TODAY
from tests.questionnaires.expressions.trees import (
    answers,
    anything,
    nonsense,
    texts,
    trees,
)


def worth(node: Node, given: dict[str, Any]) -> Any:
    return evaluate(Expression(node), given, TODAY)


@settings(max_examples=300)
@given(trees)
def test_what_is_written_reads_back_as_the_same_tree(tree: Node) -> None:
    source = to_source(tree)

    assert parse(source).root == tree
    assert to_source(parse(source)) == source


@settings(max_examples=400)
@given(trees, answers)
def test_two_interpreters_agree(tree: Node, given: dict[str, Any]) -> None:
    assume(not any(isinstance(n, Call) and n.name == "matches" for n, _ in walk(tree)))

    ours, theirs = worth(tree, given), naive.value(tree, given, TODAY)

    assert type(ours) is type(theirs)
    if isinstance(ours, float):
        assert math.isclose(ours, theirs, rel_tol=1e-9)
    else:
        assert ours == theirs


@given(trees, anything | answers)
def test_evaluating_never_fails(tree: Node, given: dict[str, Any]) -> None:
    value = worth(tree, given)

    assert value is None or isinstance(value, bool | int | float | str | date | list | dict)
    assert not isinstance(value, datetime)
    assert not isinstance(value, float) or math.isfinite(value)


@given(trees, nonsense)
def test_an_answer_to_another_question_changes_nothing(tree: Node, answer: object) -> None:
    assert worth(tree, {"ailleurs": answer}) == worth(tree, {})


@given(trees, answers)
def test_only_the_questions_referred_to_are_read(tree: Node, given: dict[str, Any]) -> None:
    read = references(Expression(tree))
    kept = {key: value for key, value in given.items() if key.split(".")[0] in read}

    assert worth(tree, kept) == worth(tree, given)


@given(trees, trees, answers)
def test_the_laws_of_and_or_not(a: Node, b: Node, given: dict[str, Any]) -> None:
    def true(node: Node) -> bool:
        return holds(Expression(node), given, TODAY)

    assert true(Not(Not(a))) == true(a)
    assert true(Not(AllOf((a, b)))) == true(AnyOf((Not(a), Not(b))))
    assert true(Not(AnyOf((a, b)))) == true(AllOf((Not(a), Not(b))))
    assert true(AllOf((a, b))) == true(AllOf((b, a))) == (true(a) and true(b))
    assert true(AnyOf((a, AllOf((a, b))))) == true(a)
    assert true(negate(a)) == true(Not(a))
    assert true(every(a, AllOf((b, a)))) == (true(a) and true(b))
    assert true(some(a, AnyOf((b, a)))) == (true(a) or true(b))


@given(trees, trees, answers)
def test_the_laws_of_comparisons(a: Node, b: Node, given: dict[str, Any]) -> None:
    def true(operator: Any, left: Node = a, right: Node = b) -> bool:
        return worth(Comparison(operator, left, right), given) is True

    assert true("==") != true("!=")
    assert true("==") == true("==", b, a)
    assert true("==", a, a)
    assert true("<") == true(">", b, a)
    assert true("<=") == true(">=", b, a)
    assert not (true("<") and true(">"))
    assert true("<=") or not true("<")
    assert not true("<", a, a)


@given(trees)
def test_every_condition_has_a_sentence(tree: Node) -> None:
    sentence = to_sentence(tree, {})

    assert sentence
    assert "\u202f" not in sentence


@given(
    st.text(max_size=200) | st.text(st.sampled_from("ab1.'\"()[],<=!+-*/ \\notidr"), max_size=60)
)
def test_any_text_is_an_expression_or_an_error_with_its_place(source: str) -> None:
    try:
        parsed = parse(source)
    except ExpressionError as error:
        assert 1 <= error.position <= len(source) + 1
        assert 1 <= error.line <= source.count("\n") + 1
        lines = source.split("\n")
        before = sum(len(line) + 1 for line in lines[: error.line - 1])
        assert before + error.column == error.position
        assert "\u00a0: " in str(error)
    else:
        assert parse(to_source(parsed)) == parsed


@given(texts | st.text(st.sampled_from("'\"\\ad\n"), max_size=8))
def test_any_text_can_be_written_between_quotation_marks(text: str) -> None:
    assert parse(quote(text)).root == Text(text)
