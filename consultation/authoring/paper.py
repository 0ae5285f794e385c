"""The whole questionnaire as printed: boxes to tick, lines to write on, conditions said. Pure.

Both the page and the PDF are drawn from this; nothing in it is markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from consultation.authoring.overview import Overview
from consultation.questionnaires.compiled import CompiledSection, Item
from consultation.questionnaires.kinds import date as dates
from consultation.questionnaires.kinds import number
from consultation.questionnaires.kinds.question import Text, say
from consultation.questionnaires.words import words
from consultation.web.typography import spaced

MOST_OPTIONS = 60
"""Beyond this many options one writes the answer instead of ticking it."""

_PHRASES = {
    "fr": {
        "draft": "Version {n}, brouillon",
        "published": "Version {n}, publiée",
        "one": "Une seule réponse.",
        "several": "Plusieurs réponses possibles.",
        "most": "{n} réponses au plus.",
        "rank": "Numérotez de 1 (le plus important) à {n}.",
        "row": "Une réponse par ligne.",
        "total": "Le total fait {total}{unit}.",
        "file": "Joignez le document à votre envoi.",
        "list": "Écrivez votre réponse\u00a0: la liste compte {n} propositions.",
        "only": "Répondez seulement {sentence}.",
        "part_only": "«\u00a0{label}\u00a0»\u00a0: seulement {sentence}.",
        "least": "{n} réponses au moins.",
        "part": "Cette partie se remplit seulement {sentence}.",
        "carried": "Ne reprenez que ce que vous avez choisi à la question\u00a0{n}.",
        "date": "jour / mois / année",
        "month": "mois / année",
        "year": "année",
    },
    "en": {
        "draft": "Version {n}, draft",
        "published": "Version {n}, published",
        "one": "One answer only.",
        "several": "Several answers allowed.",
        "most": "Up to {n} answers.",
        "rank": "Number from 1 (most important) to {n}.",
        "row": "One answer per row.",
        "total": "The total is {total}{unit}.",
        "file": "Attach the document to what you send.",
        "list": "Write your answer: the list has {n} entries.",
        "only": "Condition (in French): {sentence}.",
        "part_only": "“{label}”: condition (in French): {sentence}.",
        "least": "At least {n} answers.",
        "part": "Condition of this part (in French): {sentence}.",
        "carried": "Only for what you chose in question {n}.",
        "date": "day / month / year",
        "month": "month / year",
        "year": "year",
    },
}


@dataclass(frozen=True, slots=True)
class Box:
    """Something to tick or to number; ``write`` leaves room for a text after it."""

    label: str
    write: bool = False


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question. ``shape``: boxes, numbers, grid, amounts, line, lines, date, text or none."""

    number: int
    label: str
    optional: bool
    hints: Sequence[str]
    shape: str
    boxes: Sequence[Box] = ()
    rows: Sequence[str] = ()
    lines: int = 1
    unit: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True)
