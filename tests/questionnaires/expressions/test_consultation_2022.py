"""The conditions of the real questionnaire of 2022: read, checked, judged, read aloud."""

from pathlib import Path
from typing import Any

import pytest

from consultation.questionnaires import starters
from consultation.questionnaires.compiled import CompiledVersion, Item, compile_version
from consultation.questionnaires.expressions.check import check
from consultation.questionnaires.expressions.graph import cycles, unreachable
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.sentence import Label, to_sentence
from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.expressions.tree import Expression, references
from consultation.questionnaires.expressions.verdict import verdict
from consultation.questionnaires.format import decode
from consultation.questionnaires.kinds.reference import behaviour
from tests.questionnaires.expressions.shop import TODAY


@pytest.fixture(scope="module")
def version() -> CompiledVersion:
    stored = Path(starters.__file__).with_name("poles_2022.json")
    return compile_version(decode(stored.read_bytes()))


@pytest.fixture(scope="module")
def symbols(version: CompiledVersion) -> dict[str, Symbol]:
    return {key: symbol(item) for key, item in version.items.items()}


@pytest.fixture(scope="module")
def conditions(version: CompiledVersion) -> dict[str, Expression]:
    return {key: item.condition for key, item in version.items.items() if item.condition}


def symbol(item: Item) -> Symbol:
    kind = behaviour(item.resolved) if item.name == "reference" else item.kind
    shape: Any = kind.SHAPE
    options = frozenset(option.value for option in item.resolved.options)
    rows = frozenset(row.value for row in item.resolved.rows)
    other = any(option.other for option in item.resolved.options)
    return Symbol(shape, options or None, rows or None, other)


def test_its_twenty_conditions_mean_something(
    conditions: dict[str, Expression], symbols: dict[str, Symbol]
) -> None:
    assert len(conditions) == 20
    for key, condition in conditions.items():
        assert check(condition, symbols) == [], key
        assert verdict(condition, symbols, TODAY) == "sometimes", key


def test_its_constraint_means_something(
    version: CompiledVersion, symbols: dict[str, Symbol]
) -> None:
    constraints = [each for item in version.items.values() for each, _ in item.constraints]

    assert len(constraints) == 1
    assert check(constraints[0], symbols) == []


def test_nobody_waits_for_himself_and_every_question_can_be_seen(
    conditions: dict[str, Expression], symbols: dict[str, Symbol]
) -> None:
    assert cycles({key: references(each) for key, each in conditions.items()}) == []
    assert unreachable(conditions, symbols, TODAY) == []


def test_a_slip_in_a_code_is_seen(symbols: dict[str, Symbol]) -> None:
    slip = check(parse("acteur in ['entreprise_micro', 'entreprise_pmi']"), symbols)

    assert [error.position for error in slip] == [32]
    assert "peut-être «\u00a0entreprise_pme\u00a0»" in str(slip[0])


def test_the_condition_of_the_organisation_reads_as_its_author_says_it(
    version: CompiledVersion, conditions: dict[str, Expression]
) -> None:
    labels = {
        key: Label(
            item.question.label["fr"],
            {option.value: option.label["fr"] for option in item.resolved.options},
        )
        for key, item in version.items.items()
    }

    said = to_sentence(conditions["organisme"], labels)

    asked = labels["acteur"].text
    private_person = labels["acteur"].options["particulier"]
    assert said == f"si «\u00a0{asked}\u00a0» n’est pas «\u00a0{private_person}\u00a0»"
