"""What the variables of an equation stand for in our questionnaire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from consultation.questionnaires.expressions.tree import Node, Reference
from consultation.questionnaires.formats.limesurvey.em_tree import Untranslatable, cited

Shape = Literal["text", "number", "date", "choice"]


@dataclass(frozen=True, slots=True)
class Value:
    """The answer to a question or to a row of it.

    ``codes`` gives our value of each answer code of LimeSurvey, ``labels`` of each answer text,
    ``points`` the assessment value of each of our values.
    """

    reference: Reference
    shape: Shape
    codes: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A box of a multiple choice: « Y » when ticked, empty otherwise."""

    key: str
    option: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The only box of a consent."""

    key: str


@dataclass(frozen=True, slots=True)
class OtherTick:
    """The text of « autre » of a multiple choice: empty unless it is ticked."""

    key: str
    option: str


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a place of a ranking, from 1."""

    key: str
    number: int
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Files:
    """How many files are attached."""

    key: str


@dataclass(frozen=True, slots=True)
class Formula:
    """An equation: what it computes, worked out when asked."""

    node: Callable[[], Node]
    key: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A variable that came in but has no counterpart."""

    reason: str


Meaning = Value | Tick | Agreement | OtherTick | Place | Files | Formula | Missing
Role = Literal["value", "comment", "other"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its question (by its code), the codes of its sub-questions, what it means."""

    name: str
    question: str
    parts: tuple[str, ...]
    meaning: Meaning
    role: Role = "value"


class Variables:
    """Every variable of a survey, by each of its names."""

    def __init__(self) -> None:
        self._named: dict[str, Variable] = {}
        self._loose: dict[str, Variable] = {}
        self._hints = 50
        self.of_question: dict[str, dict[str, Variable]] = defaultdict(dict)

    def add(self, variable: Variable, *names: str) -> None:
        """Keep a variable under its names; the first of two of the same name stays."""
        for name in (variable.name, *names):
            self._named.setdefault(name, variable)
            self._loose.setdefault(name.lower(), variable)
        self.of_question[variable.question].setdefault(variable.name, variable)

    def find(self, name: str) -> Variable:
        """Return the variable ``name``.

        Raises:
            Untranslatable: no question of the file has it.
        """
        found = self._named.get(name) or self._loose.get(name.lower())
        if found is None:
            if self.of_question.get(name):
                raise Untranslatable(
                    f"{cited(name, 60)} a plusieurs réponses\u00a0: laquelle\u00a0?"
                )
            near = get_close_matches(name, self._candidates(), 1, 0.8)
            hint = f" (peut-être {cited(near[0])})" if near else ""
            raise Untranslatable(f"{cited(name, 60)} n’est aucune question du fichier{hint}")
        return found

    def _candidates(self) -> list[str]:
        """Return names to suggest; a file full of unknown names gets no more."""
        self._hints -= 1
        return list(self._named)[:1000] if self._hints > 0 else []

    def known(self, name: str) -> bool:
        """Say whether ``name`` is a variable."""
        return name in self._named or name.lower() in self._loose
