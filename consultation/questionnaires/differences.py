"""What changed between two versions, in words, and what it does to the answers already given.

Three weights. A ``wording`` change (labels, hints, order) and an ``addition`` (a question, an
option, a row) apply at once. A change of ``meaning`` (a kind, an option taken away, a bound made
narrower, a condition) may make an answer false: the people concerned are asked to confirm.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.kinds.question import say

Weight = Literal["wording", "addition", "meaning"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: the question (empty for the whole), its weight, a French sentence.

    ``effect`` says what happens to the answers already given; empty when nothing does.
    ``rewords``: other words, whose meaning only the organiser knows; ``declared``: the organiser
    said that it changes. ``keys`` are the questions concerned when it is not ``key`` alone.
    """

    key: str
    weight: Weight
    sentence: str
    effect: str = ""
    rewords: bool = False
    declared: bool = False
    keys: tuple[str, ...] = ()

    @property
    def concerned(self) -> tuple[str, ...]:
        """The keys of the questions whose answers it touches."""
        return self.keys or ((self.key,) if self.key else ())


KEPT = "Les réponses données restent telles quelles."
CONFIRM = "Les personnes qui ont répondu sont invitées à confirmer leur réponse."
LEFT_OUT = "Les réponses données restent dans l’ancienne version et ne sont plus demandées."
HIDDEN = (
    "Les réponses envoyées restent comptées. Dans les brouillons, celles que la nouvelle "
    "condition cache sont gardées sans être envoyées."
)
_BOUNDS = ("minimum", "maximum", "min_choices", "max_choices", "min_ranked", "max_ranked",
           "max_length", "total", "pattern", "regex", "precision", "integer", "several",
           "max_files", "max_megabytes", "extensions")  # fmt: skip
_OF_PARTS = ("other", "exclusive", "no_opinion", "relevant")
_SETTINGS = {"publication": "règle de publication", "sensitive": "montant sensible",
             "random_order": "ordre des options", "default": "réponse proposée",
             "display": "présentation", "why": "justification", "step": "pas"}  # fmt: skip


def differences(old: CompiledVersion, new: CompiledVersion) -> list[Difference]:
    """Return every change from ``old`` to ``new``, in the order of the new pages."""
    found, moved = list(_whole(old, new)), _moved(old, new)
    for key, item in new.items.items():
        if key in old.items:
            found.extend(_changed(old.items[key], item, key in moved))
        else:
            found.append(_added(item))
    for key, item in old.items.items():
        if key not in new.items:
            found.append(Difference(key, "meaning", f"{_name(item)}\u00a0: supprimée", LEFT_OUT))
    return found


def to_confirm(found: Sequence[Difference], answers: Mapping[str, Any]) -> list[str]:
    """Return the keys whose answer in ``answers`` must be confirmed after these changes."""
    keys = {d.key for d in found if d.weight == "meaning" and d.effect == CONFIRM}
    return [key for key in answers if key in keys]


def reasons(found: Sequence[Difference], key: str) -> list[str]:
    """Return why the answer to ``key`` is to confirm: new words too, if their meaning changed."""
    mine = [d for d in found if d.key == key]
    declared = any(d.declared for d in mine)
    told = [d for d in mine if d.weight == "meaning" and not d.declared]
    if declared:
        told = [*(d for d in mine if d.rewords), *told]
    return [d.sentence for d in told or [d for d in mine if d.declared]]


def _whole(old: CompiledVersion, new: CompiledVersion) -> Iterator[Difference]:
    if old.questionnaire.title != new.questionnaire.title:
        yield Difference("", "wording", "Le titre change")
    before = {s.section.key: s for s in old.sections}
    for section in new.sections:
        known = before.pop(section.section.key, None)
        title = say(section.section.title)
        if known is None:
            yield Difference("", "addition", f"Partie «\u00a0{title}\u00a0» ajoutée")
        elif known.section.title != section.section.title:
            yield Difference("", "wording", f"Titre de la partie «\u00a0{title}\u00a0» modifié")
        elif known.section.introduction != section.section.introduction:
            yield Difference("", "wording", f"Introduction de «\u00a0{title}\u00a0» modifiée")
        if known is not None and known.section.relevant != section.section.relevant:
            sentence = f"Condition de la partie «\u00a0{title}\u00a0» modifiée"
            keys = tuple(item.key for item in section.items if item.key in old.items)
            yield Difference("", "meaning", sentence, HIDDEN, keys=keys)
    for section in before.values():
        title = say(section.section.title)
        yield Difference("", "meaning", f"Partie «\u00a0{title}\u00a0» supprimée", LEFT_OUT)


def _name(item: Item) -> str:
    return f"Question {item.number}" if item.number else f"Texte «\u00a0{item.key}\u00a0»"


def _added(item: Item) -> Difference:
    effect = (
        "Les personnes qui ont déjà envoyé leur contribution ne l’ont pas vue."
        if item.name != "statement"
        else ""
    )
    label = say(item.question.label)
    return Difference(
        item.key, "addition", f"{_name(item)} ajoutée\u00a0: «\u00a0{label}\u00a0»", effect
    )


