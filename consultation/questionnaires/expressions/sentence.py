"""A condition read aloud in French, with the words of the questionnaire instead of its codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consultation.questionnaires.expressions.functions import FUNCTIONS
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparator,
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
from consultation.questionnaires.expressions.wording import (
    PHRASES,
    french_date,
    french_number,
    has_answer,
    in_quotes,
    listed,
    said,
)

_ASKING = {
    "answered": "",
    "selected": "comprend",
    "contains": "contient",
    "starts_with": "commence par",
    "matches": "suit le motif",
}
_AMOUNTS = {"<": ("atteint", False), "<=": ("dépasse", False)} | {
    ">": ("dépasse", True),
    ">=": ("atteint", True),
}
"""Verbs without a gender, and whether they are affirmed."""

_DAYS = {"<": "avant {}", "<=": "{} ou avant", ">": "après {}", ">=": "{} ou après"}
_MIRRORED: dict[str, Comparator] = {
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
    "==": "==",
    "!=": "!=",
}
_ALWAYS, _NEVER = "dans tous les cas", "dans aucun cas"
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


@dataclass(frozen=True, slots=True)
class Label:
    """The words of a question in the language of the reader: its text, its options, its rows."""

    text: str
    options: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)


def to_sentence(expression: Expression | Node, labels: Mapping[str, Label]) -> str:
    """« si … » for a condition, the name of the value for a computed value.

    A question or an option without a label is called by its code. No full stop at the end.
    """
    node = expression.root if isinstance(expression, Expression) else expression
    reader = _Reader(labels)
    if not _is_condition(node):
        return reader.value(node)
    words = reader.condition(node)
    if words in (_ALWAYS, _NEVER):
        return words
    return f"si {words}".replace("si il ", "s’il ", 1)


def _is_condition(node: Node) -> bool:
    if isinstance(node, Call):
        return node.name in _ASKING and FUNCTIONS[node.name].takes(len(node.arguments))
    return isinstance(node, Comparison | Membership | Not | AllOf | AnyOf | Boolean | Reference)


class _Reader:
    def __init__(self, labels: Mapping[str, Label]) -> None:
        self.labels = labels

    # Conditions: `holds` is false to say the contrary.

    def condition(self, node: Node, holds: bool = True) -> str:
        match node:
            case AllOf(operands) | AnyOf(operands):
                word = "et" if isinstance(node, AllOf) else "ou"
                joined = listed([self.operand(each) for each in operands], word)
                return joined if holds else f"il est faux que ({joined})"
            case Not(operand):
                return self.condition(operand, not holds)
            case Comparison(operator, left, right):
                return self.comparison(operator, left, right, holds)
            case Membership(operand, items, negated):
                return self.membership(operand, items, holds is not negated)
            case Call(name, arguments) if _is_condition(node):
                return self.asking(name, arguments, holds)
            case Boolean(value):
                return _ALWAYS if value is holds else _NEVER
            case Reference():
                return f"{self.question(node)} {said('est coché', holds)}"
        return f"{self.value(node)} {said('est vrai', holds)}"

    def operand(self, node: Node) -> str:
        words = self.condition(node)
        return f"({words})" if isinstance(node, AllOf | AnyOf) else words

    def comparison(self, operator: Comparator, left: Node, right: Node, holds: bool) -> str:
        if isinstance(left, Constant):
            left, right, operator = right, left, _MIRRORED[operator]
        if operator in ("==", "!="):
            return self.equality(left, right, holds is (operator == "=="))
        subject, bound = self.value(left), self.option(left, right)
        if _is_date(left) or _is_date(right):
            return f"{subject} {said('est', holds)} {_DAYS[operator].format(bound)}"
        verb, affirmed = _AMOUNTS[operator]
        return f"{subject} {said(verb, holds is affirmed)} {bound}"

    def equality(self, left: Node, right: Node, holds: bool) -> str:
        subject = self.value(left)
        if isinstance(right, Nothing) or right == Text(""):
            return f"{subject} {has_answer(not holds)}"
        if isinstance(right, Boolean):
            return f"{subject} {said('est coché', holds is right.value)}"
        option = self.option(left, right)
        if isinstance(right, Reference):
            return f"{subject} {said('a la même réponse que', holds)} {option}"
        named = isinstance(right, Text) or _is_date(right) or option.startswith("«")
        return f"{subject} {said('est' if named else 'vaut', holds)} {option}"

    def membership(self, operand: Node, items: tuple[Constant, ...], holds: bool) -> str:
        options = [self.option(operand, item) for item in items]
        if not options:
            return _NEVER if holds else _ALWAYS
        if holds or len(options) == 1:
            return f"{self.value(operand)} {said('est', holds)} {listed(options, 'ou')}"
        return f"{self.value(operand)} n’est ni {' ni '.join(options)}"

    def asking(self, name: str, arguments: tuple[Node, ...], holds: bool) -> str:
        subject = self.value(arguments[0])
        if name == "answered":
            return f"{subject} {has_answer(holds)}"
        objects = [self.option(arguments[0], each) for each in arguments[1:]]
        return f"{subject} {said(_ASKING[name], holds)} {listed(objects, 'et')}"

    # Values

    def value(self, node: Node) -> str:
        match node:
            case Text(value):
                return in_quotes(value)
            case Number(value):
                return french_number(value)
            case Boolean(value):
                return "vrai" if value else "faux"
            case Nothing():
                return "une absence de réponse"
            case Reference():
                return self.question(node)
            case Call() if not _is_condition(node):
                return self.called(node)
            case Opposite(operand):
                return f"−{self.term(operand)}"
            case Addition(first, rest) | Multiplication(first, rest):
                terms = [f" {_SIGNS[sign]} {self.term(term)}" for sign, term in rest]
                return self.term(first) + "".join(terms)
        return f"({self.condition(node)})"

    def term(self, node: Node) -> str:
        words = self.value(node)
        return words if isinstance(node, Reference | Number) else f"({words})"

    def question(self, node: Reference) -> str:
        label = self.labels.get(node.key, Label(node.key))
        asked = in_quotes(label.text)
        if node.part is None:
            return asked
        if node.part == "other" and "other" not in label.rows:
            return f"la précision apportée à {asked}"
        return f"{in_quotes(label.rows.get(node.part, node.part))} ({asked})"

    def option(self, asked: Node, node: Node) -> str:
        """What the question `asked` calls this value, else the value itself."""
        if isinstance(asked, Reference) and isinstance(node, Text | Number):
            options = self.labels.get(asked.key, Label("")).options
            if str(node.value) in options:
                return in_quotes(options[str(node.value)])
        if isinstance(asked, Call) and asked.name == "year" and isinstance(node, Number):
            return str(node.value)
        dated = french_date(node.value) if isinstance(node, Text) and "-" in node.value else None
        return dated or self.value(node)

    def called(self, node: Call) -> str:
        function = FUNCTIONS.get(node.name)
        if function is None or not function.takes(len(node.arguments)):
            return to_source(node)
        if node.name == "if":
            condition, then, otherwise = node.arguments
            chosen = f"{self.value(then)} si {self.condition(condition)}"
            return f"({chosen}, sinon {self.value(otherwise)})"
        subject = node.arguments[0] if node.arguments else node
        return PHRASES[node.name]([self.option(subject, each) for each in node.arguments])


def _is_date(node: Node) -> bool:
    if isinstance(node, Text):
        return "-" in node.value and french_date(node.value) is not None
    return isinstance(node, Call) and node.name in ("date", "today")
