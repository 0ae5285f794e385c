"""What deserves a second look before publication, without stopping it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.expressions.tree import Expression, references
from consultation.questionnaires.kinds.question import Text, say
from consultation.questionnaires.rules import Finding

_TWO_IDEAS = re.compile(r"\b(?:et|ou|and|or)\b", re.IGNORECASE)
_YES_OR_NO = ("oui", "non", "yes", "no")
_LONG_LABEL = 200
_MOST_POINTS = 7


def advice(version: CompiledVersion) -> Iterator[Finding]:
    """Yield what an organiser would correct after a second reading."""
    yield from _translations(version)
    yield from _wording(version)
    yield from _scales(version)
    yield from _constraints(version)
    yield from _order(version)


# --- Translations --------------------------------------------------------------------------------


def _translations(version: CompiledVersion) -> Iterator[Finding]:
    for language in version.questionnaire.languages:
        for key, texts in _all_texts(version):
            missing = sum(bool(text) and not text.get(language) for text in texts)
            if missing:
                words = "texte n’est pas traduit" if missing == 1 else "textes ne sont pas traduits"
                yield Finding(key, f"{missing} {words} ({language})")


def _all_texts(version: CompiledVersion) -> Iterator[tuple[str, Iterable[Text]]]:
    whole = version.questionnaire
    yield "", (whole.title, whole.introduction)
    for section in version.sections:
        yield section.section.key, (section.section.title, section.section.introduction)
        for item in section.items:
            yield item.key, _texts_of(item)


def _texts_of(item: Item) -> Iterator[Text]:
    question = item.question
    yield from (question.label, question.hint, question.why, getattr(question, "unit", {}))
    yield getattr(question, "statement", {})
    for option in item.resolved.options:
        yield from (option.label, option.hint)
    yield from (row.label for row in item.resolved.rows)
    yield from (message for _, message in item.constraints)


# --- Words ---------------------------------------------------------------------------------------


def _wording(version: CompiledVersion) -> Iterator[Finding]:
    for item in version.items.values():
        label = say(item.question.label)
        if len(label) > _LONG_LABEL and item.name != "statement":
            yield Finding(item.key, "l’intitulé dépasse 200 caractères")
        for sentence in _judged(item):
            if _TWO_IDEAS.search(sentence):
                yield Finding(
                    item.key, f"deux idées dans une phrase\u00a0? «\u00a0{sentence}\u00a0»"
                )


def _judged(item: Item) -> Iterator[str]:
    """Yield the sentences that a respondent agrees or disagrees with as a whole."""
    if item.name == "matrix":
        yield from (say(row.label) for row in item.resolved.rows)
    elif item.name == "scale" or _asks_yes_or_no(item):
        yield say(item.question.label)
    elif item.name == "consent":
        yield say(item.question.statement)


def _asks_yes_or_no(item: Item) -> bool:
    """Tell whether a single choice is between yes and no, whatever comes after."""
    labels = [say(option.label).strip().lower() for option in item.resolved.options]
    return item.name == "single" and all(label.startswith(_YES_OR_NO) for label in labels[:2])


def _scales(version: CompiledVersion) -> Iterator[Finding]:
    for item in version.items.values():
        if item.name in ("scale", "matrix"):
            points = [o for o in item.resolved.options if not o.no_opinion]
            if len(points) > _MOST_POINTS:
                what = f"{len(points)} points sur l’échelle, {_MOST_POINTS} suffisent"
                yield Finding(item.key, what)
        labels = [say(option.label) for option in item.resolved.options]
        for label in dict.fromkeys(x for x in labels if labels.count(x) > 1):
            yield Finding(item.key, f"deux options disent «\u00a0{label}\u00a0»")


# --- Expressions ---------------------------------------------------------------------------------


def _constraints(version: CompiledVersion) -> Iterator[Finding]:
    for item in version.items.values():
        if any(not say(message) for _, message in item.constraints):
            yield Finding(item.key, "une contrainte n’a pas de phrase à montrer")


def _order(version: CompiledVersion) -> Iterator[Finding]:
    """Say that a condition reads a question that comes later: it opens after having been passed."""
    places = {key: place for place, key in enumerate(version.items)}
    for section in version.sections:
        if section.items:
            first = places[section.items[0].key]
            yield from _later(version, places, section.section.key, section.condition, first)
        for item in section.items:
            yield from _later(version, places, item.key, item.condition, places[item.key])


def _later(
    version: CompiledVersion,
    places: Mapping[str, int],
    key: str,
    condition: Expression | None,
    place: int,
) -> Iterator[Finding]:
    read = references(condition) & places.keys() if condition is not None else frozenset()
    later = [places[name] for name in read if places[name] > place]
    if later:
        number = list(version.items.values())[min(later)].number
        yield Finding(key, f"sa condition dépend de la question {number}, posée plus loin")
