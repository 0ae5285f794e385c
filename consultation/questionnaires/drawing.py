"""Questions as HTML. A question in a state already met by this process is not drawn again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec
from jinja2 import Environment
from markupsafe import Markup

from consultation.lib.recent import Recent
from consultation.questionnaires.compiled import Item
from consultation.questionnaires.kinds import date, number
from consultation.questionnaires.kinds.question import Answer, Option, Resolved, is_typed
from consultation.questionnaires.quoting import fill
from consultation.questionnaires.words import words
from consultation.web.typography import spaced

WORDED = frozenset(("short_text", "long_text", "file"))
"""The kinds whose answers hold words of a person: those are drawn each time and never kept."""

KEPT = 3000
"""How many drawn questions a process keeps; the longest lists weigh 6 kB."""


@dataclass(frozen=True, slots=True)
class State:
    """What a question looks like now: its answer, what is wrong with it, whether it is hidden.

    ``offered`` holds the options and rows left open by the other answers; ``seed`` fixes the
    order of options that are shuffled; ``quotes`` is what its texts quote of other answers.
    """

    offered: Resolved
    answer: Answer = None
    other: str = ""
    error: str = ""
    hidden: bool = False
    seed: int = 0
    quotes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as the page shows it; ``lang`` is empty when it is that of the question."""

    value: str
    label: str
    hint: str
    lang: str
    chosen: bool
    other: bool


class Asked:
    """What the template of a kind is given. ``words`` are those of the question's language."""

    def __init__(self, item: Item, state: State, language: str) -> None:
        self.question, self.key, self.number = item.question, item.key, item.number
        self.language = language if language in item.question.label else "fr"
        self.words = words(self.language)
        self.lang = "" if self.language == "fr" else self.language
        self.state = state
        self.label = self.text(item.question.label)
        self.optional = not item.question.required and item.name != "statement"
        self.error, self.hidden = state.error, state.hidden

    def text(self, texts: Mapping[str, str]) -> str:
        """Return a text of the definition in the language of the question, French otherwise."""
        found = texts.get(self.language) or texts.get("fr") or next(iter(texts.values()), "")
        found = fill(found, self.state.quotes)
        return spaced(found) if self.lang_of(texts) == "fr" else found

    def lang_of(self, texts: Mapping[str, str]) -> str:
        """Return the language in which :meth:`text` is."""
        return self.language if texts.get(self.language) else "fr"

    @property
    def hint(self) -> str:
        return self.text(self.question.hint) if self.question.hint else ""

    @property
    def why(self) -> str:
        """Why the question is asked."""
        return self.text(self.question.why) if self.question.why else ""

    @property
    def other(self) -> str:
        return self.state.other

    @property
    def answer(self) -> Any:
        """The answer to show again, whether it is valid or only typed."""
        answer = self.state.answer
        return answer["typed"] if is_typed(answer) else answer

    @cached_property
    def options(self) -> list[Choice]:
        found = self.state.offered.options
        if getattr(self.question, "random_order", False):
            found = shuffled(found, f"{self.state.seed}:{self.key}")
        chosen = _chosen(self.answer)
        return [self._choice(option, chosen) for option in found]

    def _choice(self, option: Option, chosen: frozenset[str]) -> Choice:
        lang = self.lang_of(option.label)
        return Choice(
            value=option.value,
            label=self.text(option.label),
            hint=self.text(option.hint) if option.hint else "",
            lang="" if lang == self.language else lang,
            chosen=option.value in chosen,
            other=option.other,
        )

    @property
    def options_lang(self) -> str:
        """The language of every option, when it is the same and not that of the question."""
        found = {option.lang for option in self.options}
        return found.pop() if len(found) == 1 else ""

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The rows as (value, label, lang)."""
        rows = []
        for row in self.state.offered.rows:
            lang = self.lang_of(row.label)
            rows.append((row.value, self.text(row.label), "" if lang == self.language else lang))
        return rows

    @cached_property
    def revealing(self) -> Choice | None:
        """The option « autre », that opens a text."""
        return next((option for option in self.options if option.other), None)

    @property
    def apart(self) -> bool:
        """Whether the last point of the scale is no opinion."""
        last = self.state.offered.options[-1:]
        return bool(last) and last[0].no_opinion

    @property
    def ranked(self) -> list[Choice]:
        """The options ranked, first first."""
        known = {option.value: option for option in self.options}
        return [known[value] for value in self.answer or () if value in known]

    def figure(self, value: Any) -> str:
        """Write a number so that typing it again gives the same one."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value if value is not None else "")
        text = number.write(value).replace("\u00a0", "")
        return text if self.language == "fr" else text.replace(",", ".")

    def amount(self, value: float) -> str:
        """Write a number to be read."""
        return number.write(value, self.language)

    @property
    def parts(self) -> dict[str, str]:
        """The parts of a date to show again in their boxes."""
        return date.parts_of(self.state.answer)

    @property
    def date_example(self) -> str:
        example = {"day": "7 3 2022", "month": "9 2014", "year": "2014"}
        return self.words["example"].format(text=example[self.question.precision])

    @property
    def how_many(self) -> str:
        """How many options are to choose; nothing when any number will do, or the label says it."""
        least = getattr(self.question, "min_choices", None) or 0
        most = self.question.max_choices
        told = all(self.mentions(n) for n in (least, most) if n and n > 1)
        if told or (least < 2 and not most):
            return ""
        if least < 2:
            return self.words["most"].format(n=most)
        code = "least" if not most else "exactly" if least == most else "from_to"
        return self.words[code].format(n=least, most=most)

    def mentions(self, figure: int | None) -> bool:
        """Tell whether the label or the hint already says ``figure``."""
        return bool(figure) and str(figure) in self.label + self.hint


