"""The tree of an equation of LimeSurvey's Expression Manager."""

from __future__ import annotations

from dataclasses import dataclass

DEEPEST = 50
"""Levels of an equation; beyond, nobody wrote it by hand."""

LONGEST = 20_000
"""Characters of an equation."""


def cited(text: str, most: int = 300) -> str:
    """Return what was written on one line between French quotation marks, cut when it is long."""
    shown = " ".join(text.split())
    return f"«\u00a0{shown if len(shown) <= most else shown[:most] + '…'}\u00a0»"


class Untranslatable(Exception):
    """An equation has no counterpart; the message is a French reason without full stop."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number written in the equation."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text written between quotation marks."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable: ``Q1.NAOK``, ``Q2_SQ001``, ``123X4X5SQ001``, ``that.Q3``, ``self``."""

    value: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A function and what it is given."""

    function: str
    arguments: tuple[Em, ...]


@dataclass(frozen=True, slots=True)
class Prefixed:
    """``!``, ``-`` or ``+`` before something."""

    operator: str
    operand: Em


@dataclass(frozen=True, slots=True)
class Joined:
    """Two things and the operator between them, in its symbol form (``==``, ``and``, ``+``…)."""

    operator: str
    left: Em
    right: Em


Em = Figure | Quoted | Name | Applied | Prefixed | Joined
