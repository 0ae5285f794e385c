"""What has no words, and names that answer to nothing or to two things. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.expressions.tree import RESERVED
from consultation.questionnaires.kinds.question import Text, say
from consultation.questionnaires.rules import Finding

_QUOTE = re.compile(r"\$\{([^{}]*)\}")


def incomplete(version: CompiledVersion) -> Iterator[Finding]:
    """Yield the sections, questions, options and rows that say nothing."""
    for section in version.sections:
        if not say(section.section.title).strip():
            yield Finding(section.section.key, "écrivez le titre de cette partie")
        for item in section.items:
            if not say(item.question.label).strip():
                yield Finding(item.key, "écrivez l’intitulé")
            for part in item.resolved.parts:
                if not say(part.label).strip():
                    yield Finding(item.key, f"écrivez l’option «\u00a0{part.value}\u00a0»")
                    break


def misnamed(version: CompiledVersion) -> Iterator[Finding]:
    """Yield the names that are not those of a question, or that two things share."""
    yield from _reserved(version)
    yield from _organisation(version)
    yield from _quoted(version)
    yield from _carried(version)
    yield from _columns(version)


def _reserved(version: CompiledVersion) -> Iterator[Finding]:
    for key in (*version.items, *version.computed):
        if key in RESERVED:
            what = f"changez le code, «\u00a0{key}\u00a0» est un mot des expressions"
            yield Finding(key, what)


def _organisation(version: CompiledVersion) -> Iterator[Finding]:
    key = version.questionnaire.organisation
    item = version.items.get(key) if key else None
    if key and (item is None or item.name != "short_text"):
        what = f"la question du SIRET, «\u00a0{key}\u00a0», n’est pas une question de texte court"
        yield Finding("", what)


def _quoted(version: CompiledVersion) -> Iterator[Finding]:
    known = version.items.keys() | version.computed.keys()
    for key, text in _texts(version):
        for words in text.values():
            for name in _QUOTE.findall(words):
                if name.strip() not in known:
                    what = f"«\u00a0${{{name}}}\u00a0» ne cite ni une question ni une valeur"
                    yield Finding(key, what)


def _texts(version: CompiledVersion) -> Iterator[tuple[str, Text]]:
    for section in version.sections:
        yield section.section.key, section.section.introduction
        for item in section.items:
            question = item.question
            for text in (question.label, question.hint, getattr(question, "statement", {})):
                yield item.key, text
            for part in item.resolved.parts:
                yield item.key, part.label
            yield from ((item.key, message) for _, message in item.constraints)


def _carried(version: CompiledVersion) -> Iterator[Finding]:
    """Yield the questions that take the choices made in a question where none is made."""
    for item in version.items.values():
        origin = version.items.get(item.carried or "")
        if origin is not None and origin.kind.SHAPE not in ("choice", "choices"):
            name = f"la question {origin.number}" if origin.number else "un texte"
            yield Finding(item.key, f"reprend les choix faits dans {name}, où l’on ne choisit pas")


def _columns(version: CompiledVersion) -> Iterator[Finding]:
    """Yield the questions whose columns, in an export, would bear the name of another column."""
    owners: dict[str, Item] = {}
    for item in version.items.values():
        for column in item.kind.columns(item.resolved) if item.number else ():
            owner = owners.setdefault(column.name, item)
            if owner is not item or column != _first(item, column.name):
                what = f"la colonne «\u00a0{column.name}\u00a0» des exports serait en double"
                whose = "" if owner is item else f" avec la question {owner.number}"
                yield Finding(item.key, f"{what}{whose}, changez un des codes")
                break


def _first(item: Item, name: str) -> object:
    return next(column for column in item.kind.columns(item.resolved) if column.name == name)
