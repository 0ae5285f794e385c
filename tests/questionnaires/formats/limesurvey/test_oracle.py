"""Random equations: ours gives what LimeSurvey's own rules give, for any answers.

The oracle below evaluates as LimeSurvey's server does: answers are texts, an unanswered or hidden
one is empty, two texts that are numbers compare as numbers, and a number never compares with what
is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consultation.questionnaires.expressions.evaluate import evaluate
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.formats.limesurvey.reader import _Reader, _symbols
from consultation.questionnaires.formats.limesurvey.source import read_source
from consultation.questionnaires.formats.limesurvey.work import Work
from tests.questionnaires.formats.limesurvey.survey import Survey

CODES = ("A1", "A2", "A3")
BOXES = ("a", "b", "c")
TODAY = date(2022, 3, 11)
Tree = tuple[Any, ...]


def survey() -> Survey:
    made = Survey()
    made.question("L", "list", options=dict.fromkeys(CODES, "x"), other="Y")
    made.question("M", "boxes", rows=dict.fromkeys(BOXES, "x"))
    made.question("A", "rows", rows={"r1": "x", "r2": "x"})
    made.question("N", "number")
    made.question("5", "five")
    made.question("S", "short")
    made.question("R", "rank", options=dict.fromkeys(CODES, "x"))
    return made


@pytest.fixture(scope="module")
def work() -> Work:
    reader = _Reader(read_source(survey().lss()), "x.lss")
    reader.work.symbols = _symbols(reader._sections())
    reader.work.silent = False
    return reader.work


# --- the answers, and the variables LimeSurvey makes of them -------------------------------------


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    found = {
        "list": draw(st.sampled_from([None, *CODES, "other"])),
        "boxes": draw(st.lists(st.sampled_from(BOXES), unique=True)),
        "rows": draw(st.dictionaries(st.sampled_from(["r1", "r2"]), st.sampled_from("12345"))),
        "number": draw(st.none() | st.integers(-3, 12)),
        "five": draw(st.sampled_from([None, *"12345"])),
        "short": draw(st.sampled_from([None, "oui", "7", "un mot"])),
        "rank": draw(st.lists(st.sampled_from(CODES), unique=True)),
    }
    return {key: answer for key, answer in found.items() if answer not in (None, [], {})}


def variables(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables of LimeSurvey for answers, as texts."""
    chosen = given.get("list", "")
    found = {
        "list": "-oth-" if chosen == "other" else chosen,
        "number": str(given.get("number", "")),
        "five": given.get("five", ""),
        "short": given.get("short", ""),
    }
    found |= {f"boxes_{b}": "Y" if b in given.get("boxes", ()) else "" for b in BOXES}
    found |= {f"rows_{r}": given.get("rows", {}).get(r, "") for r in ("r1", "r2")}
    places = [*given.get("rank", ()), "", "", ""]
    return found | {f"rank_{n}": places[n - 1] for n in (1, 2, 3)}


# --- the equations -------------------------------------------------------------------------------

SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "ge"])
EQUAL = st.sampled_from(["==", "!=", "ne", "eq"])
NUMERIC = st.sampled_from(["number", "five", "rows_r1", "rows_r2"])
FIGURES = st.integers(1, 5).map(str)


def among(*words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words)


def leaf(name: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[Tree]:
    return st.tuples(st.just(name), *parts)


def leaves() -> st.SearchStrategy[Tree]:
    return st.one_of(
        leaf("cmp", EQUAL, among("list"), among('"A1"', '"A2"', '"-oth-"', '""')),
        leaf("cmp", SIGNS, among("list"), among('"A2"')),
        leaf("cmp", EQUAL, among("boxes_a", "boxes_b", "boxes_c"), among('"Y"', '""')),
        leaf("cmp", EQUAL, among("rank_1", "rank_2", "rank_3"), among('"A1"', '"A3"', '""')),
        leaf("cmp", SIGNS, NUMERIC, FIGURES),
        leaf("cmp", EQUAL, among("short"), among('"oui"', '"7"', '""')),
        leaf("cmp", SIGNS, NUMERIC, NUMERIC),
        leaf("empty", among("list", "number", "boxes_a", "rows_r1", "rank_2", "short")),
        leaf("count", SIGNS, COUNTED, st.integers(0, 4).map(str)),
        leaf("sum", SIGNS, among("number, five", "that.rows", "rows_r1, 3"), FIGURES),
        leaf("countif", SIGNS, FIGURES, st.integers(0, 2).map(str)),
        leaf("floor", SIGNS, among("number", "five"), st.integers(-2, 6).map(str)),
        leaf("alone", among("list", "number", "boxes_b", "rows_r2", "rank_1")),
    )


COUNTED = among("that.boxes", "that.rows", "that.rank", "boxes_a, boxes_b", "rows_r1, list")
EQUATIONS = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["and", "or", "&&", "||"]), inner, inner),
        st.tuples(st.just("!"), inner),
        st.tuples(st.just("if"), inner, inner, inner),
    ),
    max_leaves=6,
)


