"""A form under way: its names, its texts, its conditions, and what was said of each row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from consultation.questionnaires.checks import asked_symbols
from consultation.questionnaires.compiled import (
    CompileError,
    Reader,
    compile_version,
    computed_in,
)
from consultation.questionnaires.expressions.check import check
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.expressions.tree import RESERVED, walk
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.formats.keys import Keys, plain_key
from consultation.questionnaires.formats.plain_words import lost, one_line, plain
from consultation.questionnaires.formats.report import Report, Tally
from consultation.questionnaires.formats.xlsform.build_question import has_a_kind
from consultation.questionnaires.formats.xlsform.outline import Group, Line
from consultation.questionnaires.formats.xlsform.sheets import FormRow, Sheet
from consultation.questionnaires.formats.xlsform.types import META
from consultation.questionnaires.formats.xlsform.xpath import Names, Untranslatable, translate
from consultation.questionnaires.kinds.question import Text

_LISTS = {"select_multiple", "rank"}
_ALWAYS = {"", "true()", "1", "true", "yes"}
_NEVER = {"false()", "false", "no", "0"}
_NOT_KEPT = "cette ligne n’est pas reprise"
What = Literal["condition", "constraint"]
_NAMES = {"condition": "La condition d’affichage", "constraint": "La contrainte"}


_CITED = re.compile(r"(?:\$\{\s*|/)([^}\s/]+)")
MOST_READ = 200_000
"""Characters of expressions translated in one reading; long forms have a tenth of that."""
MOST_CHECKED = 100_000
"""Nodes of expressions checked in one reading, once calculations are put in one another."""


def never_hides(source: str) -> bool:
    """Say whether a condition is no condition."""
    return source.strip().lower() in _ALWAYS


@dataclass
class Known:
    """What a first reading of the form knows of its answers, so that the second checks them.

    The first, which knows nothing, translates calculations only.
    """

    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    computed: Reader = lambda source: None
    first: bool = False
    _checked: int = 0
    _wrong: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> Known:
        """Return what a questionnaire says, nothing when it does not hold together."""
        try:
            version = compile_version(questionnaire)
        except (CompileError, ExpressionError):
            return cls()
        return cls(asked_symbols(version), computed_in(questionnaire))

    def wrong(self, source: str) -> str | None:
        """Return why an expression means nothing here."""
        if source not in self._wrong:
            self._wrong[source] = self._examined(source)
        return self._wrong[source]

    def _examined(self, source: str) -> str | None:
        if self._checked > MOST_CHECKED:
            return "ce formulaire contient trop de calculs"
        found = self.computed(source) if self.symbols else None
        if not found:
            return None
        self._checked += sum(1 for _ in walk(found.root))
        errors = check(found, self.symbols)
        return errors[0].reason.rstrip(".") if errors else None


@dataclass
class Form:
    """What the parts of the reading share."""

    survey: Sheet
    report: Report
    base: str
    known: Known
    keys: Keys = field(default_factory=lambda: Keys(RESERVED))
    key_of: dict[str, str] = field(default_factory=dict)
    row_keys: dict[int, str] = field(default_factory=dict)
    appearances: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _unknown: dict[str, str] = field(default_factory=dict)
    _lists: set[str] = field(default_factory=set)
    _read: int = 0
    _found: dict[tuple[str, str | None], str] = field(default_factory=dict)
    _days: set[str] = field(default_factory=set)
    _settled: dict[tuple[int, What], str | None] = field(default_factory=dict)

    # --- what is said --------------------------------------------------------------------------

    def say(self, row: FormRow, what: str) -> None:
        """Report a line about a row."""
        self.report.problem(self.survey.where(row), what)

    def rows(self, numbers: list[int]) -> str:
        """Name several rows at once."""
        shown = ", ".join(map(str, numbers[:20])) + ("…" if len(numbers) > 20 else "")
        return f"{self.survey.name}, ligne{'s' if len(numbers) > 1 else ''} {shown}"

    # --- names ---------------------------------------------------------------------------------

    def name_everything(self, lines: list[Line]) -> None:
        """Give each row that becomes something its key, in the order of the form."""
        for line in lines:
            self._name(line)
        self._settle_calculations([line.row for line in lines if line.type.name == "calculate"])

    def _name(self, line: Line) -> None:
        name, kind = line.row.get("name"), line.type.name
        if kind in META:
            self._unknown[name or kind] = (
                "une donnée technique du formulaire, qui n’est pas reprise"
            )
            if kind == "today":
                self._days.add(name or kind)
        elif not has_a_kind(line.type):
            self._unknown[name] = _NOT_KEPT
        else:
            self._give(line)

    def _give(self, line: Line) -> None:
        row, name = line.row, line.row.get("name")
        key = self.keys.give(name or f"ligne_{row.number}")
        self.row_keys[row.number] = key
        if name and name in self.key_of:
            self.say(
                row,
                f"Le nom «\u00a0{name}\u00a0» sert plusieurs fois\u00a0: ici, «\u00a0{key}\u00a0».",
            )
        elif name and key != plain_key(name):
            self.say(
                row,
                f"Le nom «\u00a0{name}\u00a0» est réservé ou pris\u00a0: ici, «\u00a0{key}\u00a0».",
            )
        if line.type.name == "note":
            self._unknown.setdefault(name, "un texte n’attend pas de réponse")
        elif name:
            self.key_of.setdefault(name, key)
        if line.type.name in _LISTS and not line.type.from_file:
            self._lists.add(key)

    def _settle_calculations(self, left: list[FormRow]) -> None:
        """Forget the names of the calculations that cannot be kept, and of those that read them."""
        readers: dict[str, list[FormRow]] = defaultdict(list)
        for row in left:
            for name in _CITED.findall(row.get("calculation")):
                readers[name].append(row)
        waiting = [row for row in left if not self._can_compute(row)]
        gone: set[int] = set()
        while waiting:
            row = waiting.pop()
            if row.number not in gone:
                gone.add(row.number)
                self.key_of.pop(row.get("name"), None)
                self._unknown[row.get("name")] = "son calcul n’est pas repris"
                waiting += readers[row.get("name")]
        self._found.clear()  # what reads a calculation that is gone was translated before it

    def _can_compute(self, row: FormRow) -> bool:
        source = row.get("calculation")
        try:
            return bool(source) and bool(self.translated(source))
        except Untranslatable:
            return False

    # --- expressions ---------------------------------------------------------------------------

    def translated(self, source: str, itself: str | None = None) -> str:
        """Return an expression of the form as one of ours that means something here.

        Raises:
            Untranslatable: it has no counterpart.
        """
        if (source, itself) not in self._found:
            self._read += len(source)
            if self._read > MOST_READ:
                raise Untranslatable("ce formulaire contient trop d’expressions")
            found = translate(source, self._names, itself)
            wrong = self.known.wrong(found)
            if wrong:
                raise Untranslatable(f"{wrong[:1].lower()}{wrong[1:]}")
            self._found[source, itself] = found
        return self._found[source, itself]

    @cached_property
    def _names(self) -> Names:
        """The names, once each is given; what is learnt of them later is seen here too."""
        return Names(
            self.key_of,
            frozenset(self._lists),
            self._unknown,
            {key: symbol.shape for key, symbol in self.known.symbols.items()},
            frozenset(self._days),
        )

    def condition(self, row: FormRow, key: str | None = None) -> str | None:
        """Translate when a row is shown, counted once; ``None`` when always."""
        source = row.get("relevant")
        if never_hides(source):
            return None
        if source.strip().lower() in _NEVER:
            source = "false()"
        return self._once(row, source, "condition", self.report.conditions, key)

    def constraint(self, row: FormRow, key: str) -> str | None:
        """Translate what an answer must satisfy, counted once; ``None`` when anything does."""
        source = row.get("constraint")
        if never_hides(source):
            return None
        return self._once(row, source, "constraint", self.report.constraints, key)

    def _once(
        self, row: FormRow, source: str, what: What, tally: Tally, itself: str | None
    ) -> str | None:
        if self.known.first:
            return None
        place = (row.number, what)
        if place not in self._settled:
            try:
                self._settled[place] = self.translated(source, itself)
                tally.translated += 1
            except Untranslatable as error:
                self.lose(row, what, str(error))
        return self._settled[place]

    def lose(self, row: FormRow, what: What, why: str) -> None:
        """Report a condition or a constraint that is not kept, and count it."""
        source = row.get("relevant" if what == "condition" else "constraint")
        if (row.number, what) in self._settled or never_hides(source):
            return
        self._settled[row.number, what] = None
        tally = self.report.conditions if what == "condition" else self.report.constraints
        tally.reported += 1
        self.say(
            row, f"{_NAMES[what]} «\u00a0{source[:200]}\u00a0» n’est pas reprise\u00a0: {why}."
        )

    def lose_the_rest(self) -> None:
        """Report the conditions and the constraints of the rows of which nothing came."""
        for row in self.survey.rows:
            for what in _NAMES:
                self.lose(row, what, _NOT_KEPT)  # type: ignore[arg-type]

    # --- texts ---------------------------------------------------------------------------------

    def texts(self, row: FormRow, column: str, *, lines: bool = False) -> Text:
        """Return the texts of a column as plain texts that quote our keys."""
        clean = plain if lines else one_line
        found: Text = {}
        for language, source in row.text(column).items():
            for element in lost(source):
                self.say(row, f"L’élément HTML «\u00a0{element}\u00a0» est retiré.")
            text = clean(self._piped(row, source))
            if text:
                found.setdefault(language or self.base, text)
        return found

    def _piped(self, row: FormRow, source: str) -> str:
        def key(match: re.Match[str]) -> str:
            name = match.group(1).strip()
            if name in self.key_of:
                return "${" + self.key_of[name] + "}"
            self.say(row, f"Le texte cite «\u00a0{name}\u00a0», qui n’est pas repris.")
            return name

        return re.sub(r"\$\{([^}]+)\}", key, source)

    def hint(self, row: FormRow) -> Text:
        """Return the help of a row, and what guides whoever reads it aloud."""
        hint, more = self.texts(row, "hint"), self.texts(row, "guidance_hint")
        return {k: " ".join(filter(None, (hint.get(k), more.get(k)))) for k in {**hint, **more}}

    def around(self, groups: tuple[Group, ...]) -> list[str]:
        """Return the conditions of groups, outermost first."""
        found = []
        for group in groups:
            if group.row is None:
                continue
            if look := group.row.get("appearance"):
                self.look(look, group.row)
            if condition := self.condition(group.row):
                found.append(condition)
        return found

    def look(self, look: str, row: FormRow) -> None:
        """Note an appearance that is not kept, to be said once for all its rows."""
        if row.number not in self.appearances[look]:
            self.appearances[look].append(row.number)


def every(conditions: list[str]) -> str | None:
    """Join conditions that must all hold."""
    found = list(dict.fromkeys(conditions))
    if len(found) < 2:
        return found[0] if found else None
    return " and ".join(f"({condition})" for condition in found)
