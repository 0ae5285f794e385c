"""The value of an expression. Total: every tree and every answer give a value, never an error.

A tree is turned once into nested Python functions, kept beside it: evaluating is then calling.
"""

from collections.abc import Callable
from datetime import date, datetime

from consultation.questionnaires.expressions.functions import FUNCTIONS
from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
    Constant,
    Expression,
    Membership,
    Multiplication,
    Node,
    Not,
    Nothing,
    Number,
    Opposite,
    Reference,
    Text,
)
from consultation.questionnaires.expressions.values import (
    Answers,
    Value,
    as_number,
    bounded,
    equal,
    is_typed,
    near_one,
    order,
    scalar,
    worth,
)

Program = Callable[[Answers, date], Value]


def evaluate(expression: Expression, answers: Answers, today: date) -> Value:
    """The value of the expression for these answers (question key -> stored answer).

    `none` is worth None. `today` is the day in the time zone of the consultation.
    """
    program = expression.program
    if program is None:
        program = compile_node(expression.root)
        object.__setattr__(expression, "program", program)
    return program(answers, today.date() if isinstance(today, datetime) else today)


def holds(expression: Expression, answers: Answers, today: date) -> bool:
    """Whether a condition is true for these answers; `none` is not."""
    return bool(evaluate(expression, answers, today))


def compile_node(node: Node) -> Program:
    """The function that gives the value of a node."""
    match node:
        case Text() | Number() | Boolean() | Nothing():
            return _constant(constant_value(node))
        case Reference(key, part):
            return _question(key) if part is None else _part(key, part)
        case Call():
            return _call(node)
        case Comparison(operator, left, right):
            return _comparison(operator, left, right)
        case Membership():
            return _membership(node)
        case Not(operand):
            return _not(compile_node(operand))
        case AllOf(operands):
            return _all(tuple(compile_node(operand) for operand in operands))
        case AnyOf(operands):
            return _any(tuple(compile_node(operand) for operand in operands))
        case Opposite(operand):
            return _opposite(compile_node(operand))
        case Addition(first, rest) | Multiplication(first, rest):
            return _chain(first, rest)


def constant_value(node: Constant) -> Value:
    """The value of a literal; an empty text is none, as an empty answer is."""
    return None if isinstance(node, Nothing) else worth(node.value)


def _constant(value: Value) -> Program:
    return lambda answers, today: value


def _question(key: str) -> Program:
    return lambda answers, today: worth(answers.get(key))


def _part(key: str, part: str) -> Program:
    flat = f"{key}.{part}"

    def run(answers: Answers, today: date) -> Value:
        rows = answers.get(key)
        if isinstance(rows, dict) and part in rows:
            return None if is_typed(rows) else scalar(rows[part])
        return worth(answers.get(flat))

    return run


def _call(call: Call) -> Program:
    function = FUNCTIONS.get(call.name)
    if function is None or not function.takes(len(call.arguments)):
        return _constant(None)
    programs = tuple(compile_node(argument) for argument in call.arguments)
    run = function.run
    if run is None:
        return _choice(*programs) if call.name == "if" else lambda answers, today: today
    return lambda answers, today: run(*[program(answers, today) for program in programs])


def _choice(condition: Program, then: Program, otherwise: Program) -> Program:
    def run(answers: Answers, today: date) -> Value:
        return (then if condition(answers, today) else otherwise)(answers, today)

    return run


def _comparison(operator: str, left: Node, right: Node) -> Program:
    first, second = compile_node(left), compile_node(right)
    if operator == "==":
        return lambda answers, today: equal(first(answers, today), second(answers, today))
    if operator == "!=":
        return lambda answers, today: not equal(first(answers, today), second(answers, today))
    accepted = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}[operator]
    return lambda answers, today: order(first(answers, today), second(answers, today)) in accepted


def _membership(node: Membership) -> Program:
    operand, negated = compile_node(node.operand), node.negated
    items = [constant_value(item) for item in node.items]
    texts = frozenset(item for item in items if isinstance(item, str))
    numbers = [item for item in items if type(item) in (int, float)]

    def among(value: Value) -> bool:
        if isinstance(value, str):
            return value in texts or (bool(numbers) and near_one(as_number(value), numbers))
        if isinstance(value, list):
            return any(among(part) for part in value)
        return any(equal(value, item) for item in items)

    return lambda answers, today: among(operand(answers, today)) is not negated


def _not(operand: Program) -> Program:
    return lambda answers, today: not operand(answers, today)


def _all(operands: tuple[Program, ...]) -> Program:
    def run(answers: Answers, today: date) -> Value:
        for operand in operands:  # noqa: SIM110 - twice as fast as all() over a generator
            if not operand(answers, today):
                return False
        return True

    return run


def _any(operands: tuple[Program, ...]) -> Program:
    def run(answers: Answers, today: date) -> Value:
        for operand in operands:  # noqa: SIM110
            if operand(answers, today):
                return True
        return False

    return run


def _opposite(operand: Program) -> Program:
    def run(answers: Answers, today: date) -> Value:
        number = as_number(operand(answers, today))
        return None if number is None else -number

    return run


def _chain(first: Node, rest: tuple[tuple[str, Node], ...]) -> Program:
    start = compile_node(first)
    terms = [(sign, compile_node(term)) for sign, term in rest]

    def run(answers: Answers, today: date) -> Value:
        result = as_number(start(answers, today))
        for sign, term in terms:
            if result is None:
                return None
            result = _apply(sign, result, as_number(term(answers, today)))
        return result

    return run


def _apply(sign: str, left: int | float, right: int | float | None) -> int | float | None:
    if right is None or (sign == "/" and right == 0):
        return None
    if sign == "+":
        return bounded(left + right)
    if sign == "-":
        return bounded(left - right)
    return bounded(left * right if sign == "*" else left / right)
