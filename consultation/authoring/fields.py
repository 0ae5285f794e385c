"""The fields of a form as the page draws them: value, choices, error. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consultation.authoring import kinds
from consultation.authoring.kinds import Group, Spec, Widget, specs_of
from consultation.authoring.reading import PARTS, Around, source_of
from consultation.authoring.typed import Typed
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.kinds import number
from consultation.questionnaires.kinds.table import AnyQuestion, name_of

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``value`` as it is typed, ``error`` a sentence, ``beside`` the first language."""

    name: str
    widget: Widget
    label: str
    value: str
    hint: str = ""
    error: str = ""
    beside: str = ""
    group: Group = "answer"
    choices: Choices = ()
    needed: bool = False
    part: str = ""

    @property
    def id(self) -> str:
        """The identifier of the control; those of the drawn question never begin like this."""
        return f"x-{self.name.replace('.', '-')}"

    @property
    def height(self) -> int:
        """How many lines of text to show at once."""
        most = 14 if self.widget == "lines" else 8
        lines = sum(1 + len(line) // 60 for line in self.value.split("\n"))
        return max(4 if self.widget == "lines" else 2, min(lines + 1, most))

    @property
    def is_short(self) -> bool:
        """Whether several such fields fit on one row."""
        return self.widget in ("whole", "number", "day", "select", "named") or self.name == "unit"


PART_CHOICES = (("rows", "ses lignes"), ("options", "ses options"), ("chosen", "les choix faits"))


def fields_of(
    question: AnyQuestion,
    questionnaire: Questionnaire,
    around: Around,
    typed: Typed | None,
    wrong: Mapping[str, str],
) -> list[Field]:
    """Return the fields of a question, with what was typed when it could not be saved."""
    return [
        _field(spec, question, questionnaire, around, typed, wrong)
        for spec in specs_of(name_of(question))
        if not _left_out(spec, question, around)
    ]


def _left_out(spec: Spec, question: AnyQuestion, around: Around) -> bool:
    """Tell whether the page is clearer without a field: it then keeps the value it has."""
    if spec.name == "points" and question.scale and not question.points:  # type: ignore[union-attr]
        return True
    return around.translating and spec.group == "answer" and spec.name not in kinds.TEXTS


def _field(
    spec: Spec,
    question: AnyQuestion,
    questionnaire: Questionnaire,
    around: Around,
    typed: Typed | None,
    wrong: Mapping[str, str],
) -> Field:
    was = getattr(question, spec.name)
    value = shown(spec, was, around)
    part = ""
    if spec.widget == "origin":
        value, _, part = (was or "").partition(".")
    if typed is not None:
        value, part = _typed(spec, typed, value, part)
    return Field(
        name=spec.name,
        widget=spec.widget,
        label=spec.label,
        value=value,
        hint=spec.hint,
        error=wrong.get(spec.name, ""),
        beside=_beside(spec, was, around),
        group=spec.group,
        choices=_choices(spec, questionnaire),
        needed=spec.needed,
        part=part,
    )


def _typed(spec: Spec, typed: Typed, value: str, part: str) -> tuple[str, str]:
    if spec.widget == "tick":
        return ("1" if typed.ticked(spec.name, bool(value)) else ""), part
    if spec.widget == "origin":
        return typed.raw(f"{spec.name}.cle", value), typed.raw(f"{spec.name}.quoi", part)
    return typed.raw(spec.name, value), part


def shown(spec: Spec, was: Any, around: Around) -> str:
    """Return the value of a field as a person types it."""
    if spec.name in kinds.TEXTS:
        return str(was.get(around.language, ""))
    if spec.widget == "lines":
        return source_of(was, around.language, translating=around.translating)
    if spec.widget == "tick":
        return "1" if was else ""
    if spec.widget == "words":
        return ", ".join(was)
    if spec.widget in ("whole", "number") and was is not None:
        return number.write(was).replace("\u00a0", "")
    return "" if was is None else str(was)


def _beside(spec: Spec, was: Any, around: Around) -> str:
    """Return the same text in the first language, for whoever translates."""
    if not around.translating:
        return ""
    if spec.name in kinds.TEXTS:
        return str(was.get(around.first, ""))
    return source_of(was, around.first) if spec.widget == "lines" else ""


def _choices(spec: Spec, questionnaire: Questionnaire) -> Choices:
    if spec.widget == "origin":
        return [pair for pair in PART_CHOICES if pair[0] in PARTS]
    if spec.widget == "named":
        named = questionnaire.lists if spec.name == "from_list" else questionnaire.scales
        return [("", "Aucune"), *((name, _size(name, named[name])) for name in named)]
    return spec.choices


def _size(name: str, options: Sequence[Any]) -> str:
    return f"{name} ({len(options)})"
