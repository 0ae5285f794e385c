"""How far a respondent is: each section to fill, begun, done, to correct, or without object. Pure.

Hidden questions do not count; an answer that is not valid counts as missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from consultation.questionnaires.compiled import CompiledSection, CompiledVersion, Item
from consultation.questionnaires.expressions.tree import Expression, references
from consultation.questionnaires.kinds.question import is_typed
from consultation.questionnaires.path import Path
from consultation.questionnaires.problems import Problem, problems
from consultation.responses.draft import Draft

Condition = Literal["todo", "begun", "done", "wrong", "off"]

LABELS: Mapping[Condition, str] = {
    "todo": "À remplir",
    "begun": "En cours",
    "done": "Terminée",
    "wrong": "À corriger",
    "off": "Sans objet",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One section for this respondent: how many questions are shown, answered, and wrong."""

    section: CompiledSection
    condition: Condition
    questions: int
    answered: int
    wrong: int
    optional: bool
    reason: str = ""

    @property
    def number(self) -> int:
        return self.section.number

    @property
    def title(self) -> Mapping[str, str]:
        return self.section.section.title

    @property
    def label(self) -> str:
        return LABELS[self.condition]


@dataclass(frozen=True, slots=True)
class Progress:
    """Every section in its order, what is wrong, and what is missing before sending."""

    parts: Sequence[Part]
    wrong: Sequence[Problem]
    missing: Sequence[Problem]

    @property
    def questions(self) -> int:
        return sum(part.questions for part in self.parts)

    @property
    def answered(self) -> int:
        return sum(part.answered for part in self.parts)

    @property
    def open_parts(self) -> list[Part]:
        """The sections that concern the respondent."""
        return [part for part in self.parts if part.condition != "off"]

    @property
    def done(self) -> int:
        return sum(part.condition == "done" for part in self.parts)

    @property
    def next_part(self) -> Part | None:
        """The first section that still needs the respondent."""
        return next((p for p in self.parts if p.condition in ("todo", "begun", "wrong")), None)


def counted(version: CompiledVersion, path: Path) -> tuple[int, int]:
    """Return how many questions are answered, and how many are asked."""
    asked = [i.key for i in version.items.values() if i.number and i.key in path.shown]
    given = [k for k in asked if k in path.answers and not is_typed(path.answers[k])]
    return len(given), len(asked)


def progress(version: CompiledVersion, draft: Draft, path: Path, today: date) -> Progress:
    """Tell how far ``draft`` is. ``path`` is that of its answers."""
    found = problems(version, path, today)
    wrong = [problem for problem in found if not problem.missing]
    missing = [problem for problem in found if problem.missing]
    parts = [_part(version, s, draft, path, wrong, missing) for s in version.sections]
    return Progress(parts, wrong, missing)


def _part(
    version: CompiledVersion,
    section: CompiledSection,
    draft: Draft,
    path: Path,
    wrong: Sequence[Problem],
    missing: Sequence[Problem],
) -> Part:
    asked = [i for i in section.items if i.number and i.key in path.shown]
    answered = [i for i in asked if i.key in path.answers and not is_typed(path.answers[i.key])]
    mistakes = sum(problem.section == section.number for problem in wrong)
    gaps = any(problem.section == section.number for problem in missing)
    condition: Condition = "done"
    if not any(item.key in path.shown for item in section.items):
        condition = "off"
    elif mistakes:
        condition = "wrong"
    elif section.section.key not in draft.sections:
        condition = "todo"
    elif gaps:
        condition = "begun" if answered else "todo"
    return Part(
        section=section,
        condition=condition,
        questions=len(asked),
        answered=len(answered),
        wrong=mistakes,
        optional=bool(asked) and not any(item.question.required for item in asked),
        reason=why_off(version, section) if condition == "off" else "",
    )


def why_off(version: CompiledVersion, section: CompiledSection) -> str:
    """Say why a section does not concern the respondent."""
    conditions = [section.condition] if section.condition else [i.condition for i in section.items]
    return f"{_according_to(version, conditions)}, cette partie ne vous concerne pas"


def why_hidden(version: CompiledVersion, item: Item) -> str:
    """Say why a question does not concern the respondent."""
    conditions = [version.sections[item.section - 1].condition, item.condition]
    return f"{_according_to(version, conditions)}, cette question ne vous concerne pas"


def _according_to(version: CompiledVersion, conditions: Sequence[Expression | None]) -> str:
    read = {key for c in conditions if c is not None for key in references(c)}
    numbers = sorted(version.items[k].number for k in read if k in version.items)
    if not numbers:
        return "D’après vos réponses"
    if len(numbers) == 1:
        return f"D’après votre réponse à la question\u00a0{numbers[0]}"
    *first, last = (str(number) for number in numbers)
    return f"D’après vos réponses aux questions\u00a0{', '.join(first)} et {last}"
