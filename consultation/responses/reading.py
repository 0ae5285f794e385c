"""From what a page posts to the answers of its section. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from consultation.lib.legible import legible
from consultation.questionnaires.compiled import CompiledSection, Item
from consultation.questionnaires.kinds.question import MAXIMUM_TEXT, Answer, Fields, Resolved
from consultation.questionnaires.kinds.sentences import sentence
from consultation.questionnaires.path import with_hidden

LONGEST_OTHER = 500
"""Characters of the text of « autre »."""

QUESTIONS, REVISION, BASE, AFTER, DECIDING = (
    "_questions", "_revision", "_base", "_apres", "_choix",
)  # fmt: skip
"""Fields of the page itself: no key of a question begins with an underscore."""

CHOICE = ".version"
"""Ends the name of the field that chooses between two versions of an answer."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A section as posted: its fields, the revision its page was built from, the button pressed.

    ``base`` marks the answers that the page showed at first, see :func:`marks`.
    """

    values: Mapping[str, Sequence[str]]
    revision: int
    after: str
    questions: frozenset[str] | None
    base: str = ""

    @property
    def deciding(self) -> bool:
        """Whether this is the page on which the person chooses between two versions."""
        return DECIDING in self.values

    def choice(self, key: str) -> str:
        """Return the version chosen for a question: ``mine``, ``theirs`` or nothing."""
        return next(iter(self.values.get(key + CHOICE) or ()), "")

    def fields_of(self, section: CompiledSection) -> list[tuple[str, str]]:
        """Return what was typed in ``section``, to be posted again."""
        keys = {item.key for item in section.items}
        return [
            (name, value)
            for name, values in self.values.items()
            if name == QUESTIONS or (name.partition(".")[0] in keys and not name.endswith(CHOICE))
            for value in values
        ]

    @property
    def pressed(self) -> tuple[str, str] | None:
        """The question and the value of the button pressed inside a question, if one was."""
        for name, values in self.values.items():
            key, dot, verb = name.rpartition(".")
            if dot and verb in ("move", "remove") and values and values[0]:
                return key, values[0]
        return None


def posted(values: Mapping[str, Sequence[str]]) -> Posted:
    """Read the fields of the page itself. A revision that is no number is 0, an unsaved page."""
    values = {name: [clean(value) for value in given] for name, given in values.items()}

    def one(name: str) -> str:
        return next(iter(values.get(name) or ()), "")

    revision = one(REVISION)
    known = revision.isascii() and revision.isdecimal() and len(revision) < 10
    questions = frozenset(one(QUESTIONS).split()) if QUESTIONS in values else None
    return Posted(values, int(revision) if known else 0, one(AFTER), questions, one(BASE))


def clean(text: str) -> str:
    """Return ``text`` with letters and accents joined (NFC), without the signs nobody can see.

    A page, a spreadsheet or an archive in XML could not hold them.
    """
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", legible(text))


def read(
    section: CompiledSection,
    page: Posted,
    before: Mapping[str, Answer],
    asked: Collection[str],
    offers: Mapping[str, Resolved] | None = None,
) -> dict[str, Answer]:
    """Return the answers of ``section``: those of the page, and the former ones elsewhere.

    ``asked`` are the questions the page held when it does not say it itself, ``offers`` what the
    questions with hidden options or rows showed: what was answered to the rest stays. Files stay
    as they are: their bytes do not come with the answers.
    """
    on_page = page.questions if page.questions is not None else frozenset(asked)
    fields, answers = Fields(page.values), dict[str, Answer]()
    for item in section.items:
        if item.key in on_page and item.name != "file":
            found = item.kind.read(item.resolved, fields)
            now = (offers or {}).get(item.key, item.resolved)
            whole = with_hidden(item, found.get(item.key), before.get(item.key), now)
            answers.update(found if whole is None else {**found, item.key: whole})
        else:
            answers.update(of(item, before))
    return answers


def of(item: Item, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answer to one question, with its text of « autre »; empty when there is none."""
    keys = (item.key, f"{item.key}.other")
    return {key: answers[key] for key in keys if key in answers}


