"""What is wrong in an expression that parses, given the questions it may read."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from consultation.questionnaires.expressions.arguments import (
    ASKED_OF,
    amount_error,
    argument_error,
    result_of,
)
from consultation.questionnaires.expressions.compare import equality_error, order_error
from consultation.questionnaires.expressions.errors import (
    NBSP,
    ExpressionError,
    error_at,
    quoted,
)
from consultation.questionnaires.expressions.functions import FUNCTIONS, Function
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.symbols import (
    ANY,
    NAMES,
    Kind,
    Shape,
    Symbol,
    kind_of_literal,
    kind_of_part,
)
from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
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
    children,
)

MAX_ERRORS = 50
MAX_SUGGESTIONS = 10
MAX_COMPARED = 2000


def check(expression: Expression, symbols: Mapping[str, Symbol]) -> list[ExpressionError]:
    """Every error, fifty at most, in the order of the source; empty when it can be published.

    Unknown questions, rows, options and functions, wrong numbers of arguments, comparisons and
    computations that can never mean anything.
    """
    if not expression.source:
        expression = parse(to_source(expression))
    checker = _Checker(expression.source, symbols)
    checker.visit(expression.root)
    return sorted(checker.errors, key=lambda error: error.position)


class _Checker:
    def __init__(self, source: str, symbols: Mapping[str, Symbol]) -> None:
        self.source = source
        self.symbols = symbols
        self.errors: list[ExpressionError] = []

    def add(self, node: Node, reason: str | None) -> None:
        if reason is not None and len(self.errors) < MAX_ERRORS:
            self.errors.append(error_at(self.source, node.at, reason))

    def near(self, name: str, names: Collection[str]) -> str:
        """The name that was probably meant; not sought for long when errors abound."""
        return _near(name, names) if len(self.errors) < MAX_SUGGESTIONS else ""

    def visit(self, node: Node) -> Kind:
        match node:
            case Text() | Number() | Boolean() | Nothing():
                return kind_of_literal(node)
            case Reference():
                return self.reference(node)
            case Call():
                return self.call(node)
            case Comparison():
                return self.comparison(node)
            case Membership():
                return self.membership(node)
            case Opposite() | Addition() | Multiplication():
                for term in children(node):
                    self.add(term, amount_error(term, self.visit(term)))
                return Kind("number")
            case Not() | AllOf() | AnyOf():
                for operand in children(node):
                    self.condition(operand)
                return Kind("boolean")

    def reference(self, node: Reference) -> Kind:
        symbol = self.symbols.get(node.key)
        if symbol is None:
            self.add(
                node,
                f"la question {quoted(node.key)} n’existe pas{self.near(node.key, self.symbols)}.",
            )
            return ANY
        if node.part is None:
            return Kind(symbol.shape, symbol.options)
        kind = kind_of_part(symbol, node.part)
        if kind is None:
            near = self.near(node.part, symbol.rows or ())
            what = f"n’a pas de ligne {quoted(node.part)}{near}"
            if node.part == "other":
                what = f"n’a pas de réponse {quoted('autre')} à préciser"
            self.add(node, f"{quoted(node.key)} {what}.")
        return kind or ANY

    # Operators

    def comparison(self, node: Comparison) -> Kind:
        left, right = self.visit(node.left), self.visit(node.right)
        sides = ((node.left, left), (node.right, right))
        if node.operator not in ("==", "!="):
            self.add(node, order_error(node.operator, *sides))
            return Kind("boolean")
        reason = equality_error(*sides)
        self.add(node, reason)
        if reason is None:
            self.option(node.left, left, node.right, right)
            self.option(node.right, right, node.left, left)
        return Kind("boolean")

    def membership(self, node: Membership) -> Kind:
        kind = self.visit(node.operand)
        each = Kind("choice", kind.options) if kind.shape == "choices" else kind
        for item in node.items:
            item_kind = kind_of_literal(item)
            reason = equality_error((node.operand, each), (item, item_kind))
            self.add(item, reason)
            if reason is None:
                self.option(item, item_kind, node.operand, each)
        return Kind("boolean")

    def option(self, node: Node, kind: Kind, asked: Node, asked_kind: Kind) -> None:
        """The literal `node`, compared with the answer to a choice, must be one of its options."""
        options = asked_kind.options
        if kind.literal is None or options is None or asked_kind.has_option(kind.literal):
            return
        shown = str(getattr(kind.literal, "value", ""))
        what = f"n’est pas une réponse possible à {quoted(to_source(asked))}"
        self.add(node, f"{quoted(shown)} {what}{self.near(shown, options)}.")

    def condition(self, node: Node) -> None:
        kind = self.visit(node)
        if kind.shape in ("boolean", "any"):
            return
        shown = to_source(node)
        advice = f"écrivez answered({shown}) ou une comparaison"
        if kind.literal is not None:
            advice = "répétez la comparaison de chaque côté de and et or"
        elif not isinstance(node, Reference):
            advice = "comparez-le à une valeur"
        self.add(node, f"{quoted(shown)} n’est pas une condition{NBSP}: {advice}.")

    # Functions

    def call(self, node: Call) -> Kind:
        function = FUNCTIONS.get(node.name)
        if function is None or not function.takes(len(node.arguments)):
            self.add(node, _cannot_call(node, function))
            for argument in node.arguments:
                self.visit(argument)
            return ANY
        if node.name == "if":
            return self.choice(*node.arguments)
        if node.name in ASKED_OF:
            self.asked(node, ASKED_OF[node.name])
        else:
            self.arguments(node)
        return result_of(node.name)

    def choice(self, condition: Node, then: Node, otherwise: Node) -> Kind:
        self.condition(condition)
        first, second = self.visit(then), self.visit(otherwise)
        return Kind(first.shape) if first.shape == second.shape else ANY

    def asked(self, node: Call, shapes: tuple[Shape, ...]) -> None:
        subject, *options = node.arguments
        kind = self.visit(subject)
        if not isinstance(subject, Reference):
            self.add(subject, f"{node.name} attend d’abord la clé d’une question.")
        elif kind.shape not in (*shapes, "any"):
            what = f"{quoted(to_source(subject))}, qui est {NAMES[kind.shape]}"
            self.add(subject, f"{node.name} ne s’applique pas à {what}.")
        for option in options:
            self.option(option, self.visit(option), subject, kind)

    def arguments(self, node: Call) -> None:
        for place, argument in enumerate(node.arguments):
            self.add(argument, argument_error(node.name, place, argument, self.visit(argument)))


def _near(name: str, names: Collection[str]) -> str:
    close = get_close_matches(name[:80], names, 1) if len(names) <= MAX_COMPARED else []
    return f" (peut-être {quoted(close[0])})" if close else ""


def _cannot_call(node: Call, function: Function | None) -> str:
    if function is None:
        return f"la fonction {quoted(node.name)} n’existe pas{_near(node.name, FUNCTIONS)}."
    least, most, given = function.least, function.most, len(node.arguments)
    wanted = str(least) if most == least else f"au moins {least}"
    if most is not None and most != least:
        wanted = f"{least} ou {most}"
    elements = "élément" if wanted in ("0", "1", "au moins 1") else "éléments"
    return f"{node.name} attend {wanted} {elements} entre parenthèses et en reçoit {given}."
