"""Who is writing where, what a note or a share is about, and how long a note is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from consultation.consultations.rules import Refused
from consultation.questionnaires.compiled import CompiledSection, CompiledVersion
from consultation.questionnaires.kinds.question import say
from consultation.responses.draft import SavedSection
from consultation.responses.reading import clean
from consultation.web.typography import NBSP, number_fr, spaced

PRESENT = timedelta(seconds=60)
"""Without a sign for so long, a person is no longer said to be there."""

LONGEST_NOTE = 2000
WHOLE = "response:"
"""The target of what concerns the whole response."""

EMPTY = "Écrivez votre note"
MOST_NOTES = 500
FULL = (
    f"Réglez puis supprimez d’abord d’autres notes{NBSP}: cette contribution en a {MOST_NOTES}, "
    "le plus possible"
)


@dataclass(frozen=True, slots=True)
class Writer:
    """A co-author; ``section`` is the one they had open at ``seen_at``."""

    user_id: int
    name: str
    signs: bool
    section: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What a note or a share is about: a section, or a question of it, as people read it."""

    name: str
    label: str
    section: int

    @property
    def question(self) -> str:
        """The key of the question; empty for a section."""
        return self.name.removeprefix("question:") if self.name.startswith("question:") else ""


def of_section(section: CompiledSection) -> str:
    """Return the target that names a section."""
    return f"section:{section.section.key}"


def of_question(key: str) -> str:
    """Return the target that names a question."""
    return f"question:{key}"


def targets(sections: Iterable[CompiledSection]) -> dict[str, Target]:
    """Return what notes and shares may be about in ``sections``, by name, in reading order."""
    found: dict[str, Target] = {}
    for section in sections:
        number = section.number
        name, title = of_section(section), spaced(say(section.section.title))
        found[name] = Target(name, f"Partie {number}{NBSP}: {title}", number)
        for item in section.items:
            if item.number:
                name, label = of_question(item.key), spaced(say(item.question.label))
                found[name] = Target(name, f"Question {item.number}{NBSP}: {label}", number)
    return found


def section_of(version: CompiledVersion, target: str) -> int:
    """Return the number of the section of ``target``; 0 for what is in none."""
    found = targets(version.sections).get(target)
    return found.section if found else 0


def check_room(notes: int) -> None:
    """Raise :class:`Refused` when a response has as many notes as it may."""
    if notes >= MOST_NOTES:
        raise Refused("text", FULL)


def clean_note(typed: str) -> str:
    """Return the text of a note; raise :class:`Refused` when it is empty or too long."""
    text = clean(typed.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise Refused("text", EMPTY)
    if len(text) > LONGEST_NOTE:
        most, now = number_fr(LONGEST_NOTE), number_fr(len(text))
        raise Refused("text", f"Raccourcissez la note{NBSP}: {now} caractères, {most} au plus")
    return text


def present(
    writers: Iterable[Writer], sections: Mapping[str, SavedSection], me: int, now: datetime
) -> dict[int, tuple[str, datetime]]:
    """Return where each of the others is: person -> (key of the section, last sign).

    A sign is what the page of a person says while it is open, or a section they saved: whoever
    has no script is seen as well.
    """
    found: dict[int, tuple[str, datetime]] = {}
    for writer in writers:
        signs = [(saved.saved_at, key) for key, saved in sections.items()
                 if saved.saved_by == writer.user_id]  # fmt: skip
        if writer.section is not None and writer.seen_at is not None:
            signs.append((writer.seen_at, writer.section))
        recent = max((sign for sign in signs if now - sign[0] <= PRESENT), default=None)
        if recent is not None and writer.user_id != me:
            found[writer.user_id] = (recent[1], recent[0])
    return found


LONGEST_NAME = 32
"""Letters of a name beside a section or a question, where pages have little room."""


def listed(names: Sequence[str], most: int = 3) -> str:
    """Join names as one says them: « Awa, Léa et Nadia », « Awa, Léa et 3 autres ».

    As short whatever their number and their length.
    """
    shown = [_cut(name) for name in names]
    if len(shown) > most:
        shown = [*shown[: most - 1], f"{len(shown) - most + 1} autres"]
    *first, last = shown
    return f"{', '.join(first)} et {last}" if first else last


def here(names: Sequence[str]) -> str:
    """Say who else is in this section; nothing when nobody is."""
    if not names:
        return ""
    verb = "écrit" if len(names) == 1 else "écrivent"
    return f"{listed(names)} {verb} dans cette partie en ce moment"


def in_charge(user_ids: Iterable[int], writers: Sequence[Writer], me: int) -> str:
    """Say who looks after something: « vous et Nadia »; nothing when nobody does.

    First names are enough among people who know each other, unless two have the same.
    """
    wanted = frozenset(user_ids)
    found = [writer for writer in writers if writer.user_id in wanted]
    first = Counter(_first(writer) for writer in writers)
    others = [w.name if first[_first(w)] > 1 else _first(w) for w in found if w.user_id != me]
    names = (["vous"] if len(others) < len(found) else []) + others
    return listed(names, 2) if names else ""


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _first(writer: Writer) -> str:
    return writer.name.partition(" ")[0]
