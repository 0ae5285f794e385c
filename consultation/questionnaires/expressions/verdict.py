"""Whether a condition can be true, can be false: found by trying the answers it can tell apart."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from math import prod
from random import Random
from typing import Any, Literal, cast

from consultation.questionnaires.expressions.domains import Domain, domain
from consultation.questionnaires.expressions.evaluate import compile_node
from consultation.questionnaires.expressions.symbols import Shape, Symbol, kind_of_part
from consultation.questionnaires.expressions.tree import (
    AllOf,
    AnyOf,
    Expression,
    Node,
    references,
)
from consultation.questionnaires.expressions.uses import Variable, reads_the_day, uses

Verdict = Literal["always", "never", "sometimes", "unknown"]

MAX_TRIALS = 2000
_SAMPLE = 300


def verdict(expression: Expression, symbols: Mapping[str, Symbol], today: date) -> Verdict:
    """Try answers: "always" and "never" are certain, "unknown" is when there are too many.

    For the organiser: a question whose condition is never true is seen by nobody, and a condition
    that is always true is useless.
    """
    return _verdict(expression.root, symbols, today)


def _verdict(node: Node, symbols: Mapping[str, Symbol], today: date) -> Verdict:
    if not isinstance(node, AllOf | AnyOf):
        return _tried(node, symbols, today)
    parts = _independent(node)
    if len(parts) > 1:
        return _joined(node, [_verdict(part, symbols, today) for part in parts])
    found = _tried(node, symbols, today)
    if found == "unknown" and any(
        _tried(part, symbols, today) == _decisive(node) for part in _about_one_question(node)
    ):
        return _decisive(node)
    return found


def _decisive(node: AllOf | AnyOf) -> Verdict:
    return "never" if isinstance(node, AllOf) else "always"


def _joined(node: AllOf | AnyOf, verdicts: list[Verdict]) -> Verdict:
    """The verdict on parts that read different questions, from the verdict on each."""
    if _decisive(node) in verdicts:
        return _decisive(node)
    if "unknown" in verdicts:
        return "unknown"
    return verdicts[0] if len(set(verdicts)) == 1 else "sometimes"


def _independent(node: AllOf | AnyOf) -> list[Node]:
    """The operands in groups that read no question in common."""
    groups: list[tuple[frozenset[str], list[Node]]] = []
    for operand in node.operands:
        keys, members = references(Expression(operand)), [operand]
        for group in [group for group in groups if group[0] & keys]:
            groups.remove(group)
            keys, members = keys | group[0], group[1] + members
        groups.append((keys, members))
    return [_regrouped(node, members) for _, members in groups]


def _about_one_question(node: AllOf | AnyOf) -> Iterator[Node]:
    """For each question, the operands that read nothing else."""
    reads = [(references(Expression(operand)), operand) for operand in node.operands]
    for key in sorted(references(Expression(node))):
        members = [operand for keys, operand in reads if keys == {key}]
        if members:
            yield _regrouped(node, members)


def _regrouped(node: AllOf | AnyOf, members: list[Node]) -> Node:
    return members[0] if len(members) == 1 else type(node)(tuple(members))


def _tried(node: Node, symbols: Mapping[str, Symbol], today: date) -> Verdict:
    domains = _domains(node, symbols)
    complete = all(whole for _, whole in domains.values()) and not reads_the_day(node)
    complete = complete and prod(len(values) for values, _ in domains.values()) <= MAX_TRIALS
    outcomes = _outcomes(node, domains, symbols, today, complete)
    if len(outcomes) == 2:
        return "sometimes"
    if not complete:
        return "unknown"
    return "always" if True in outcomes else "never"


def _outcomes(
    node: Node,
    domains: Mapping[Variable, Domain],
    symbols: Mapping[str, Symbol],
    today: date,
    complete: bool,
) -> set[bool]:
    program = compile_node(node)
    outcomes: set[bool] = set()
    choices = [values for values, _ in domains.values()]
    for values in product(*choices) if complete else _some_of(choices):
        answers = _answers(dict(zip(domains, values, strict=True)), symbols)
        outcomes.add(bool(program(answers, today)))
        if len(outcomes) == 2:
            break
    return outcomes


def _some_of(choices: list[list[object]]) -> Iterator[list[object]]:
    draw = Random(1)  # noqa: S311 - the same answers each time
    for _ in range(_SAMPLE):
        yield [draw.choice(values) for values in choices]


def _domains(node: Node, symbols: Mapping[str, Symbol]) -> dict[Variable, Domain]:
    domains = {}
    for variable, use in uses(node).items():
        values, whole = domain(_symbol(variable, symbols), use)
        domains[variable] = values, whole and variable[0] in symbols
    return domains


def _symbol(variable: Variable, symbols: Mapping[str, Symbol]) -> Symbol:
    """What is known of a question, of its row, or of the text of its "other"."""
    key, part = variable
    symbol = symbols.get(key, Symbol("text"))
    if part is None:
        return symbol
    kind = kind_of_part(symbol, part)
    return Symbol("text") if kind is None else Symbol(cast(Shape, kind.shape), kind.options)


def _answers(values: Mapping[Variable, object], symbols: Mapping[str, Symbol]) -> dict[str, object]:
    """The stored answers: the rows of a question together, "other" beside its question."""
    answers: dict[str, object] = {}
    for (key, part), value in values.items():
        if key in symbols and symbols[key].shape == "rows":
            rows = {part: value} if part is not None else value or {}
            answers[key] = {**cast(dict[str, object], answers.get(key, {})), **cast(Any, rows)}
        else:
            answers[key if part is None else f"{key}.{part}"] = value
    return answers
