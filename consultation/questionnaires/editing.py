"""Changes to a draft, one function each: they take a questionnaire and give another. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from consultation.questionnaires.format import Questionnaire, Section
from consultation.questionnaires.formats.keys import Keys
from consultation.questionnaires.kinds.question import Option, Row, Text
from consultation.questionnaires.kinds.table import AnyQuestion, name_of
from consultation.questionnaires.renaming import rename

MOST_OPTIONS = 2000
_BULLET = re.compile(r"\A[-–—•*] ")
"""What begins a pasted line; « -2 » is a value."""


class NoSuchPartError(LookupError):
    """There is no section or question of that key: somebody removed it."""


def find(questionnaire: Questionnaire, key: str) -> tuple[Section, AnyQuestion]:
    """Return the question ``key`` and its section.

    Raises:
        NoSuchPartError: there is none.
    """
    for section in questionnaire.sections:
        for question in section.questions:
            if question.key == key:
                return section, question
    raise NoSuchPartError(key)


def section_of(questionnaire: Questionnaire, key: str) -> Section:
    """Return the section ``key``.

    Raises:
        NoSuchPartError: there is none.
    """
    for section in questionnaire.sections:
        if section.key == key:
            return section
    raise NoSuchPartError(key)


def taken_keys(questionnaire: Questionnaire) -> Keys:
    """Return the keys in use, ready to give new ones."""
    questions = [q.key for s in questionnaire.sections for q in s.questions]
    computed = (c.key for c in questionnaire.computed)
    return Keys([*questions, *(s.key for s in questionnaire.sections), *computed])


def add_section(questionnaire: Questionnaire, title: Text) -> tuple[Questionnaire, str]:
    """Add a section at the end; return its key too."""
    key = taken_keys(questionnaire).give(next(iter(title.values()), ""), "partie")
    section = Section(key=key, title=title)
    return replace(questionnaire, sections=[*questionnaire.sections, section]), key


def duplicate_section(questionnaire: Questionnaire, key: str) -> tuple[Questionnaire, str]:
    """Add a copy under the section, its questions with keys of their own; return its key too.

    Inside the copy, conditions, carried-over options and quotes name the copied questions.
    """
    section = section_of(questionnaire, key)
    keys = taken_keys(questionnaire)
    copy = replace(section, key=keys.give(key), questions=list(section.questions))
    alone = replace(
        questionnaire, sections=[copy], computed=[], breakdowns=[], individual=None,
        organisation=None,
    )  # fmt: skip
    for question in section.questions:
        alone = rename(alone, question.key, keys.give(question.key))
    place = questionnaire.sections.index(section) + 1
    before, after = questionnaire.sections[:place], questionnaire.sections[place:]
    return replace(questionnaire, sections=[*before, *alone.sections, *after]), copy.key


def change_section(questionnaire: Questionnaire, key: str, **fields: Any) -> Questionnaire:
    """Change fields of a section."""
    return _with_section(questionnaire, key, lambda section: replace(section, **fields))


def remove_section(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """Remove a section and its questions."""
    section_of(questionnaire, key)
    return replace(questionnaire, sections=[s for s in questionnaire.sections if s.key != key])


def move_section(questionnaire: Questionnaire, key: str, by: int) -> Questionnaire:
    """Move a section up (``-1``) or down (``1``); at the edge nothing changes."""
    sections = questionnaire.sections
    place = sections.index(section_of(questionnaire, key))
    return replace(questionnaire, sections=_moved(sections, place, place + by))


def add_question(
    questionnaire: Questionnaire, section: str, question: AnyQuestion, after: str | None = None
) -> Questionnaire:
    """Add a question at the end of a section, or after another one."""

    def put(found: Section) -> Section:
        keys = [q.key for q in found.questions]
        place = keys.index(after) + 1 if after in keys else len(keys)
        return replace(
            found, questions=[*found.questions[:place], question, *found.questions[place:]]
        )

    return _with_section(questionnaire, section, put)


def replace_question(
    questionnaire: Questionnaire, key: str, question: AnyQuestion
) -> Questionnaire:
    """Put ``question`` where ``key`` stood."""
    section, _ = find(questionnaire, key)
    questions = [question if q.key == key else q for q in section.questions]
    return change_section(questionnaire, section.key, questions=questions)


def remove_question(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """Remove a question. Conditions that read it are then found by the checks."""
    section, _ = find(questionnaire, key)
    left = [q for q in section.questions if q.key != key]
    return change_section(questionnaire, section.key, questions=left)


def duplicate_question(questionnaire: Questionnaire, key: str) -> tuple[Questionnaire, str]:
    """Add a copy under the question, with a key of its own; return that key too."""
    section, question = find(questionnaire, key)
    new = taken_keys(questionnaire).give(key)
    copy = replace(question, key=new)
    return add_question(questionnaire, section.key, copy, after=key), new


def move_question(questionnaire: Questionnaire, key: str, by: int) -> Questionnaire:
    """Move a question up or down, into the next section when it is at the edge of its own."""
    section, question = find(questionnaire, key)
    place = section.questions.index(question)
    if 0 <= place + by < len(section.questions):
        return change_section(
            questionnaire, section.key, questions=_moved(section.questions, place, place + by)
        )
    sections = questionnaire.sections
    to = sections.index(section) + by
    if not 0 <= to < len(sections):
        return questionnaire
    without = remove_question(questionnaire, key)
    target = sections[to]
    questions = [question, *target.questions] if by > 0 else [*target.questions, question]
    return change_section(without, target.key, questions=questions)


def change_kind(question: AnyQuestion, kind: type[Any]) -> AnyQuestion:
    """Return ``question`` as another kind, keeping every field that the other kind has too."""
    fields = {f.name for f in msgspec.structs.fields(kind)}
    kept = {name: getattr(question, name) for name in question.__struct_fields__ if name in fields}
    parts = getattr(question, "options", None) or getattr(question, "rows", None) or []
    if "options" in fields and not kept.get("options"):
        kept["options"] = [Option(value=p.value, label=p.label) for p in parts]
    if "rows" in fields and not kept.get("rows"):
        kept["rows"] = [Row(value=p.value, label=p.label) for p in parts]
    made: AnyQuestion = kind(**kept)
    return made


def options_from_lines(text: str, language: str, before: Sequence[Option] = ()) -> list[Option]:
    """Return the options written one per line, keeping the values of those already there.

    A line that says what an option already says keeps that option, wherever it moved. Otherwise
    the line at the same place, when the number of lines has not changed, is a new wording of the
    same option. Anything else is a new option.
    """
    lines = [_BULLET.sub("", " ".join(line.split())) for line in text.splitlines()]
    lines = [line[:500] for line in lines if line][:MOST_OPTIONS]
    known = {option.label.get(language, ""): option for option in before}
    values = Keys(option.value for option in before)
    same_number = len(lines) == len(before)
    made: list[Option] = []
    for place, line in enumerate(lines):
        if line in known:
            option = known[line]
        elif same_number and before[place].label.get(language, "") not in lines:
            option = replace(before[place], label={**before[place].label, language: line})
        else:
            option = Option(value=values.give(line, "option"), label={language: line})
        if option.value not in {o.value for o in made}:
            made.append(option)
    return made


def rows_from_lines(text: str, language: str, before: Sequence[Row] = ()) -> list[Row]:
    """Return rows written one per line, as :func:`options_from_lines` does options."""
    as_options = [Option(value=r.value, label=r.label) for r in before]
    relevant = {r.value: r.relevant for r in before}
    return [
        Row(value=o.value, label=o.label, relevant=relevant.get(o.value))
        for o in options_from_lines(text, language, as_options)
    ]


def new_key(questionnaire: Questionnaire, label: str) -> str:
    """Return a key for a new question, from the first words of its label."""
    words = re.findall(r"\w+", label)[:4]
    return taken_keys(questionnaire).give(" ".join(words), "question")


def kind_name(question: AnyQuestion) -> str:
    """Return the name of the kind of a question."""
    return name_of(question)


def _moved(parts: Sequence[Any], place: int, to: int) -> list[Any]:
    moved = list(parts)
    if 0 <= to < len(moved):
        moved.insert(to, moved.pop(place))
    return moved


def _with_section(
    questionnaire: Questionnaire, key: str, change: Callable[[Section], Section]
) -> Questionnaire:
    section_of(questionnaire, key)
    sections = [change(s) if s.key == key else s for s in questionnaire.sections]
    return replace(questionnaire, sections=sections)
