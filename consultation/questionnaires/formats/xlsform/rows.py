"""One row of a form as a question, a text or a computed value, with a line for what is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from consultation.questionnaires.format import Computed
from consultation.questionnaires.formats.keys import Keys
from consultation.questionnaires.formats.report import Report
from consultation.questionnaires.formats.xlsform import choices as choices_sheet
from consultation.questionnaires.formats.xlsform.bounds import bounds
from consultation.questionnaires.formats.xlsform.build_question import (
    build_question,
    has_a_kind,
    parameters,
)
from consultation.questionnaires.formats.xlsform.choices import ChoiceList
from consultation.questionnaires.formats.xlsform.form import Form, every, never_hides
from consultation.questionnaires.formats.xlsform.outline import Group, Line
from consultation.questionnaires.formats.xlsform.sheets import FormRow
from consultation.questionnaires.formats.xlsform.types import META, RowType
from consultation.questionnaires.formats.xlsform.xpath import Untranslatable
from consultation.questionnaires.kinds.question import Constraint, Option, Text
from consultation.questionnaires.kinds.table import name_of

_TRUE = {"yes", "true", "true()", "1", "oui", "vrai", "required"}
_FALSE = {"", "no", "false", "false()", "0", "non", "faux"}
_OTHER: Text = {"fr": "Autre", "en": "Other", "es": "Otro", "de": "Andere", "pt": "Outro"}
_WRONG: Text = {"fr": "corrigez cette réponse", "en": "please correct this answer"}
_KEPT_LOOKS = ("multiline", "minimal", "month-year", "year")
_CHOICES = ("select_one", "select_multiple", "rank")
MOST_FILTERED = 2_000
"""Conditions that the filters of a form may make."""


@dataclass
class Rows:
    """The rows of a form on their way to our questions."""

    form: Form
    lists: dict[str, ChoiceList]
    external: dict[str, ChoiceList]
    named_lists: dict[str, list[Option]] = field(default_factory=dict)
    computed: list[Computed] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    _list_keys: Keys = field(default_factory=Keys)
    _list_key: dict[int, str] = field(default_factory=dict)
    _filters: dict[str, str] = field(default_factory=dict)

    @property
    def report(self) -> Report:
        return self.form.report

    def question(self, outer: tuple[Group, ...], inner: tuple[Group, ...], line: Line) -> Any:
        """Return the question of a row; ``None`` when it has none, which is counted or said.

        ``outer`` are the groups that the page stands for, ``inner`` those inside the page.
        """
        row, kind = line.row, line.type
        if kind.name in META:
            shown = row.get("type")
            self.form.say(row, f"La donnée technique «\u00a0{shown}\u00a0» n’est pas recueillie.")
            return None
        self.report.questions += 1
        if kind.name == "calculate":
            self._calculation((*outer, *inner), row)
            return None
        if not has_a_kind(kind):
            self.form.say(row, f"Le type «\u00a0{row.get('type')}\u00a0» n’existe pas ici.")
            return None
        question = self._built(inner, line)
        self.report.kinds[name_of(question)] += 1
        return question

    def _built(self, inner: tuple[Group, ...], line: Line) -> Any:
        row, kind = line.row, line.type
        key = self.form.row_keys[row.number]
        own = self.form.condition(row, key)
        shown = every([*self.form.around(inner), *([own] if own else [])])
        given = self._parameters(line)
        shared = self._shared(line, key, shown)
        listed = self._listed(line)
        if kind.name in _CHOICES and given.get("randomize", "").lower() == "true":
            listed["random_order"] = True
        limits = {} if kind.most is not None else self._limits(line, shared)
        made = build_question(
            kind, shared, listed, self._look(row), lambda what: self.form.say(row, what)
        )
        for name, value in limits.items():
            setattr(made, name, value)
        return made

    def _limits(self, line: Line, shared: dict[str, Any]) -> dict[str, Any]:
        """Return the constraint of a question as its bounds, when that says it all."""
        if not shared["constraints"] or line.row.text("constraint_message"):
            return {}
        found = bounds(line.type.name, line.row.get("constraint"))
        if found is not None:
            shared["constraints"] = []
        return found or {}

    # --- what all questions share --------------------------------------------------------------

    def _shared(self, line: Line, key: str, relevant: str | None) -> dict[str, Any]:
        row = line.row
        label = self.form.texts(row, "label", lines=True)
        label = label or self.form.texts(row, "hint", lines=True)
        self._unkept(row)
        return {
            "key": key,
            "label": label or {self.form.base: row.get("name") or key},
            "hint": self.form.hint(row) if row.text("label") else {},
            "required": self._required(row),
            "relevant": relevant,
            "constraints": self._constraints(line, key),
            "default": self._default(line),
        }

    def _unkept(self, row: FormRow) -> None:
        if row.get("readonly").lower() not in _FALSE:
            self.form.say(row, "La question n’est plus en lecture seule.")
        if row.text("required_message"):
            self.form.say(row, "Le message d’obligation est remplacé par le nôtre.")
        if row.get("trigger"):
            self.form.say(row, "Le recalcul déclenché par une autre question n’est pas repris.")
        if row.get("calculation"):
            self.form.say(row, "La valeur calculée de cette question n’est pas reprise.")

    def _required(self, row: FormRow) -> bool:
        cell = row.get("required").lower()
        if cell not in _TRUE and cell not in _FALSE:
            self.form.say(
                row,
                f"L’obligation sous condition «\u00a0{row.get('required')[:100]}\u00a0» "
                "n’est pas reprise\u00a0: la question devient facultative.",
            )
        return cell in _TRUE

    def _constraints(self, line: Line, key: str) -> list[Constraint]:
        row = line.row
        message = self.form.texts(row, "constraint_message")
        if line.type.name == "note":
            self.form.lose(row, "constraint", "un texte n’attend pas de réponse")
        found = self.form.constraint(row, key)
        if found:
            return [Constraint(expression=found, message=message or dict(_WRONG))]
        if message:
            said = next(iter(message.values()))[:200]
            self.form.say(row, f"Le message «\u00a0{said}\u00a0» n’est pas repris.")
        return []

    def _default(self, line: Line) -> Any:
        value = line.row.get("default")
        if not value:
            return None
        try:
            return _answer(line.type, value, self._listing(line.type))
        except ValueError:
            said = value[:100]
            self.form.say(line.row, f"La valeur par défaut «\u00a0{said}\u00a0» n’est pas reprise.")
            return None

    def _look(self, row: FormRow) -> dict[str, str]:
        look = row.get("appearance")
        if look and look not in _KEPT_LOOKS:
            self.form.look(look, row)
        return {"appearance": look, "parameters": row.get("parameters")}

    def _parameters(self, line: Line) -> dict[str, str]:
        given = parameters(line.row.get("parameters"))
        read = {"range": {"start", "end", "step"}}.get(line.type.name, {"randomize"})
        left = [f"{name}={value}" for name, value in given.items() if name not in read]
        if left or (line.row.get("parameters") and not given):
            said = " ".join(left) or line.row.get("parameters")[:100]
            self.form.say(line.row, f"Paramètre non repris\u00a0: {said}.")
        return given

    # --- computed values -----------------------------------------------------------------------

    def _calculation(self, groups: tuple[Group, ...], row: FormRow) -> None:
        source = row.get("calculation")
        if not source:
            self.form.say(row, "Cette ligne de calcul est vide\u00a0: elle est écartée.")
            return
        try:
            expression = self.form.translated(source)
            own = self.form.condition(row)
            shown = every([*self.form.around(groups), *([own] if own else [])])
            if shown:
                expression = self._only_if(shown, expression)
        except Untranslatable as error:
            said = source[:200]
            self.form.say(row, f"Le calcul «\u00a0{said}\u00a0» n’est pas repris\u00a0: {error}.")
            return
        self.report.kinds["computed"] += 1
        self.computed.append(Computed(key=self.form.row_keys[row.number], expression=expression))

    def _only_if(self, shown: str, expression: str) -> str:
        made = f"if({shown}, {expression}, none)"
        wrong = self.form.known.wrong(made) if len(made) < 4000 else "il est trop long"
        if wrong:
            raise Untranslatable(wrong)
        return made

    # --- choices -------------------------------------------------------------------------------

    def _listing(self, kind: RowType) -> ChoiceList | None:
        if kind.name not in _CHOICES or kind.from_file:
            return None
        if kind.external:
            return self.external.get(kind.list_name) or self.lists.get(kind.list_name)
        return self.lists.get(kind.list_name) or self.external.get(kind.list_name)

    def _listed(self, line: Line) -> dict[str, Any]:
        kind, row = line.type, line.row
        source = row.get("choice_filter")
        if kind.name not in _CHOICES or kind.from_file:
            if source:
                self.form.say(row, f"Le filtre «\u00a0{source[:200]}\u00a0» n’est pas repris.")
            return {}
        listed = self._listing(kind)
        if listed is None:
            shown = kind.list_name
            self.form.say(row, f"La liste «\u00a0{shown}\u00a0» n’existe pas dans choices.")
            return {"options": self._other(kind, [])}
        self.used.add(listed.name)
        more = self._other(kind, listed.values())
        if not never_hides(source):
            conditions = self._filter(row, source, listed)
            if conditions is not None:
                shown_options = choices_sheet.options(listed, self.form.base, conditions)
                return {"options": [*shown_options, *more]}
        found: dict[str, Any] = {"from_list": self._named(listed), "options": more}
        return found if kind.name == "rank" else {**found, "size": len(listed.rows)}

    def _other(self, kind: RowType, taken: list[str]) -> list[Option]:
        if not kind.other:
            return []
        value = next(v for v in ("other", "autre", "-oth-", "other_") if v not in taken)
        label = {language: _OTHER.get(language, "Autre") for language in self.report.languages}
        return [Option(value=value, label=label, other=True)]

    def _named(self, listed: ChoiceList) -> str:
        """Return the key of a list of the questionnaire, made when it is first used."""
        place = id(listed)
        if place not in self._list_key:
            key = self._list_keys.give(listed.name, "liste")
            self._list_key[place] = key
            self.named_lists[key] = choices_sheet.options(listed, self.form.base)
        return self._list_key[place]

    def _filter(self, row: FormRow, source: str, listed: ChoiceList) -> dict[str, str] | None:
        """Translate a choice filter into a condition per option."""
        found: dict[str, str] = {}
        if self.form.known.first:
            return found
        try:
            for choice in listed.rows:
                condition = self._filtered(choices_sheet.filtered(source, choice))
                value = choices_sheet.value_of(choice)
                known = found.get(value)
                either = f"({known}) or ({condition})" if known else condition
                found[value] = either if len(either) < 4000 else condition
        except Untranslatable as error:
            said = source[:200]
            self.form.say(row, f"Le filtre «\u00a0{said}\u00a0» n’est pas repris\u00a0: {error}.")
            return None
        return found

    def _filtered(self, filled: str) -> str:
        if filled not in self._filters:
            if len(self._filters) >= MOST_FILTERED:
                raise Untranslatable("ce formulaire filtre trop de choix")
            self._filters[filled] = self.form.translated(filled)
        return self._filters[filled]


def _answer(kind: RowType, value: str, listed: ChoiceList | None) -> Any:
    """Return a default value as an answer.

    Raises:
        ValueError: it is computed, or no answer of that kind.
    """
    if "${" in value or re.search(r"[\w-]\(", value) or kind.name == "note":
        raise ValueError
    if kind.name in ("integer", "decimal", "range"):
        number = float(value)
        return int(number) if number.is_integer() else number
    if kind.name in ("date", "dateTime"):
        if not re.match(r"\d{4}-\d\d-\d\d", value):
            raise ValueError
        return value[:10]
    if kind.name in _CHOICES and not kind.from_file:
        return _chosen(kind, value, listed)
    if kind.name in ("text", "digits", "barcode", "time"):
        return value
    raise ValueError


def _chosen(kind: RowType, value: str, listed: ChoiceList | None) -> Any:
    known = set(listed.values()) if listed else set()
    chosen = [value] if kind.name == "select_one" else value.split()
    if not chosen or not set(chosen) <= known:
        raise ValueError
    return value if kind.name == "select_one" else chosen
