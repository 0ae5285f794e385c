"""What expressions know of the questions they read, and what each part of one is worth."""

from dataclasses import dataclass
from typing import Literal

from consultation.questionnaires.expressions.tree import Boolean, Constant, Nothing, Number, Text
from consultation.questionnaires.expressions.values import as_date, as_number, equal

Shape = Literal["choice", "choices", "number", "text", "date", "rows", "boolean", "file"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A question, as far as expressions are concerned.

    `choice` is a single choice, a scale or one reference; `choices` a multiple choice or a ranking;
    `rows` a matrix (`options` are then those of each row) or an allocation (no `options`).
    `options` is None when any value is possible. `other`: the question has a text for "other".
    """

    shape: Shape
    options: frozenset[str] | None = None
    rows: frozenset[str] | None = None
    other: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """What a node of the tree is worth; `literal` when its value is written in the source."""

    shape: Shape | Literal["none", "any"]
    options: frozenset[str] | None = None
    literal: Constant | None = None

    def reads_as_number(self) -> bool:
        if isinstance(self.literal, Text):
            return as_number(self.literal.value) is not None
        if self.shape == "choice":
            return self.options is None or any(
                as_number(option) is not None for option in self.options
            )
        return self.shape in ("number", "any")

    def reads_as_date(self) -> bool:
        if isinstance(self.literal, Text):
            return as_date(self.literal.value) is not None
        return self.shape in ("date", "any")

    def has_option(self, literal: Constant) -> bool:
        """Whether the literal can be an answer; an empty text and `none` mean no answer."""
        if self.options is None or isinstance(literal, Nothing) or literal.value == "":
            return True
        if isinstance(literal, Text):
            return literal.value in self.options
        return isinstance(literal, Number) and any(
            equal(option, literal.value) for option in self.options
        )


ANY = Kind("any")

NAMES: dict[str, str] = {
    "choice": "un choix",
    "choices": "un choix multiple",
    "number": "un nombre",
    "text": "un texte",
    "date": "une date",
    "rows": "un tableau",
    "boolean": "vrai ou faux",
    "file": "un fichier",
    "none": "l’absence de réponse",
    "any": "une valeur",
}


def kind_of_literal(node: Constant) -> Kind:
    match node:
        case Text():
            return Kind("text", literal=node)
        case Number():
            return Kind("number", literal=node)
        case Boolean():
            return Kind("boolean", literal=node)
    return Kind("none", literal=node)


def kind_of_part(symbol: Symbol, part: str) -> Kind | None:
    """The kind of one row, or of the text of "other"; None when the question has no such part."""
    if symbol.shape == "rows" and (symbol.rows is None or part in symbol.rows):
        return Kind("number") if symbol.options is None else Kind("choice", symbol.options)
    if part == "other" and symbol.other:
        return Kind("text")
    return None