class PaperSection:
    """One section, with what to read before it."""

    number: int
    title: str
    introduction: str
    condition: str
    questions: Sequence[PaperQuestion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole document. ``state`` says which version it is, ``optional`` what may stay empty."""

    title: str
    state: str
    introduction: str
    language: str
    optional: str
    sections: Sequence[PaperSection]

    def as_data(self) -> dict[str, Any]:
        """Return the document as JSON data, every text of it a plain string."""
        return asdict(self)


def paper(whole: Overview, language: str, number: int = 1, *, draft: bool = False) -> Paper:
    """Lay out the version ``number`` of a questionnaire for paper, in one of its languages."""
    questionnaire = whole.questionnaire
    return Paper(
        title=_said(questionnaire.title, language),
        state=_phrase(language, "draft" if draft else "published", n=number),
        introduction=_said(questionnaire.introduction, language),
        language=language,
        optional=words(language)["optional"],
        sections=[_section(whole, section, language) for section in whole.shown.sections],
    )


def _section(whole: Overview, section: CompiledSection, language: str) -> PaperSection:
    found = section.section
    sentence = whole.sentence(found.relevant, numbered=True)
    return PaperSection(
        number=section.number,
        title=_said(found.title, language) or found.key,
        introduction=_said(found.introduction, language),
        condition=_phrase(language, "part", sentence=sentence) if sentence else "",
        questions=[_question(whole, item, language) for item in section.items],
    )


def _question(whole: Overview, item: Item, language: str) -> PaperQuestion:
    question = item.question
    shape, more = _SHAPES[item.name](item, language)
    sentence = whole.sentence(question.relevant, numbered=True)
    hints = [_said(question.hint, language), _said(question.why, language)]
    hints += more.pop("hints", ())
    if item.carried in whole.shown.items:
        hints.append(_phrase(language, "carried", n=whole.number(item.carried or "")))
    if sentence:
        hints.append(_phrase(language, "only", sentence=sentence))
    for part in item.resolved.parts:
        if said := whole.sentence(part.relevant, numbered=True):
            label = _said(part.label, language) or part.value
            hints.append(_phrase(language, "part_only", label=label, sentence=said))
    return PaperQuestion(
        number=item.number,
        label=_said(question.label, language) or item.key,
        optional=not question.required and bool(item.number),
        hints=[hint for hint in hints if hint],
        shape=shape,
        **more,
    )


def _said(text: Text, language: str) -> str:
    found = say(text, language)
    return spaced(found) if language == "fr" or language not in text else found


def _phrase(language: str, name: str, **values: Any) -> str:
    return _PHRASES["fr" if language == "fr" else "en"][name].format(**values)


Shaped = tuple[str, dict[str, Any]]


def _boxes(item: Item, language: str) -> list[Box]:
    return [Box(_said(o.label, language) or o.value, o.other) for o in item.resolved.options]


def _choice(item: Item, language: str) -> Shaped:
    return _listed(item, language, _phrase(language, "one"))


def _choices(item: Item, language: str) -> Shaped:
    most, least = item.question.max_choices, item.question.min_choices or 0
    shape, more = _listed(item, language, _phrase(language, "most" if most else "several", n=most))
    if least > 1:
        more["hints"].append(_phrase(language, "least", n=least))
    return shape, more


def _listed(item: Item, language: str, hint: str) -> Shaped:
    boxes = _boxes(item, language)
    if len(boxes) > MOST_OPTIONS:
        return "line", {"hints": [_phrase(language, "list", n=len(boxes))]}
    return "boxes", {"boxes": boxes, "hints": [hint]}


def _reference(item: Item, language: str) -> Shaped:
    return _choices(item, language) if item.question.several else _choice(item, language)


def _matrix(item: Item, language: str) -> Shaped:
    rows = [_said(row.label, language) or row.value for row in item.resolved.rows]
    return "grid", {
        "boxes": _boxes(item, language),
        "rows": rows,
        "hints": [_phrase(language, "row")],
    }


def _ranking(item: Item, language: str) -> Shaped:
    most = item.question.max_ranked or len(item.resolved.options)
    return "numbers", {
        "boxes": _boxes(item, language),
        "hints": [_phrase(language, "rank", n=most)],
    }


def _number(item: Item, language: str) -> Shaped:
    return "line", {"unit": _said(item.question.unit, language), "lines": 0}


def _allocation(item: Item, language: str) -> Shaped:
    unit = _said(item.question.unit, language)
    total = number.write(item.question.total, language)
    hint = _phrase(language, "total", total=total, unit=f"\u00a0{unit}" if unit else "")
    rows = [_said(row.label, language) or row.value for row in item.resolved.rows]
    return "amounts", {"rows": rows, "unit": unit, "hints": [hint]}


def _text(item: Item, language: str) -> Shaped:
    return "line", {}


def _long_text(item: Item, language: str) -> Shaped:
    return "lines", {"lines": 6 if item.question.max_length < 1000 else 10}


def _date(item: Item, language: str) -> Shaped:
    name = {"day": "date"}.get(item.question.precision, item.question.precision)
    return "date", {
        "unit": _phrase(language, name),
        "lines": len(dates.PARTS[item.question.precision]),
    }


def _file(item: Item, language: str) -> Shaped:
    return "none", {"hints": [_phrase(language, "file")]}


def _consent(item: Item, language: str) -> Shaped:
    return "boxes", {"boxes": [Box(_said(item.question.statement, language))]}


def _statement(item: Item, language: str) -> Shaped:
    return "text", {}


_SHAPES = {
    "single": _choice,
    "scale": _choice,
    "multiple": _choices,
    "reference": _reference,
    "matrix": _matrix,
    "ranking": _ranking,
    "number": _number,
    "allocation": _allocation,
    "short_text": _text,
    "long_text": _long_text,
    "date": _date,
    "file": _file,
    "consent": _consent,
    "statement": _statement,
}
