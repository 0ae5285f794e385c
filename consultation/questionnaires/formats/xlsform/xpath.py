"""XLSForm expressions, translated into ours; what has no counterpart says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import cast

from lark import Lark, Token, Tree
from lark.exceptions import LarkError

from consultation.questionnaires.expressions import build
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import (
    Call,
    Comparator,
    Node,
    Nothing,
    Number,
    Reference,
    Text,
)

LONGEST = 5000
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"'})
_COMPARATORS = {"=": "==", "==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Untranslatable(Exception):
    """An expression has no counterpart; the message is the end of a French sentence."""


@dataclass(frozen=True, slots=True)
class Names:
    """How names of the form are called here, and what kind of answer each has.

    ``keys`` maps a name to its key; ``lists`` holds the keys whose answer is a list of options;
    ``unknown`` says why a name has no key here; ``shapes`` what else is known of an answer, by key;
    ``days`` holds the names of what the tool fills with the day.
    """

    keys: Mapping[str, str]
    lists: frozenset[str]
    unknown: Mapping[str, str]
    shapes: Mapping[str, str] = field(default_factory=dict)
    days: frozenset[str] = frozenset()


def translate(source: str, names: Names, itself: str | None = None) -> str:
    """Return ``source`` in our language; ``itself`` is the key that ``.`` stands for.

    Raises:
        Untranslatable: it cannot be, and why.
    """
    if len(source) > LONGEST:
        raise Untranslatable("l’expression dépasse 5\u00a0000 caractères")
    try:
        tree = _parser().parse(source.translate(_QUOTES))
    except (LarkError, RecursionError) as error:
        raise Untranslatable("l’expression n’est pas lisible") from error
    try:
        node = _Translator(names, itself).node(tree.children[0])
        return build.expression(node).source
    except ExpressionError as error:
        raise Untranslatable(f"l’expression n’a pas d’équivalent ({_reason(error)})") from error
    except RecursionError as error:
        raise Untranslatable("l’expression a trop de parenthèses") from error


@cache
def _parser() -> Lark:
    grammar = (files(__package__) / "grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False)


@dataclass(frozen=True, slots=True)
class _Translator:
    names: Names
    itself: str | None

    def node(self, tree: Tree[Token] | Token) -> Node:
        if isinstance(tree, Token):
            raise Untranslatable(f"«\u00a0{tree}\u00a0» n’a pas d’équivalent")
        rule = getattr(self, f"_{tree.data}")
        return cast(Node, rule(tree.children))

    def _disjunction(self, parts: Sequence[Tree[Token]]) -> Node:
        return build.some(*(self._truth(p) for p in parts))

    def _conjunction(self, parts: Sequence[Tree[Token]]) -> Node:
        return build.every(*(self._truth(p) for p in parts))

    def _truth(self, part: Tree[Token]) -> Node:
        """A bare reference where a truth is wanted: XPath takes any non-empty text as true."""
        node = self.node(part)
        return build.call("answered", node) if isinstance(node, Reference) else node

    def _shape(self, node: Node) -> str:
        """Return what is known of a value: date, number, text… or nothing."""
        if isinstance(node, Call):
            return "date" if node.name in ("date", "today") else ""
        return self.names.shapes.get(node.key, "") if isinstance(node, Reference) else ""

    def _equality(self, parts: Sequence[Tree[Token] | Token]) -> Node:
        if len(parts) != 3:
            raise Untranslatable("l’expression enchaîne plusieurs égalités")
        left, operator, right = self.node(parts[0]), str(parts[1]), self.node(parts[2])
        return self._equal(left, _COMPARATORS[operator], right)

    def _equal(self, left: Node, operator: str, right: Node) -> Node:
        if isinstance(left, Text) and isinstance(right, Text):
            return build.literal((left.value == right.value) == (operator == "=="))
        if _empty(left):
            left, right = right, left
        if _empty(right):
            answered = build.call("answered", left)
            return build.negate(answered) if operator == "==" else answered
        for one, other in ((left, right), (right, left)):
            if (
                isinstance(one, Reference)
                and one.key in self.names.lists
                and isinstance(other, Text | Number)
            ):
                chosen = build.call("selected", one, Text(str(other.value)))
                return chosen if operator == "==" else build.negate(chosen)
            if self._shape(one) == "boolean" and isinstance(other, Text):
                if other.value.upper() != "OK":
                    raise Untranslatable("un accord vaut «\u00a0OK\u00a0» ou rien")
                return one if operator == "==" else build.negate(one)
        return build.compare(left, cast(Comparator, operator), right)

    def _relation(self, parts: Sequence[Tree[Token] | Token]) -> Node:
        if len(parts) != 3:
            raise Untranslatable("l’expression enchaîne plusieurs comparaisons")
        left, right = (self._measured(self.node(p)) for p in (parts[0], parts[2]))
        return build.compare(left, cast(Comparator, _COMPARATORS[str(parts[1])]), right)

    def _measured(self, node: Node) -> Node:
        """A text that is compared by size is read as a number, as XPath does."""
        return build.call("number", node) if self._shape(node) == "text" else node

    def _addition(self, parts: Sequence[Tree[Token] | Token]) -> Node:
        total = self.node(parts[0])
        for sign, part in zip(parts[1::2], parts[2::2], strict=True):
            other = self.node(part)
            if sign == "-" and self._shape(total) == self._shape(other) == "date":
                total = build.call("days_between", other, total)
            else:
                total = (build.add if sign == "+" else build.subtract)(total, other)
        return total

    def _multiplication(self, parts: Sequence[Tree[Token] | Token]) -> Node:
        product = self.node(parts[0])
        for factor, part in zip(parts[1::2], parts[2::2], strict=True):
            other = self.node(part)
            if factor == "mod":
                whole = _whole(build.divide(product, other))
                product = build.subtract(product, build.multiply(other, whole))
            else:
                product = (build.multiply if factor == "*" else build.divide)(product, other)
        return product

    def _opposite(self, parts: Sequence[Tree[Token] | Token]) -> Node:
        inner = self.node(parts[1])
        if isinstance(inner, Number):
            return Number(-inner.value if parts[0] == "-" else inner.value)
        return build.subtract(Number(0), inner) if parts[0] == "-" else inner

    def _number(self, parts: Sequence[Token]) -> Node:
        value = float(parts[0])
        return Number(int(value) if value.is_integer() else value)

    def _text(self, parts: Sequence[Token]) -> Node:
        return Text(str(parts[0])[1:-1])

    def _reference(self, parts: Sequence[Token]) -> Node:
        return self._named(str(parts[0])[2:-1].strip())

    def _path(self, parts: Sequence[Token]) -> Node:
        return self._named(str(parts[0]).rpartition("/")[2])

    def _named(self, name: str) -> Node:
        if name.startswith("last-saved#"):
            raise Untranslatable("la dernière réponse enregistrée n’a pas d’équivalent")
        if name in self.names.days:
            return build.call("today")
        key = self.names.keys.get(name)
        if key is None:
            why = self.names.unknown.get(name, "aucune question ne porte ce nom")
            raise Untranslatable(f"l’expression lit «\u00a0{name}\u00a0»\u00a0: {why}")
        return build.question(key)

    def _itself(self, _parts: Sequence[Token]) -> Node:
        if self.itself is None:
            raise Untranslatable("le point ne désigne ici aucune question")
        return build.question(self.itself)

    def _parent(self, _parts: Sequence[Token]) -> Node:
        raise Untranslatable("les chemins relatifs (..) n’ont pas d’équivalent")

    def _call(self, parts: Sequence[Tree[Token] | Token]) -> Node:
        name, arguments = str(parts[0]), parts[1:]
        function = _FUNCTIONS.get(name)
        if function is None:
            raise Untranslatable(f"la fonction {name}() n’a pas d’équivalent")
        least, most, make = function
        if not least <= len(arguments) <= most:
            raise Untranslatable(f"la fonction {name}() n’a pas le bon nombre de paramètres")
        nodes = [self.node(a) for a in arguments]
        if name == "selected-at" and getattr(nodes[0], "key", "") in self.names.lists:
            raise Untranslatable("la place d’une réponse parmi d’autres n’a pas d’équivalent")
        return make(*nodes)


def _empty(node: Node) -> bool:
    return (isinstance(node, Text) and not node.value) or isinstance(node, Nothing)


def _simple(name: str) -> Callable[..., Node]:
    return lambda *arguments: build.call(name, *arguments)


def _selected(question: Node, option: Node) -> Node:
    if not isinstance(option, Text | Number):
        raise Untranslatable("la réponse choisie n’est pas écrite en toutes lettres")
    return build.call("selected", question, Text(str(option.value)))


def _regex(text: Node, pattern: Node) -> Node:
    if not isinstance(pattern, Text):
        raise Untranslatable("le motif n’est pas écrit en toutes lettres")
    return build.call("matches", text, Text(re.sub(r"^\^|(?<!\\)\$$", "", pattern.value)))


def _truth_of(node: Node) -> Node:
    return build.call("answered", node) if isinstance(node, Reference) else node


def _coalesce(first: Node, second: Node) -> Node:
    return build.call("if", build.compare(first, "!=", Nothing()), first, second)


def _whole(node: Node) -> Node:
    """The number without its decimals, whatever its sign."""
    half = Number(0.5)
    down = build.call("round", build.subtract(node, half))
    up = build.call("round", build.add(node, half))
    toward_zero = build.call("if", build.compare(node, ">", Number(0)), down, up)
    exact = build.compare(node, "==", build.call("round", node))
    return build.call("if", exact, node, toward_zero)


def _power(base: Node, exponent: Node) -> Node:
    if not isinstance(exponent, Number) or exponent.value not in (1, 2, 3):
        raise Untranslatable("seules les puissances 2 et 3 ont un équivalent")
    product = base
    for _ in range(int(exponent.value) - 1):
        product = build.multiply(product, base)
    return product


_PARTS_OF_DATES = {"%Y": "year", "%m": "month", "%n": "month"}


def _part_of_date(moment: Node, form: Node) -> Node:
    found = _PARTS_OF_DATES.get(str(form.value)) if isinstance(form, Text) else None
    if found is None:
        raise Untranslatable("seuls l’année (%Y) et le mois (%n) d’une date ont un équivalent")
    return build.call(found, moment)


def _first_selected(question: Node, place: Node) -> Node:
    if not isinstance(place, Number) or place.value != 0 or not isinstance(question, Reference):
        raise Untranslatable("la place d’une réponse parmi d’autres n’a pas d’équivalent")
    return question


def _reason(error: ExpressionError) -> str:
    return error.reason.rstrip(".")


_MANY = 50
_FUNCTIONS: dict[str, tuple[int, int, Callable[..., Node]]] = {
    "selected": (2, 2, _selected),
    "not": (1, 1, lambda node: build.negate(_truth_of(node))),
    "true": (0, 0, lambda: build.literal(True)),
    "false": (0, 0, lambda: build.literal(False)),
    "boolean": (1, 1, _truth_of),
    "count-selected": (1, 1, _simple("count")),
    "string-length": (1, 1, _simple("length")),
    "regex": (2, 2, _regex),
    "today": (0, 0, _simple("today")),
    "now": (0, 0, _simple("today")),
    "date": (1, 1, _simple("date")),
    "if": (3, 3, lambda test, then, otherwise: build.call("if", _truth_of(test), then, otherwise)),
    "coalesce": (2, 2, _coalesce),
    "concat": (1, _MANY, _simple("concat")),
    "contains": (2, 2, _simple("contains")),
    "starts-with": (2, 2, _simple("starts_with")),
    "sum": (1, _MANY, _simple("sum")),
    "min": (1, _MANY, _simple("min")),
    "max": (1, _MANY, _simple("max")),
    "abs": (1, 1, _simple("abs")),
    "round": (1, 2, _simple("round")),
    "number": (1, 1, _simple("number")),
    "string": (1, 1, _simple("text")),
    "once": (1, 1, lambda node: node),
    "int": (1, 1, _whole),
    "pow": (2, 2, _power),
    "format-date": (2, 2, _part_of_date),
    "format-date-time": (2, 2, _part_of_date),
    "decimal-date-time": (1, 1, lambda node: node),
    "lower-case": (1, 1, _simple("lower")),
    "upper-case": (1, 1, _simple("upper")),
    "selected-at": (2, 2, _first_selected),
}

__all__ = ["Names", "Untranslatable", "to_source", "translate"]