def _moved(old: CompiledVersion, new: CompiledVersion) -> frozenset[str]:
    """Return the questions in another section, or out of the longest run that kept its order.

    A question that only follows one that was added or removed has not moved.
    """
    common = [key for key in new.items if key in old.items]
    elsewhere = {key for key in common if _section_key(old, key) != _section_key(new, key)}
    places = {key: place for place, key in enumerate(old.items)}
    runs: list[list[str]] = []  # the best run of each length, by its last place
    for key in common:
        at = bisect_left(runs, places[key], key=lambda run: places[run[-1]])
        runs[at : at + 1] = [[*(runs[at - 1] if at else []), key]]
    return frozenset(common) - frozenset(runs[-1] if runs else []) | elsewhere


def _section_key(version: CompiledVersion, key: str) -> str:
    return version.sections[version.items[key].section - 1].section.key


def _changed(old: Item, new: Item, moved: bool) -> Iterator[Difference]:
    name = _name(new)
    if old.name != new.name:
        yield Difference(new.key, "meaning", f"{name}\u00a0: le type de réponse change", CONFIRM)
        return
    yield from _texts(old, new, name)
    yield from _parts(old, new, name, "options", "option")
    yield from _parts(old, new, name, "rows", "ligne")
    if old.question.meaning != new.question.meaning:
        sentence = f"{name}\u00a0: le sens change"
        yield Difference(new.key, "meaning", sentence, CONFIRM, declared=True)
    yield from _rules(old, new, name)
    if moved:
        yield Difference(
            new.key, "wording", f"{name}\u00a0: déplacée (question {old.number} avant)"
        )


def _texts(old: Item, new: Item, name: str) -> Iterator[Difference]:
    if old.question.label != new.question.label:
        before, after = say(old.question.label), say(new.question.label)
        sentence = (
            f"{name}\u00a0: intitulé modifié, «\u00a0{before}\u00a0» devient «\u00a0{after}\u00a0»"
        )
        if before == after:
            sentence = f"{name}\u00a0: traduction de l’intitulé modifiée"
        yield Difference(new.key, "wording", sentence, KEPT, rewords=True)
    for field, word in (("hint", "aide"), ("unit", "unité"), ("statement", "phrase à accepter")):
        if getattr(old.question, field, None) != getattr(new.question, field, None):
            weight: Weight = "wording" if field == "hint" else "meaning"
            effect = KEPT if field == "hint" else CONFIRM
            sentence = f"{name}\u00a0: {word} modifiée"
            yield Difference(new.key, weight, sentence, effect, rewords=field == "hint")


def _parts(old: Item, new: Item, name: str, field: str, word: str) -> Iterator[Difference]:
    before = {p.value: p for p in getattr(old.resolved, field)}
    after = {p.value: p for p in getattr(new.resolved, field)}
    for value, part in after.items():
        if value in before:
            yield from _part(new.key, before[value], part, name, word)
        else:
            sentence = f"{name}\u00a0: {word} ajoutée, «\u00a0{say(part.label)}\u00a0»"
            yield Difference(new.key, "addition", sentence, KEPT)
    for value, part in before.items():
        if value not in after:
            sentence = f"{name}\u00a0: {word} «\u00a0{say(part.label)}\u00a0» supprimée"
            yield Difference(new.key, "meaning", sentence, CONFIRM)
    if list(before) != list(after) and set(before) == set(after):
        yield Difference(new.key, "wording", f"{name}\u00a0: ordre des {word}s modifié", KEPT)


def _part(key: str, old: Any, new: Any, name: str, word: str) -> Iterator[Difference]:
    was, label = say(old.label), say(new.label)
    if was != label:
        sentence = f"{name}\u00a0: {word} «\u00a0{was}\u00a0» renommée «\u00a0{label}\u00a0»"
        yield Difference(key, "wording", sentence, KEPT, rewords=True)
    elif old.label != new.label:
        sentence = f"{name}\u00a0: traduction de «\u00a0{label}\u00a0» modifiée"
        yield Difference(key, "wording", sentence, KEPT, rewords=True)
    if getattr(old, "hint", None) != getattr(new, "hint", None):
        sentence = f"{name}\u00a0: aide de «\u00a0{label}\u00a0» modifiée"
        yield Difference(key, "wording", sentence, KEPT, rewords=True)
    if any(getattr(old, flag, None) != getattr(new, flag, None) for flag in _OF_PARTS):
        sentence = f"{name}\u00a0: réglages de «\u00a0{label}\u00a0» modifiés"
        yield Difference(key, "meaning", sentence, CONFIRM)


def _rules(old: Item, new: Item, name: str) -> Iterator[Difference]:
    before, after = old.question, new.question
    if before.required != after.required:
        word = "obligatoire" if after.required else "facultative"
        weight: Weight = "meaning" if after.required else "wording"
        yield Difference(new.key, weight, f"{name}\u00a0: devient {word}", KEPT)
    if (before.relevant or "") != (after.relevant or ""):
        yield Difference(
            new.key, "meaning", f"{name}\u00a0: condition d’affichage modifiée", HIDDEN
        )
    if before.constraints != after.constraints:
        yield Difference(new.key, "meaning", f"{name}\u00a0: contrainte modifiée", CONFIRM)
    if any(getattr(before, f, None) != getattr(after, f, None) for f in _BOUNDS):
        yield Difference(
            new.key, "meaning", f"{name}\u00a0: bornes de la réponse modifiées", CONFIRM
        )
    for field, word in _SETTINGS.items():
        if getattr(before, field, None) != getattr(after, field, None):
            yield Difference(new.key, "wording", f"{name}\u00a0: {word} modifié", KEPT)
