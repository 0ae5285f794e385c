"""What every kind of question is made of: texts, options, rows, and the answer as typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

Text = dict[str, str]
"""A text in one or several languages: ``{"fr": "Oui", "en": "Yes"}``. French is the reference."""

Answer = Any
"""An answer as JSON: text, number, boolean, list or object; see each kind."""

Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
Publication = Literal["aggregated", "verbatim", "never"]

MAXIMUM_TEXT = 20_000
"""Characters kept of anything typed; no kind allows more."""


class Struct(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The base of everything in the format: unknown fields are refused."""


class Option(Struct):
    """One option of a closed question.

    ``other`` opens a free text, ``exclusive`` excludes all the others, ``no_opinion``
    is left out of means and shares.
    """

    value: Code
    label: Text
    hint: Text = {}
    other: bool = False
    exclusive: bool = False
    no_opinion: bool = False
    relevant: str | None = None


class Row(Struct):
    """One statement of a matrix, or one line of an allocation."""

    value: Code
    label: Text
    relevant: str | None = None


class Constraint(Struct):
    """A rule between answers, checked when every visible answer it reads is given."""

    expression: str
    message: Text


class Question(Struct, tag_field="kind"):
    """What all kinds share.

    ``why`` justifies asking, ``sensitive`` calls the dominance rule, ``default`` is the answer
    proposed until the person saves the page. ``meaning`` grows when an organiser says that new
    words ask something else: the people who answered are then asked to confirm.
    """

    key: Key
    label: Text
    hint: Text = {}
    required: bool = False
    relevant: str | None = None
    constraints: list[Constraint] = []
    publication: Publication = "aggregated"
    sensitive: bool = False
    why: Text = {}
    default: Any = None
    meaning: Annotated[int, msgspec.Meta(ge=1)] = 1


class Choices(Question):
    """Where the options of a closed question come from.

    In this order: the list ``from_list`` of the questionnaire, the rows or options of another
    question (``options_from``: ``key.rows``, ``key.options`` or, for what was chosen there,
    ``key.chosen``), then the question's own ``options``.
    """

    options: list[Option] = []
    from_list: str | None = None
    options_from: str | None = None
    random_order: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question with its options, rows and points gathered from wherever they come from."""

    question: Any
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def key(self) -> str:
        return str(self.question.key)

    @property
    def parts(self) -> tuple[Option | Row, ...]:
        """The options, then the rows."""
        return (*self.options, *self.rows)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its name, its French label and its type."""

    name: str
    label: str
    type: Literal["text", "integer", "number", "date", "boolean"]


class Fields:
    """What was typed in a form: lists of strings by field name. Unknown fields are never read."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def one(self, name: str) -> str:
        """Return the first value of ``name`` without the spaces around it, or an empty string."""
        values = self._values.get(name)
        return values[0].strip()[:MAXIMUM_TEXT] if values else ""

    def all(self, name: str) -> list[str]:
        """Return the distinct, non-empty values of ``name`` in the order they came."""
        return list(
            dict.fromkeys(v.strip()[:200] for v in self._values.get(name, ()) if v.strip())
        )[:2000]


def typed(value: Any) -> dict[str, Any]:
    """Mark ``value`` as kept the way it was typed, because it is not (yet) an answer."""
    return {"typed": value}


def is_typed(answer: Answer) -> bool:
    """Say whether ``answer`` is something typed that is not valid."""
    return isinstance(answer, dict) and answer.keys() == {"typed"}


def say(text: Mapping[str, str], language: str = "fr") -> str:
    """Return ``text`` in ``language``, else in French, else in whatever language it has."""
    return text.get(language) or text.get("fr") or next(iter(text.values()), "")


def by_value(options: Sequence[Option | Row]) -> dict[str, Any]:
    """Index options or rows by their value."""
    return {option.value: option for option in options}


def masked(indexes: Sequence[int], size: int) -> bytes:
    """Set one bit per index in a little-endian mask of ``size`` bits, padded to whole bytes."""
    mask = 0
    for index in indexes:
        mask |= 1 << index
    return mask.to_bytes((size + 7) // 8, "little")
