"""What an organiser is told when an expression cannot be read, and hostile sources."""

import time

import pytest

from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import Node, Not, Reference


def refused(source: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse(source)
    return caught.value


@pytest.mark.parametrize(
    ("source", "position", "advice"),
    [
        ("", 1, "vide"),
        ("   ", 1, "vide"),
        ("acteur = 'pole'", 8, "écrivez =="),
        ("acteur == ‘pole’", 11, "guillemets droits"),
        ("acteur == «pole»", 11, "guillemets droits"),
        ("acteur == 'pole", 11, "n’est pas fermé"),
        ("Acteur == 'pole'", 1, "minuscules"),
        ("a == 1 AND b == 2", 8, "minuscules"),
        ("a == 1 && b == 2", 8, "écrivez and"),
        ("a == 1 || b == 2", 8, "écrivez or"),
        ("!a", 1, "écrivez not"),
        ("${acteur} == 'pole'", 1, "sans ${ }"),
        ("région == '11'", 2, "ne peut pas faire partie d’une clé"),
        ("part > 1,5", 9, "écrivez un point"),
        ("part == 50 %", 12, "sans le signe\u00a0%"),
        ("1 < part < 5", 10, "ne s’enchaîne pas"),
        ("(a == 1", 8, "parenthèse fermante"),
        ("a == 1)", 7, "n’est pas attendue"),
        ("a in ['x'", 10, "crochet fermant"),
        ("a in 'x'", 6, "entre crochets"),
        ("a not 'x'", 7, "not in"),
        ("a == 1 b == 2", 8, "and ou or"),
        ("a ==", 5, "il manque une valeur"),
        ("a == and b", 6, "il manque une valeur"),
        ("selected(a,)", 12, "parenthèse fermante n’est pas attendue"),
        ("a == 1.", 7, "entre deux chiffres"),
        ("not.rd == 1", 1, "ne peut pas être la clé"),
        ("a == 1234567890123456", 6, "trop long"),
        ("a == 0." + "1" * 60, 6, "trop long"),
    ],
)
def test_the_message_points_at_the_character_and_says_what_to_write(
    source: str, position: int, advice: str
) -> None:
    error = refused(source)

    assert error.position == position
    assert str(error).startswith(f"Caractère {position}\u00a0: ")
    assert advice in str(error)
    assert error.message_fr == str(error)
    assert str(error).endswith(error.reason)


def test_on_several_lines_the_line_is_said() -> None:
    error = refused("acteur == 'pole'\n  and = 2")

    assert (error.position, error.line, error.column) == (24, 2, 7)
    assert str(error).startswith("Ligne 2, caractère 7\u00a0: ")


HOSTILE = [
    "(" * 5000,
    "(" * 2499 + "a" + ")" * 2499,
    "not " * 1249 + "a",
    "-" * 4999 + "a",
    "abs(" * 1200 + "a",
    "abs(" * 1200 + "a" + ")" * 190,
    "a" * 5000,
    "a." * 2500,
    "'" * 4999,
    "'\\" * 2500,
    '"' + "\\'" * 2499,
    "[" * 5000,
    "a in [" + "1," * 2490 + "1]",
    "a+" * 2499 + "a",
    "a or " * 999 + "a",
    "1" * 5000,
    "0." + "9" * 4998,
    "a==" * 1666,
    "\x00" * 5000,
    "a == '\ud800'",
    "é" * 5000,
    "if(a," * 900 + "b",
    "\n" * 5000,
    "x" * 1_000_000,
]


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_source_costs_little_and_at_worst_one_error(source: str) -> None:
    started = time.process_time()
    try:
        parse(source)
    except ExpressionError as error:
        assert len(str(error)) < 200
    assert time.process_time() - started < 5


def test_sixty_levels_and_no_more() -> None:
    assert parse("not " * 59 + "a").root
    assert refused("not " * 60 + "a").position == 241
    assert refused("abs(" * 100 + "a" + ")" * 100).position == 241


def test_parentheses_that_add_nothing_are_no_levels() -> None:
    assert parse("(" * 200 + "a" + ")" * 200) == parse("a")


def test_five_thousand_characters_and_no_more() -> None:
    assert parse("a" + " " * 4999).root
    assert refused("a" + " " * 5000).position == 5001


def test_a_tree_made_too_deep_is_refused_when_written() -> None:
    tree: Node = Reference("a")
    for _ in range(5000):
        tree = Not(tree)

    with pytest.raises(ExpressionError, match="trop imbriquée"):
        to_source(tree)