def shuffled(options: Iterable[Option], seed: str) -> tuple[Option, ...]:
    """Return the options in an order that depends on ``seed`` alone.

    « Autre », « aucun » and « sans avis » stay at the end, in their own order.
    """
    last = [o for o in options if o.other or o.exclusive or o.no_opinion]
    first = [o for o in options if o not in last]
    first.sort(key=lambda o: hashlib.sha256(f"{seed}:{o.value}".encode()).digest())
    return (*first, *last)


def _chosen(answer: Any) -> frozenset[str]:
    if isinstance(answer, str):
        return frozenset((answer,))
    return frozenset(str(value) for value in answer) if isinstance(answer, list) else frozenset()


class Drawer:
    """Draws questions with the templates of ``environment``; shared by every thread."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._drawn: Recent[tuple[Any, ...], Markup] = Recent(KEPT)

    def draw(self, digest: str, item: Item, state: State, language: str) -> Markup:
        """Return the HTML of a question of the version ``digest``."""
        if state.other or state.quotes or (item.name in WORDED and state.answer is not None):
            return self._draw(item, state, language)
        key = _key(digest, item, state, language)
        return self._drawn.get(key) or self._drawn.keep(key, self._draw(item, state, language))

    def _draw(self, item: Item, state: State, language: str) -> Markup:
        template = self._environment.get_template(f"questionnaires/kinds/{item.name}.html")
        drawn: Markup = template.module.question(Asked(item, state, language))  # type: ignore[attr-defined]
        return drawn


def _key(digest: str, item: Item, state: State, language: str) -> tuple[Any, ...]:
    offered: Any = None
    if state.offered is not item.resolved:
        offered = (
            tuple(o.value for o in state.offered.options),
            tuple(r.value for r in state.offered.rows),
        )
    answer = msgspec.json.encode(state.answer) if state.answer is not None else b""
    seed = state.seed if getattr(item.question, "random_order", False) else 0
    return digest, item.key, language, answer, state.error, state.hidden, offered, seed