def spelled(tree: Tree) -> str:
    match tree:
        case ("cmp", sign, left, right):
            return f"{left}.NAOK {sign} {right}"
        case ("empty", name):
            return f"is_empty({name})"
        case ("count" | "sum" | "floor" as function, sign, names, number):
            return f"{function}({names}) {sign} {number}"
        case ("countif", sign, value, number):
            return f'countif("{value}", that.rows) {sign} {number}'
        case ("alone", name):
            return str(name)
        case ("!", inner):
            return f"!({spelled(inner)})"
        case ("if", condition, then, otherwise):
            return f"if({spelled(condition)}, {spelled(then)}, {spelled(otherwise)})"
        case (operator, left, right):
            return f"({spelled(left)}) {operator} ({spelled(right)})"
    raise AssertionError(tree)


# --- the oracle ----------------------------------------------------------------------------------


def is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def compared(sign: str, left: str, right: str) -> bool:
    """Compare two texts by the rules of the Expression Manager."""
    sign = {"eq": "==", "ne": "!=", "lt": "<", "ge": ">="}.get(sign, sign)
    numbers = is_number(left) and is_number(right)
    if sign in ("==", "!="):
        same = float(left) == float(right) if numbers else left == right
        return same is (sign == "==")
    if numbers:
        order = float(left) - float(right)
    elif is_number(left) or is_number(right) or not left or not right:
        return False
    else:
        order = (left > right) - (left < right)
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[sign]


def oracle(tree: Tree, values: Mapping[str, str]) -> bool:
    match tree:
        case ("cmp", sign, left, right):
            return compared(sign, values[left], values.get(right, right.strip('"')))
        case ("empty", name):
            return values[name] == ""
        case ("count", sign, names, number):
            return compared(sign, str(sum(v != "" for v in of(names, values))), number)
        case ("sum", sign, names, number):
            total = sum(float(v) for v in of(names, values) if is_number(v))
            return compared(sign, str(total), number)
        case ("countif", sign, value, number):
            return compared(sign, str(of("that.rows", values).count(value)), number)
        case ("floor", sign, name, number):
            return compared(sign, values[name] or "0", number)
        case ("alone", name):
            return values[name] not in ("", "0")
        case ("!", inner):
            return not oracle(inner, values)
        case ("if", condition, then, otherwise):
            return oracle(then if oracle(condition, values) else otherwise, values)
        case (operator, left, right):
            both = (oracle(left, values), oracle(right, values))
            return all(both) if operator in ("and", "&&") else any(both)
    raise AssertionError(tree)


def of(names: str, values: Mapping[str, str]) -> list[str]:
    """Return the values of a list of names, ``that.`` standing for every part of a question."""
    found = []
    for name in names.split(", "):
        if name.startswith("that."):
            start = name.removeprefix("that.") + "_"
            found += [v for n, v in values.items() if n.startswith(start)]
        else:
            found.append(values.get(name, name))
    return found


@settings(deadline=None, max_examples=250)
@given(tree=EQUATIONS, given_answers=answers())
@example(tree=("cmp", "!=", "list", '"A1"'), given_answers={})
@example(tree=("sum", "<", "number, five", "3"), given_answers={})
@example(tree=("!", ("cmp", "<", "number", "5")), given_answers={})
def test_an_equation_holds_for_us_when_it_holds_in_limesurvey(
    work: Work, tree: Tree, given_answers: dict[str, Any]
) -> None:
    ours = work.translated(spelled(tree))

    found = evaluate(parse(ours), given_answers, TODAY) is True
    assert found is oracle(tree, variables(given_answers)), ours
