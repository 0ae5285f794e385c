"""From what a form of the editor posts to the question, section or settings it describes. Pure.

Nothing is invented: a field that the page did not show keeps the value it had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import replace

from consultation.authoring import conditions, kinds
from consultation.authoring.kinds import Spec, specs_of
from consultation.authoring.typed import LONGEST_LINE, LONGEST_LINES, LONGEST_TEXT, Typed
from consultation.questionnaires.editing import (
    MOST_OPTIONS,
    change_kind,
    options_from_lines,
    rows_from_lines,
)
from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.expressions.tree import RESERVED
from consultation.questionnaires.format import Computed, Questionnaire, Section
from consultation.questionnaires.kinds import number
from consultation.questionnaires.kinds.date import first_day
from consultation.questionnaires.kinds.question import Constraint, Option, say
from consultation.questionnaires.kinds.table import AnyQuestion, name_of

KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
MOST_CONSTRAINTS = 20
PARTS = ("rows", "options", "chosen")


@dataclass(frozen=True, slots=True)
class Around:
    """What the reader knows of the questionnaire around a part.

    ``language`` is the one the texts of the page are in, ``first`` the one of the questionnaire;
    ``taken`` are the keys of other parts, ``named`` the lists and scales by field name.
    """

    language: str
    first: str
    taken: frozenset[str] = frozenset()
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)

    @property
    def translating(self) -> bool:
        """Whether the page translates: its lines follow those of the first language."""
        return self.language != self.first


@dataclass(frozen=True, slots=True)
class Read:
    """The part as typed, and what is wrong by field: a French sentence, no capital, no stop."""

    part: Any
    wrong: Mapping[str, str]


class _Wrong(Exception):
    """One field is wrong; the message is the sentence."""


# --- A question ----------------------------------------------------------------------------------


def question(typed: Typed, before: AnyQuestion, around: Around, frozen: bool) -> Read:
    """Read the form of a question. Its key stays when ``frozen``."""
    wrong: dict[str, str] = {}
    changes: dict[str, Any] = {}
    for spec in specs_of(name_of(before)):
        try:
            changes.update(_field(spec, typed, before, around))
        except _Wrong as error:
            wrong[spec.name] = str(error)
    read = conditions.read(typed, "relevant", before.relevant, around.symbols)
    changes["relevant"] = read.source
    wrong.update({"relevant": read.wrong} if read.wrong else {})
    changes["constraints"] = _constraints(typed, before, around, wrong)
    if not frozen and "key" in typed:
        changes["key"] = _key(typed, around, wrong) or before.key
    made = replace(before, **changes)
    made = _with_settings(made, typed, wrong)
    return Read(_of_kind(made, typed.raw("kind"), wrong), wrong)


def _of_kind(made: AnyQuestion, kind: str, wrong: dict[str, str]) -> AnyQuestion:
    if not kind or kind == name_of(made):
        return made
    if kind not in kinds.NAMES:
        wrong["kind"] = "choisissez un type de la liste"
        return made
    changed = change_kind(made, kinds.types()[kind])
    if kind == "statement":
        changed = replace(changed, required=False)
    return changed


def _key(typed: Typed, around: Around, wrong: dict[str, str]) -> str:
    key = typed.line("key")
    if not KEY.fullmatch(key):
        wrong["key"] = (
            "écrivez un code en minuscules, chiffres et tirets bas, par exemple type_organisme"
        )
    elif key in RESERVED:
        wrong["key"] = f"choisissez un autre code, «\u00a0{key}\u00a0» est un mot des expressions"
    elif key in around.taken:
        wrong["key"] = "choisissez un autre code, celui-ci sert déjà"
    return "" if "key" in wrong else key


def _field(spec: Spec, typed: Typed, before: AnyQuestion, around: Around) -> Iterator[Any]:
    """Return the changes of one field: pairs of a name and a value."""
    was = getattr(before, spec.name)
    if spec.widget == "tick":
        return iter([(spec.name, typed.ticked(spec.name, was))])
    if spec.widget == "origin":
        return iter([(spec.name, _origin(spec, typed, was, around))])
    if spec.name not in typed:
        return iter([])
    return iter([(spec.name, _value(spec, typed, was, around))])


def _value(spec: Spec, typed: Typed, was: Any, around: Around) -> Any:
    if spec.name in kinds.TEXTS:
        return text(typed, spec.name, was, around, needed=spec.needed)
    if spec.widget == "lines":
        return lines(spec.name, typed.raw(spec.name), was, around)
    value = typed.line(spec.name)
    if len(value) > LONGEST_LINE:
        raise _Wrong(f"raccourcissez ce texte\u00a0: {LONGEST_LINE} caractères au plus")
    if spec.widget in ("whole", "number"):
        return _number(spec, value)
    if spec.widget == "day":
        return _day(value)
    if spec.widget == "words":
        return _words(value)
    if spec.widget == "named":
        return _named(spec, value, around)
    if spec.widget == "select" and value not in (code for code, _ in spec.choices):
        raise _Wrong("choisissez une proposition de la liste")
    return value or None


def text(
    typed: Typed, name: str, was: Mapping[str, str], around: Around, *, needed: bool = False
) -> dict[str, str]:
    """Return a text in several languages, changed in that of the page."""
    if name not in typed:
        return dict(was)
    said = typed.text(name)
    if len(said) > LONGEST_TEXT:
        raise _Wrong(f"raccourcissez ce texte\u00a0: {LONGEST_TEXT} caractères au plus")
    if needed and not said and not around.translating:
        raise _Wrong("remplissez ce champ")
    if said == was.get(around.language, ""):
        return dict(was)
    others = {language: words for language, words in was.items() if language != around.language}
    if not said:
        return others
    return {**was, around.language: said}


def _number(spec: Spec, value: str) -> float | int | None:
    if not value:
        if spec.needed:
            raise _Wrong("remplissez ce champ")
        return None
    parsed = number.parse(value)
    if parsed is None or (spec.widget == "whole" and not float(parsed).is_integer()):
        raise _Wrong("saisissez un nombre en chiffres, par exemple 3")
    if not spec.lowest <= parsed <= spec.highest:
        low, high = number.write(spec.lowest), number.write(spec.highest)
        raise _Wrong(f"saisissez un nombre compris entre {low} et {high}")
    return parsed


def _day(value: str) -> str | None:
    if not value:
        return None
    day = first_day(value)
    if day is None or not 1000 <= day.year <= 9999:
        raise _Wrong("écrivez la date ainsi\u00a0: 2022-03-07, 2022-03 ou 2022")
    return value


def _words(value: str) -> list[str]:
    words = [word.lower().lstrip(".") for word in re.split(r"[\s,;]+", value) if word]
    if any(not re.fullmatch(r"[a-z0-9]{1,10}", word) for word in words) or len(words) > 30:
        raise _Wrong("écrivez des extensions séparées par des virgules, par exemple pdf, odt")
    return list(dict.fromkeys(words))


def _named(spec: Spec, value: str, around: Around) -> str | None:
    if value and value not in around.named.get(spec.name, frozenset()):
        raise _Wrong("choisissez une proposition de la liste")
    return value or None


def _origin(spec: Spec, typed: Typed, was: str | None, around: Around) -> str | None:
    """Return the origin of carried-over options or rows, from a number or a key and a part."""
    if f"{spec.name}.cle" not in typed:
        return was
    named, part = typed.line(f"{spec.name}.cle"), typed.line(f"{spec.name}.quoi")
    if not named:
        return None
    key = around.numbers.get(named, named)
    if key not in around.taken:
        raise _Wrong("écrivez le numéro ou le code d’une autre question")
    if part not in PARTS:
        raise _Wrong("choisissez ce qui est repris dans la liste")
    return f"{key}.{part}"


# --- Lines: options, points, rows ----------------------------------------------------------------


def lines(name: str, source: str, was: list[Any], around: Around) -> list[Any]:
    """Return options or rows from lines of text, keeping the values of those already there."""
    if len(source) > LONGEST_LINES:
        raise _Wrong(f"écrivez {MOST_OPTIONS} lignes au plus")
    if around.translating:
        return _translated(source, was, around.language)
    written = [line for line in source.splitlines() if line.strip()]
    if len(written) > MOST_OPTIONS:
        raise _Wrong(f"écrivez {MOST_OPTIONS} lignes au plus")
    if any(len(line.strip()) > LONGEST_LINE for line in written):
        raise _Wrong(f"raccourcissez une ligne\u00a0: {LONGEST_LINE} caractères au plus")
    bare = [" ".join(line.split()) for line in written]
    if source_of(was, around.language).splitlines() == bare:
        return list(was)
    if twice := next((line for line in bare if bare.count(line) > 1), None):
        raise _Wrong(f"deux lignes disent «\u00a0{twice[:80]}\u00a0», changez l’une d’elles")
    shown = [_as_shown(part, around.language) for part in was]
    make = rows_from_lines if name == "rows" else options_from_lines
    made: list[Any] = list(make(source, around.language, shown))
    unchanged = {
        after.value: part for part, after in zip(was, shown, strict=True) if after is not part
    }
    return [
        unchanged[part.value] if part in shown and part.value in unchanged else part
        for part in made
    ]


def _as_shown(part: Any, language: str) -> Any:
    """Return an option with the words that the page shows for it, whatever their language."""
    if part.label.get(language):
        return part
    return replace(part, label={**part.label, language: say(part.label, language)})


def _translated(source: str, was: list[Any], language: str) -> list[Any]:
    """Return the same options with the text of each in ``language``, one line for each."""
    given = [" ".join(line.split()) for line in source.replace("\r", "").split("\n")]
    while given and not given[-1] and len(given) > len(was):
        given.pop()
    given += [""] * (len(was) - len(given) if not any(given) else 0)
    if len(given) != len(was):
        raise _Wrong(
            f"écrivez une ligne par option, vide sans traduction\u00a0: {len(was)} attendues, "
            f"{len(given)} reçues"
        )
    if any(len(line) > LONGEST_LINE for line in given):
        raise _Wrong(f"raccourcissez une ligne\u00a0: {LONGEST_LINE} caractères au plus")
    return [
        replace(part, label=_said(part.label, language, line))
        for part, line in zip(was, given, strict=True)
    ]


def _said(label: Mapping[str, str], language: str, line: str) -> dict[str, str]:
    if line == label.get(language, ""):
        return dict(label)
    others = {code: words for code, words in label.items() if code != language}
    return {**label, language: line} if line else others


def source_of(parts: list[Any], language: str, *, translating: bool = False) -> str:
    """Return options or rows as lines of text in ``language``.

    One that is not written in it is shown in another language, unless ``translating``.
    """
    said = (
        part.label.get(language, "") if translating else say(part.label, language) for part in parts
    )
    return "\n".join(" ".join(words.split()) for words in said)


def _with_settings(made: AnyQuestion, typed: Typed, wrong: dict[str, str]) -> AnyQuestion:
    changes = {
        name: with_settings(getattr(made, name), typed, name, wrong)
        for name in kinds.LINES
        if hasattr(made, name)
    }
    return replace(made, **changes)


FLAGS = ("other", "exclusive", "no_opinion")


def with_settings(parts: list[Any], typed: Typed, name: str, wrong: dict[str, str]) -> list[Any]:
    """Return options or rows with the settings that the page shows for each of them."""
    made = []
    for part in parts:
        prefix = f"{name}/{part.value}"
        if f"{prefix}/vu" in typed:
            source = typed.text(f"{prefix}/relevant")
            if fault := conditions.unreadable(source):
                wrong[name] = f"«\u00a0{part.value}\u00a0»\u00a0: {fault}"
            changes: dict[str, Any] = {"relevant": source or None}
            if isinstance(part, Option):
                changes |= {flag: f"{prefix}/{flag}" in typed for flag in FLAGS}
            part = replace(part, **changes)
        made.append(part)
    return made


# --- Constraints ---------------------------------------------------------------------------------


def _constraints(
    typed: Typed, before: AnyQuestion, around: Around, wrong: dict[str, str]
) -> list[Constraint]:
    if "constraints.nombre" not in typed:
        return list(before.constraints)
    made = []
    for place in range(min(len(before.constraints) + 1, MOST_CONSTRAINTS)):
        was = before.constraints[place] if place < len(before.constraints) else None
        one = _constraint(typed, f"constraints.{place}", was, around, wrong)
        made += [one] if one is not None else []
    return made


def _constraint(
    typed: Typed, name: str, was: Constraint | None, around: Around, wrong: dict[str, str]
) -> Constraint | None:
    source = typed.text(f"{name}.expression") if f"{name}.expression" in typed else None
    if source is None:
        return was
    if not source:
        return None
    if fault := conditions.unreadable(source):
        wrong[f"{name}.expression"] = fault
    message = dict(was.message) if was else {}
    try:
        message = text(typed, f"{name}.message", message, around)
    except _Wrong as error:
        wrong[f"{name}.message"] = str(error)
    if not message:
        wrong[f"{name}.message"] = "écrivez la phrase à montrer"
    return Constraint(expression=source, message=message)


# --- Other parts ---------------------------------------------------------------------------------


class Header(msgspec.Struct, kw_only=True):
    """What the page of a section edits: everything but its questions."""

    key: str
    title: dict[str, str]
    introduction: dict[str, str]
    relevant: str | None


def header_of(section: Section) -> Header:
    """Return what the page of a section edits."""
    return Header(**{name: getattr(section, name) for name in Header.__struct_fields__})


def section(typed: Typed, before: Header, around: Around) -> Read:
    """Read the form of a section: its title, its introduction, its condition."""
    wrong: dict[str, str] = {}
    changes: dict[str, Any] = {}
    for name in ("title", "introduction"):
        try:
            changes[name] = text(typed, name, getattr(before, name), around, needed=name == "title")
        except _Wrong as error:
            wrong[name] = str(error)
    read = conditions.read(typed, "relevant", before.relevant, around.symbols)
    wrong.update({"relevant": read.wrong} if read.wrong else {})
    return Read(replace(before, relevant=read.source, **changes), wrong)


class NamedList(msgspec.Struct, kw_only=True):
    """A list or a scale of the whole questionnaire, as a part that is edited on its page."""

    options: list[Option]


def named_list(typed: Typed, before: NamedList, around: Around) -> Read:
    """Read the form of a list or of a scale."""
    wrong: dict[str, str] = {}
    options = before.options
    if "options" in typed:
        try:
            options = lines("options", typed.raw("options"), before.options, around)
        except _Wrong as error:
            wrong["options"] = str(error)
    options = with_settings(options, typed, "options", wrong)
    return Read(NamedList(options=options), wrong)


# --- The whole questionnaire ---------------------------------------------------------------------


class Whole(msgspec.Struct, kw_only=True):
    """What is said once for the whole questionnaire."""

    title: dict[str, str]
    introduction: dict[str, str]
    languages: list[str]
    estimated_minutes: int | None
    breakdowns: list[str]
    individual: str | None
    organisation: str | None
    computed: list[Computed]


WHOLE = tuple(Whole.__struct_fields__)
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
MOST_COMPUTED = 200


def whole_of(questionnaire: Questionnaire) -> Whole:
    """Return the settings of a questionnaire."""
    return Whole(**{name: getattr(questionnaire, name) for name in WHOLE})


def with_whole(questionnaire: Questionnaire, whole: Whole) -> Questionnaire:
    """Return the questionnaire with these settings."""
    return replace(questionnaire, **{name: getattr(whole, name) for name in WHOLE})


def whole(typed: Typed, before: Whole, around: Around, keys: frozenset[str]) -> Read:
    """Read the settings; ``keys`` are those of the questions."""
    wrong: dict[str, str] = {}
    changes: dict[str, Any] = {}
    for name, reader in _WHOLE_READERS.items():
        try:
            changes[name] = reader(typed, getattr(before, name), around)
        except _Wrong as error:
            wrong[name] = str(error)
    changes["computed"] = _computed(typed, before.computed, keys, wrong)
    return Read(replace(before, **changes), wrong)


def _languages(typed: Typed, was: list[str], around: Around) -> list[str]:
    if "languages" not in typed:
        return was
    codes = [code for code in re.split(r"[\s,;]+", typed.line("languages")) if code]
    if not codes or len(codes) > 30 or not all(map(LANGUAGE.fullmatch, codes)):
        raise _Wrong("écrivez des codes de langue séparés par des virgules, par exemple fr, en")
    return list(dict.fromkeys(codes))


def _minutes(typed: Typed, was: int | None, around: Around) -> int | None:
    if "estimated_minutes" not in typed:
        return was
    spec = Spec("estimated_minutes", "whole", "", lowest=1, highest=600)
    minutes = _number(spec, typed.line("estimated_minutes"))
    return None if minutes is None else int(minutes)


def _breakdowns(typed: Typed, was: list[str], around: Around) -> list[str]:
    if "breakdowns" not in typed:
        return was
    named = [word for word in re.split(r"[\s,;]+", typed.line("breakdowns")) if word]
    keys = [around.numbers.get(word, word) for word in named]
    for key in keys:
        if key not in around.symbols:
            raise _Wrong(f"il n’y a pas de question «\u00a0{key[:60]}\u00a0»")
    return list(dict.fromkeys(keys))


def _organisation(typed: Typed, was: str | None, around: Around) -> str | None:
    if "organisation" not in typed:
        return was
    named = typed.line("organisation")
    key = around.numbers.get(named, named)
    if key and key not in around.symbols:
        raise _Wrong("écrivez le numéro ou le code d’une question")
    return key or None


def _individual(typed: Typed, was: str | None, around: Around) -> str | None:
    if "individual" not in typed:
        return was
    source = typed.text("individual")
    if fault := conditions.unreadable(source):
        raise _Wrong(fault)
    return source or None


_WHOLE_READERS: Mapping[str, Any] = {
    "title": lambda typed, was, around: text(typed, "title", was, around, needed=True),
    "introduction": lambda typed, was, around: text(typed, "introduction", was, around),
    "languages": _languages,
    "estimated_minutes": _minutes,
    "breakdowns": _breakdowns,
    "organisation": _organisation,
    "individual": _individual,
}


def _computed(
    typed: Typed, before: list[Computed], keys: frozenset[str], wrong: dict[str, str]
) -> list[Computed]:
    if "computed.nombre" not in typed:
        return list(before)
    made: list[Computed] = []
    for place in range(min(len(before) + 1, MOST_COMPUTED)):
        name = f"computed.{place}"
        if f"{name}.key" not in typed:
            made += before[place : place + 1]
            continue
        key, source = typed.line(f"{name}.key"), typed.text(f"{name}.expression")
        if not key and not source:
            continue
        known = keys | {each.key for each in made}
        if not KEY.fullmatch(key) or key in RESERVED or key in known:
            wrong[f"{name}.key"] = "écrivez un code en minuscules qui ne sert pas encore"
        if fault := conditions.unreadable(source) or ("" if source else "écrivez un calcul"):
            wrong[f"{name}.expression"] = fault
        made.append(Computed(key=key, expression=source))
    return made