def too_long(section: CompiledSection, page: Posted, language: str) -> dict[str, str]:
    """Return the questions whose text is longer than anything we keep, with a sentence each."""
    return {
        key: sentence("too_long", language, n=most, now=longest)
        for item in section.items
        for key, most, longest in _lengths(item, page.values)
        if longest > most
    }


def _lengths(item: Item, values: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int, int]]:
    for name, most in ((item.key, _most(item)), (f"{item.key}.other", LONGEST_OTHER)):
        for value in values.get(name) or ():
            yield item.key, most, len(value.strip())


def _most(item: Item) -> int:
    return MAXIMUM_TEXT if item.name in ("short_text", "long_text") else 200


def differing(
    section: CompiledSection, mine: Mapping[str, Answer], theirs: Mapping[str, Answer]
) -> list[Item]:
    """Return the questions that the two versions of a section do not answer alike."""
    return [item for item in section.items if of(item, mine) != of(item, theirs)]


def marks(section: CompiledSection, keys: Collection[str], answers: Mapping[str, Answer]) -> str:
    """Return a short mark of the answer to each question of the page ``keys``, in their order.

    With them a save tells what the person changed from what was changed meanwhile by somebody else.
    """
    return " ".join(_mark(item, answers) for item in section.items if item.key in keys)


def _mark(item: Item, answers: Mapping[str, Answer]) -> str:
    given = of(item, answers)
    if not given:
        return "-"
    text = json.dumps(given, sort_keys=True)
    digest = hashlib.blake2b(text.encode(), digest_size=6).digest()
    return base64.urlsafe_b64encode(digest).decode()


@dataclass(frozen=True, slots=True)
class Settled:
    """What a page holds and what was saved meanwhile, put together.

    ``left``: the questions for which the person must choose first; ``taken``: those for which what
    was saved meanwhile is kept, because the person had not touched them.
    """

    answers: Mapping[str, Answer]
    left: Sequence[Item] = ()
    taken: Sequence[Item] = ()


def settle(
    section: CompiledSection,
    page: Posted,
    mine: Mapping[str, Answer],
    theirs: Mapping[str, Answer],
    revision: int,
) -> Settled:
    """Put what a page holds and what was saved meanwhile together.

    ``theirs`` was saved as ``revision``. On a page older than it, a question that only one side
    changed takes that change, and one that both sides changed is left to the person. On the page of
    choices, those without a choice are left.
    """
    if page.revision != revision:
        return _merged(section, page, mine, theirs)
    if not page.deciding:
        return Settled(mine)
    answers, left = dict[str, Answer](), []
    for item in section.items:
        choice = page.choice(item.key)
        if choice not in ("mine", "theirs") and of(item, mine) != of(item, theirs):
            left.append(item)
        answers.update(of(item, theirs if choice == "theirs" else mine))
    return Settled(answers, left)


def _merged(
    section: CompiledSection, page: Posted, mine: Mapping[str, Answer], theirs: Mapping[str, Answer]
) -> Settled:
    base = _base(section, page)
    answers, left, taken = dict[str, Answer](), [], []
    for item in section.items:
        side = mine
        if of(item, mine) != of(item, theirs):
            before = base.get(item.key)
            if before == _mark(item, mine):
                side = theirs
                taken.append(item)
            elif before != _mark(item, theirs):
                left.append(item)
        answers.update(of(item, side))
    return Settled(answers, left, taken)


def _base(section: CompiledSection, page: Posted) -> Mapping[str, str]:
    """Return the marks of a page by question; nothing when they are not those of its questions."""
    keys = [item.key for item in section.items if item.key in (page.questions or ())]
    found = page.base.split(" ")
    return dict(zip(keys, found, strict=True)) if len(keys) == len(found) else {}
