"""Sources and the trees they stand for."""

import pytest

from consultation.questionnaires.expressions.evaluate import evaluate
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import (
    AllOf,
    AnyOf,
    Boolean,
    Comparison,
    Membership,
    Not,
    Nothing,
    Number,
    Opposite,
    Reference,
    Text,
    references,
)
from tests.questionnaires.expressions.shop import TODAY

A, B, C = Reference("a"), Reference("b"), Reference("c")


@pytest.mark.parametrize(
    ("source", "same"),
    [
        ("a or b and c", "a or (b and c)"),
        ("a or (b or c)", "(a) or (b or c)"),
        ("a and (b and c)", "(a) and (b and c)"),
        ("a - (b - c)", "a - ((b) - c)"),
        ("not a and b", "(not a) and b"),
        ("not a == b", "not (a == b)"),
        ("a + b * c", "a + (b * c)"),
        ("-a * b", "(-a) * b"),
        ("a + 1 < b * 2", "(a + 1) < (b * 2)"),
        ("a == 1 or b in [2] and not c != 3", "(a == 1) or ((b in [2]) and (not (c != 3)))"),
    ],
)
def test_operators_bind_as_in_the_table(source: str, same: str) -> None:
    assert parse(source).root == parse(same).root
    assert to_source(parse(same)) == source


def test_subtractions_go_from_left_to_right() -> None:
    assert evaluate(parse("10 - 3 - 2"), {}, TODAY) == 5
    assert evaluate(parse("10 - (3 - 2)"), {}, TODAY) == 9
    assert evaluate(parse("12 / 3 / 2"), {}, TODAY) == 2


def test_a_comparison_is_not_a_whole_condition() -> None:
    assert parse("a == b and not c").root == AllOf((Comparison("==", A, B), Not(C)))
    assert parse("a or b or c").root == AnyOf((A, B, C))


def test_the_literals() -> None:
    written = parse("a in ['x', \"y\", 1250.5, -3, 007, true, false, none]").root

    assert written == Membership(
        A,
        (
            Text("x"),
            Text("y"),
            Number(1250.5),
            Number(-3),
            Number(7),
            Boolean(True),
            Boolean(False),
            Nothing(),
        ),
    )


def test_a_minus_before_a_number_is_part_of_it() -> None:
    assert parse("-5").root == Number(-5)
    assert parse("-(5)").root == Opposite(Number(5))
    assert parse("--5").root == Opposite(Number(-5))
    assert to_source(parse("-(5)")) == "-(5)"


def test_apostrophes_and_backslashes_in_texts() -> None:
    assert parse(r"'l\'eau'").root == Text("l'eau")
    assert parse('"l\'eau"').root == Text("l'eau")
    assert parse(r"'\d{5}'").root == Text(r"\d{5}")
    assert parse(r"'C:\\'").root == Text("C:\\")


def test_a_row_is_named_after_a_point() -> None:
    assert parse("satisfaction.rd").root == Reference("satisfaction", "rd")
    assert parse("grille.SQ001").root == Reference("grille", "SQ001")
    assert parse("grille.'ligne 1'").root == Reference("grille", "ligne 1")
    assert to_source(parse('grille."rd"')) == "grille.rd"


def test_words_that_begin_like_operators_are_keys() -> None:
    assert parse("android or notaire or inconnu").root == AnyOf(
        (Reference("android"), Reference("notaire"), Reference("inconnu"))
    )


def test_a_function_name_may_also_be_the_key_of_a_question() -> None:
    assert references(parse("count(count) > 1")) == {"count"}


def test_spaces_and_line_breaks_do_not_count() -> None:
    assert parse(" a\n  ==\t'x'\u00a0").root == parse("a=='x'").root


def test_what_is_read_is_the_questions_not_their_rows() -> None:
    condition = parse("satisfaction.rd == 4 and sum(budget) > 10 or secteur.other == acteur")

    assert references(condition) == {"satisfaction", "budget", "secteur", "acteur"}


def test_a_source_is_read_once() -> None:
    assert parse("a == 'unique'") is parse("a == 'unique'")
