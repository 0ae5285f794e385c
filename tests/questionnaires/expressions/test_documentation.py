"""The reference page is true: every example and every message in it is tried."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from consultation.questionnaires.expressions.check import check
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.evaluate import evaluate
from consultation.questionnaires.expressions.functions import FUNCTIONS
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.tree import RESERVED, Call, walk
from tests.questionnaires.expressions.shop import SYMBOLS, TODAY

PAGE = (Path(__file__).parents[3] / "docs" / "expressions.md").read_text(encoding="utf-8")
ANSWERS = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])  # type: ignore[index]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("|")
]
EXAMPLES = [
    (row[-2].strip("`"), row[-1].strip("`"))
    for row in ROWS
    if len(row) > 2 and row[-2].startswith("`") and row[-1].startswith("`")
]
MESSAGES = [(row[0].strip("`"), row[1]) for row in ROWS if row[1].startswith("Caractère")]


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) > 50
    assert len(MESSAGES) > 10


@pytest.mark.parametrize(("example", "result"), EXAMPLES)
def test_an_example_gives_what_the_page_says(example: str, result: str) -> None:
    given, wanted = (evaluate(parse(source), ANSWERS, TODAY) for source in (example, result))

    assert type(given) is type(wanted) or {type(given), type(wanted)} == {int, float}
    assert given == wanted


@pytest.mark.parametrize(("source", "message"), MESSAGES)
def test_a_mistake_gets_the_message_of_the_page(source: str, message: str) -> None:
    assert _first_error(source).replace("\u00a0", " ") == message


def _first_error(source: str) -> str:
    try:
        return str(check(parse(source), SYMBOLS)[0])
    except ExpressionError as error:
        return str(error)


def test_every_function_and_reserved_word_is_on_the_page() -> None:
    called = {
        node.name
        for example, _ in EXAMPLES
        for node, _ in walk(parse(example).root)
        if isinstance(node, Call)
    }
    described = set(re.findall(r"^\| `([a-z_]+)\(", PAGE, re.MULTILINE))

    assert called == described == set(FUNCTIONS)
    assert all(f"`{word}`" in PAGE for word in RESERVED)


def test_the_day_of_the_page_is_the_day_of_its_examples() -> None:
    assert date(2022, 3, 11) == TODAY
    assert "11 March 2022" in PAGE
