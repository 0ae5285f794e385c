"""Walking a questionnaire as a respondent would, leaving no answer anywhere. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from consultation.authoring.lists import title
from consultation.authoring.overview import Overview
from consultation.questionnaires.compiled import CompiledSection, CompiledVersion, Item
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import Expression, references
from consultation.questionnaires.kinds.question import Answer, Option, Row, say
from consultation.questionnaires.path import Path, offered, walk
from consultation.responses.checking import said
from consultation.responses.draft import Draft, SavedSection
from consultation.responses.pages import Sight, sight
from consultation.web.typography import spaced

Answers = Mapping[str, Mapping[str, Answer]]
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a question or a section is hidden: its name, its condition, what the answers are now."""

    section: int
    name: str
    because: str
    sentence: str
    given: Sequence[str]


@dataclass(frozen=True)
class Trial:
    """Answers by section key, on one state of a questionnaire."""

    whole: Overview
    answers: Answers
    language: str

    @property
    def version(self) -> CompiledVersion:
        return self.whole.shown

    @property
    def today(self) -> date:
        return self.whole.today

    @cached_property
    def draft(self) -> Draft:
        """The answers as a draft that is nobody's and is nowhere."""
        sections = {
            key: SavedSection(answers, 1, _EPOCH, None) for key, answers in self.answers.items()
        }
        return Draft(0, None, "draft", 0, None, sections)

    @cached_property
    def path(self) -> Path:
        return walk(self.version, self.draft.answers, self.today)

    def sight(self, section: CompiledSection) -> Sight:
        """Return one section under the eyes of the organiser."""
        return sight(self.version, section, self.draft, self.today, self.language)

    def holding(self, section: str, answers: Mapping[str, Answer]) -> Trial:
        """Return the trial with ``answers`` in ``section``."""
        return Trial(self.whole, {**self.answers, section: answers}, self.language)

    def concerns(self, section: CompiledSection) -> bool:
        """Tell whether a respondent meets the section."""
        return any(item.key in self.path.shown for item in section.items)

    def hidden(self) -> Iterator[Reason]:
        """Yield why each hidden section is, and each hidden question or option of the others."""
        for section in self.version.sections:
            if section.number not in self.path.sections:
                name = f"Partie\u00a0{section.number}, {say(section.section.title)}"
                yield self._reason(
                    section.number, name, section.condition, section.section.relevant
                )
                continue
            for item in section.items:
                if item.key not in self.path.shown:
                    yield self._reason(
                        section.number, _name(item), item.condition, item.question.relevant
                    )
                elif item.varies:
                    yield from self._hidden_parts(section.number, item)

    def _hidden_parts(self, number: int, item: Item) -> Iterator[Reason]:
        """Yield why options and rows of a shown question are hidden."""
        left = offered(item, self.path.answers, self.today)
        kept = {id(part) for part in left.parts}
        for part in item.resolved.parts:
            if id(part) not in kept:
                label = spaced(say(part.label) or part.value)
                name = f"{_name(item)}, «\u00a0{label}\u00a0»"
                yield self._part(number, name, item, part)

    def _part(self, number: int, name: str, item: Item, part: Option | Row) -> Reason:
        if part.relevant:
            return self._reason(number, name, parse(part.relevant), part.relevant)
        origin = self.version.items[item.carried or ""]
        because = f"reprise de la question {origin.number}, où elle n’est pas choisie"
        return Reason(number, name, because, "", [self._given(origin)])

    def _reason(
        self, number: int, name: str, condition: Expression | None, source: str | None
    ) -> Reason:
        read = sorted(references(condition)) if condition else []
        known = [self.version.items[key] for key in read if key in self.version.items]
        unseen = [item for item in known if item.key not in self.path.shown]
        because = ""
        if unseen:
            names = ", ".join(_name(item) for item in unseen)
            because = f"dépend d’une question elle-même cachée\u00a0: {names}"
        sentence = self.whole.sentence(to_source(condition) if condition else source, numbered=True)
        return Reason(number, name, because, sentence, [self._given(item) for item in known])

    def _given(self, item: Item) -> str:
        if item.key not in self.path.shown:
            return f"{_name(item)}\u00a0: cachée"
        lines = said(item, self.path.answers, self.path, self.today, "fr")
        return f"{_name(item)}\u00a0: {', '.join(lines) if lines else 'sans réponse'}"


def _name(item: Item) -> str:
    label = spaced(title(item))
    return f"Question\u00a0{label}" if item.number else f"Texte «\u00a0{label}\u00a0»"
