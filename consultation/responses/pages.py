"""What the page of one section shows. Pure, but for the templates that draw its questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup, escape

from consultation.lib.recent import Recent
from consultation.questionnaires.compiled import CompiledSection, CompiledVersion, Item
from consultation.questionnaires.drawing import Drawer, State
from consultation.questionnaires.kinds.question import Answer, Resolved
from consultation.questionnaires.path import Path, offered, walk
from consultation.questionnaires.problems import Problem, problems
from consultation.questionnaires.quoting import filled, quotes
from consultation.responses.draft import Draft

_depends: Recent[str, dict[str, frozenset[str]]] = Recent(64)


@dataclass(frozen=True, slots=True)
class Sight:
    """A section under someone's eyes: the draft, the day, the language, the path so far."""

    version: CompiledVersion
    section: CompiledSection
    draft: Draft
    today: date
    language: str
    path: Path

    @property
    def answers(self) -> Mapping[str, Answer]:
        return self.draft.answers_of(self.section)

    @property
    def items(self) -> list[Item]:
        """The questions on the page: those shown, and those that an answer here could show."""
        depends = depends_on(self.version)
        here = frozenset(item.key for item in self.section.items)
        return [
            item
            for item in self.section.items
            if item.key in self.path.shown or not here.isdisjoint(depends[item.key])
        ]

    @property
    def keys(self) -> list[str]:
        return [item.key for item in self.items]

    @property
    def offers(self) -> Mapping[str, Resolved]:
        """What each question of the page offers now, when that depends on other answers."""
        seen = self.path.answers
        return {i.key: offered(i, seen, self.today) for i in self.items if i.varies}

    @property
    def hidden(self) -> list[str]:
        """The questions of the page that the path does not show."""
        return [item.key for item in self.items if item.key not in self.path.shown]

    def holds(self, kind: str) -> bool:
        """Tell whether a question of ``kind`` is on the page."""
        return any(item.name == kind for item in self.items)

    def with_answers(self, answers: Mapping[str, Answer]) -> Sight:
        """Return the same section as if ``answers`` were saved in it."""
        return sight(self.version, self.section, self.draft, self.today, self.language, answers)

    def with_draft(self, draft: Draft) -> Sight:
        """Return the same section in ``draft``."""
        return sight(self.version, self.section, draft, self.today, self.language)


def sight(
    version: CompiledVersion,
    section: CompiledSection,
    draft: Draft,
    today: date,
    language: str,
    answers: Mapping[str, Answer] | None = None,
) -> Sight:
    """Look at ``section``, with the answers of ``draft`` or with ``answers`` instead."""
    here = draft.answers_of(section) if answers is None else answers
    elsewhere = {
        key: answer
        for name, saved in draft.sections.items()
        if name != section.section.key
        for key, answer in saved.answers.items()
    }
    path = walk(version, {**elsewhere, **here}, today)
    return Sight(version, section, draft, today, language, path)


@dataclass(frozen=True)
class Drawing:
    """The questions of a section as HTML, and the errors for the summary: (anchor, sentence)."""

    questions: Sequence[Markup]
    errors: Sequence[tuple[str, str]] = field(default_factory=list)


def draw(
    drawer: Drawer,
    seen: Sight,
    answers: Mapping[str, Answer],
    errors: Mapping[str, str],
) -> Drawing:
    """Draw every question of the page with ``answers`` and ``errors``, a sentence by question."""
    questions = [question(drawer, seen, item, answers, errors) for item in seen.items]
    return Drawing(
        questions, [in_summary(seen, seen.version.items[k], t) for k, t in errors.items()]
    )


def question(
    drawer: Drawer,
    seen: Sight,
    item: Item,
    answers: Mapping[str, Answer],
    errors: Mapping[str, str],
) -> Markup:
    """Draw one question."""
    state = State(
        offered=offered(item, seen.path.answers, seen.today),
        answer=answers.get(item.key),
        other=str(answers.get(f"{item.key}.other") or ""),
        error=errors.get(item.key, ""),
        hidden=item.key not in seen.path.shown,
        seed=seen.draft.response_id,
        quotes=quotes(seen.version, item, seen.path, seen.today, seen.language),
    )
    return drawer.draw(seen.version.digest, item, state, seen.language)


def introduction(seen: Sight) -> str:
    """Return what the section says before its questions, with the answers that it quotes."""
    text = seen.section.section.introduction
    return filled(seen.version, text, seen.path, seen.today, seen.language) if text else ""


def said(seen: Sight) -> dict[str, str]:
    """Return what is wrong in the section, by question, the first sentence of each."""
    found = problems(
        seen.version, seen.path, seen.today, seen.language, seen.section.number, required=False
    )
    return first_sentences(found)


def first_sentences(found: Iterable[Problem]) -> dict[str, str]:
    """Return the first sentence about each question."""
    first: dict[str, str] = {}
    for problem in found:
        first.setdefault(problem.key, problem.sentence)
    return first


def in_summary(seen: Sight, item: Item, sentence: str) -> tuple[str, str]:
    """Return the anchor of the first field of a question, and its error for the top of the page."""
    if seen.language == "fr" or seen.language not in item.question.label:
        return (
            f"f-{item.key}",
            f"Question\u00a0{item.number}\u00a0: {sentence[:1].lower()}{sentence[1:]}",
        )
    words = f"Question {item.number}: {sentence}"
    return f"f-{item.key}", Markup('<span lang="{}">{}</span>').format(seen.language, escape(words))


def changed_questions(before: Sight, after: Sight) -> list[Item]:
    """Return the questions of the page whose options, rows or words are no longer the same."""
    return [item for item in after.items if _content(before, item) != _content(after, item)]


def _content(seen: Sight, item: Item) -> tuple[object, ...]:
    found = offered(item, seen.path.answers, seen.today)
    words = quotes(seen.version, item, seen.path, seen.today, seen.language)
    return words, [o.value for o in found.options], [r.value for r in found.rows]


def depends_on(version: CompiledVersion) -> dict[str, frozenset[str]]:
    """Return, for each question, every key on which it depends that it is shown, near or far."""
    return _depends.get(version.digest) or _depends.keep(version.digest, _closure(version))


def _closure(version: CompiledVersion) -> dict[str, frozenset[str]]:
    reads = {key: item.reads for key, item in version.items.items()}
    found = dict(reads)
    for _ in reads:
        wider = {
            key: keys.union(*(reads.get(k, frozenset()) for k in keys))
            for key, keys in found.items()
        }
        if wider == found:
            break
        found = wider
    return found
