"""Reading a form: pages, questions, conditions, and a line for whatever is not kept."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from consultation.questionnaires.format import Computed, Questionnaire, Section
from consultation.questionnaires.formats.keys import Keys, plain_key
from consultation.questionnaires.formats.plain_words import lost, one_line, plain
from consultation.questionnaires.formats.report import Import, Report, Tally, UnreadableFile
from consultation.questionnaires.formats.workbook import read_workbook
from consultation.questionnaires.formats.xlsform import choices as choices_sheet
from consultation.questionnaires.formats.xlsform.build_question import build_question
from consultation.questionnaires.formats.xlsform.outline import Group, Line, Page, outline, pages
from consultation.questionnaires.formats.xlsform.sheets import FormRow, Sheet, form_sheet
from consultation.questionnaires.formats.xlsform.types import META
from consultation.questionnaires.formats.xlsform.xpath import Names, Untranslatable, translate
from consultation.questionnaires.kinds.question import Constraint, Option, Text
from consultation.questionnaires.kinds.table import name_of
from consultation.questionnaires.rules import findings

_TRUE = {"yes", "true", "true()", "1", "oui", "vrai", "required"}
_FALSE = {"", "no", "false", "false()", "0", "non", "faux"}
_LISTS = {"select_multiple", "rank"}
_READ = {
    "type", "name", "relevant", "constraint", "required", "calculation", "appearance", "default",
    "readonly", "choice_filter", "parameters", "repeat_count", "trigger",
}  # fmt: skip
_PLAIN_COLUMNS = _READ | {
    "label",
    "hint",
    "guidance_hint",
    "constraint_message",
    "required_message",
}
_OTHER: Text = {"fr": "Autre", "en": "Other", "es": "Otro", "de": "Andere", "pt": "Outro"}


def read(data: bytes, name: str) -> Import:
    """Read an XLSForm workbook.

    Raises:
        UnreadableFile: it is not a workbook, or has no survey sheet.
    """
    sheets = read_workbook(data)
    survey = form_sheet(sheets, "survey", needed=True)
    if "type" not in survey.columns:
        raise UnreadableFile(
            "La feuille survey n’a pas de colonne type\u00a0: ce n’est pas un XLSForm."
        )
    return _Reader(
        survey, form_sheet(sheets, "choices"), form_sheet(sheets, "settings"), name
    ).read()


@dataclass
class _Reader:
    survey: Sheet
    choices: Sheet
    settings: Sheet
    file_name: str
    report: Report = field(default_factory=lambda: Report("xlsform"))
    keys: Keys = field(default_factory=Keys)
    named_lists: dict[str, list[Option]] = field(default_factory=dict)
    computed: list[Computed] = field(default_factory=list)
    appearances: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def read(self) -> Import:
        self._languages()
        self._columns()
        self.lists = choices_sheet.choice_lists(self.choices, self.report)
        root = outline(self.survey, self.report)
        self._name_everything(list(root.lines()))
        sections = [s for s in (self._section(p, n) for n, p in enumerate(pages(root), 1)) if s]
        self._count_choices()
        self._settle_appearances()
        questionnaire = Questionnaire(
            code=plain_key(self._setting("form_id") or self._stem(), "form"),
            languages=self.report.languages,
            title={self.base: self._title()},
            lists=self.named_lists,
            computed=self.computed,
            sections=sections,
        )
        self.report.sections = len(sections)
        for finding in findings(questionnaire):
            self.report.problem(
                finding.where or self.survey.name, f"À corriger\u00a0: {finding.what}."
            )
        return Import(questionnaire, self.report)

    def _setting(self, name: str) -> str:
        return self.settings.rows[0].get(name) if self.settings.rows else ""

    def _stem(self) -> str:
        return re.sub(r"\.[A-Za-z0-9]+$", "", self.file_name.rsplit("/", 1)[-1])

    def _title(self) -> str:
        return (
            self._setting("form_title") or self._setting("title") or self._stem() or "Questionnaire"
        )

    def _languages(self) -> None:
        from consultation.questionnaires.formats.languages import language_code

        named = list(dict.fromkeys([*self.survey.languages, *self.choices.languages]))
        default = self._setting("default_language")
        bare = any("" in texts for row in self.survey.rows for texts in row.texts.values())
        self.base = language_code(default) if default else ("fr" if bare or not named else named[0])
        first = [self.base] if bare or self.base in named or not named else []
        self.report.languages = list(dict.fromkeys([*first, *named]))
        if self.base not in self.report.languages:
            self.base = self.report.languages[0]

    def _columns(self) -> None:
        """Say once that a column is not kept, when it says something."""
        for column in dict.fromkeys(self.survey.columns):
            if column in _PLAIN_COLUMNS:
                continue
            used = [r.number for r in self.survey.rows if r.get(column) or r.text(column)]
            if used:
                what = "les médias" if column.startswith("media::") else "la colonne"
                self.report.problem(
                    self._rows(used),
                    f"Non repris\u00a0: {what} «\u00a0{column}\u00a0».",
                )

    def _rows(self, numbers: list[int]) -> str:
        shown = ", ".join(map(str, numbers[:20])) + ("…" if len(numbers) > 20 else "")
        return f"{self.survey.name}, ligne{'s' if len(numbers) > 1 else ''} {shown}"

    def _name_everything(self, lines: list[Line]) -> None:
        self.key_of: dict[str, str] = {}
        unknown: dict[str, str] = {}
        lists: set[str] = set()
        self.row_keys: dict[int, str] = {}
        for line in lines:
            name, kind = line.row.get("name"), line.type.name
            if kind in META:
                unknown[name or kind] = "une donnée technique du formulaire, qui n’est pas reprise"
                continue
            if not self._becomes_answer(line):
                unknown[name] = "cette ligne n’est pas reprise"
                continue
            key = self.keys.give(name or f"ligne_{line.row.number}")
            self.row_keys[line.row.number] = key
            if name:
                if name in self.key_of:
                    self.report.problem(
                        self.survey.where(line.row),
                        f"Le nom «\u00a0{name}\u00a0» sert plusieurs fois.",
                    )
                self.key_of.setdefault(name, key)
            if kind in _LISTS:
                lists.add(key)
        self.names = Names(self.key_of, frozenset(lists), unknown)
        self._settle_calculations(lines, unknown)

    def _settle_calculations(self, lines: list[Line], unknown: dict[str, str]) -> None:
        """Forget the names of the calculations that cannot be kept, and of those that read them."""
        left = [line.row for line in lines if line.type.name == "calculate"]
        while lost_rows := [row for row in left if not self._can_compute(row)]:
            for row in lost_rows:
                left.remove(row)
                self.key_of.pop(row.get("name"), None)
                unknown[row.get("name")] = "son calcul n’est pas repris"

    def _can_compute(self, row: FormRow) -> bool:
        try:
            return bool(row.get("calculation")) and bool(
                translate(row.get("calculation"), self.names)
            )
        except Untranslatable:
            return False

    def _becomes_answer(self, line: Line) -> bool:
        if line.type.name == "calculate":
            return True
        return (
            build_question(line.type, _SAMPLE, {"options": []}, _NO_LOOK, lambda _: None)
            is not None
        )

    def _section(self, page: Page, number: int) -> Section | None:
        questions = []
        for groups, line in page.lines:
            question = self._question(groups, line)
            if question is not None:
                questions.append(question)
        conditions = [c for g in page.groups if (c := self._group_condition(g))]
        if not questions:
            return None
        group = page.groups[-1].row if page.groups else None
        label = self._texts(group, "label") if group else {}
        title = label or {self.base: (group.get("name") if group else "") or self._title()}
        return Section(
            key=Keys().give((group.get("name") if group else "") or "partie", "partie")[:50]
            + f"_{number}",
            title=title,
            relevant=_every(conditions),
            questions=questions,
        )

    def _group_condition(self, group: Group) -> str | None:
        """Translate the condition of a group, counted once however many questions it covers."""
        if group.row is None:
            return None
        known = self.__dict__.setdefault("_group_conditions", {})
        if group.row.number not in known:
            known[group.row.number] = self._condition(group.row)
            if look := group.row.get("appearance"):
                self.appearances[look].append(group.row.number)
        return known[group.row.number] or None

    def _condition(self, row: FormRow, key: str | None = None) -> str | None:
        source = row.get("relevant")
        if source.lower() in ("", "true()", "1", "true"):
            return None
        return self._translated(row, source, "condition d’affichage", self.report.conditions, key)

    def _translated(
        self, row: FormRow, source: str, what: str, tally: Tally, itself: str | None = None
    ) -> str | None:
        try:
            found = translate(source, self.names, itself)
        except Untranslatable as error:
            tally.reported += 1
            self.report.problem(
                self.survey.where(row),
                f"La {what} «\u00a0{source[:200]}\u00a0» n’est pas reprise\u00a0: {error}.",
            )
            return None
        tally.translated += 1
        return found

    def _texts(self, row: FormRow, column: str, *, lines: bool = False) -> Text:
        clean = plain if lines else one_line
        found: Text = {}
        for language, source in row.text(column).items():
            for element in lost(source):
                self.report.problem(
                    self.survey.where(row), f"L’élément HTML «\u00a0{element}\u00a0» est retiré."
                )
            text = clean(self._piped(row, source))
            if text:
                found.setdefault(language or self.base, text)
        return found

    def _piped(self, row: FormRow, source: str) -> str:
        def key(match: re.Match[str]) -> str:
            name = match.group(1).strip()
            if name in self.key_of:
                return "${" + self.key_of[name] + "}"
            self.report.problem(
                self.survey.where(row), f"Le texte cite «\u00a0{name}\u00a0», qui n’est pas repris."
            )
            return name

        return re.sub(r"\$\{([^}]+)\}", key, source)

    def _question(self, groups: tuple[Group, ...], line: Line) -> Any:
        row, kind = line.row, line.type
        if kind.name in META:
            self.report.problem(
                self.survey.where(row),
                f"La donnée technique «\u00a0{row.get('type')}\u00a0» n’est pas recueillie.",
            )
            return None
        if kind.name == "calculate":
            self._calculation(row)
            return None
        self.report.questions += 1
        around = [c for g in groups if (c := self._group_condition(g))]
        key = self.row_keys.get(row.number)
        own = self._condition(row, key)
        if key is None:
            self._constraints(row, None)
            self.report.problem(
                self.survey.where(row),
                f"Le type «\u00a0{row.get('type') or 'vide'}\u00a0» n’existe pas ici.",
            )
            return None
        shared = self._shared(row, key, _every([*around, *([own] if own else [])]))
        question = build_question(
            kind, shared, self._listed(line), self._look(row), self._sayer(row)
        )
        self.report.kinds[name_of(question)] += 1
        return question

    def _sayer(self, row: FormRow) -> Any:
        return lambda what: self.report.problem(self.survey.where(row), what)

    def _look(self, row: FormRow) -> dict[str, str]:
        look = row.get("appearance")
        if look and look not in ("multiline", "minimal", "month-year", "year"):
            self.appearances[look].append(row.number)
        return {"appearance": look, "parameters": row.get("parameters")}

    def _shared(self, row: FormRow, key: str, relevant: str | None) -> dict[str, Any]:
        label = self._texts(row, "label", lines=True) or self._texts(row, "hint", lines=True)
        hint = self._hint(row) if row.text("label") else {}
        self._unkept(row)
        return {
            "key": key,
            "label": label or {self.base: row.get("name") or key},
            "hint": hint,
            "required": self._required(row),
            "relevant": relevant,
            "constraints": self._constraints(row, key),
            "default": self._default(row),
        }

    def _hint(self, row: FormRow) -> Text:
        hint, more = self._texts(row, "hint"), self._texts(row, "guidance_hint")
        return {k: " ".join(filter(None, (hint.get(k), more.get(k)))) for k in {**hint, **more}}

    def _unkept(self, row: FormRow) -> None:
        if row.get("readonly").lower() not in _FALSE:
            self._sayer(row)("La question n’est plus en lecture seule.")
        if row.text("required_message"):
            self._sayer(row)("Le message d’obligation est remplacé par le nôtre.")
        if row.get("trigger"):
            self._sayer(row)("Le recalcul déclenché par une autre question n’est pas repris.")
        if row.get("calculation"):
            self._sayer(row)("La valeur calculée de cette question n’est pas reprise.")

    def _required(self, row: FormRow) -> bool:
        cell = row.get("required").lower()
        if cell not in _TRUE and cell not in _FALSE:
            self._sayer(row)(
                f"L’obligation sous condition «\u00a0{row.get('required')[:100]}\u00a0» "
                "n’est pas reprise\u00a0: la question devient facultative."
            )
        return cell in _TRUE

    def _constraints(self, row: FormRow, key: str | None) -> list[Constraint]:
        source = row.get("constraint")
        if not source:
            return []
        found = self._translated(row, source, "contrainte", self.report.constraints, key)
        if not found:
            return []
        message = self._texts(row, "constraint_message")
        return [Constraint(expression=found, message=message or {"fr": "corrigez cette réponse"})]

    def _default(self, row: FormRow) -> Any:
        value = row.get("default")
        if not value:
            return None
        if "${" in value or "(" in value:
            self._sayer(row)(f"La valeur par défaut «\u00a0{value[:100]}\u00a0» n’est pas reprise.")
            return None
        return value

    def _calculation(self, row: FormRow) -> None:
        source = row.get("calculation")
        self.report.questions += 1
        self._condition(row)
        key = self.row_keys[row.number]
        try:
            expression = translate(source, self.names) if source else None
        except Untranslatable as error:
            self._sayer(row)(
                f"Le calcul «\u00a0{source[:200]}\u00a0» n’est pas repris\u00a0: {error}."
            )
            return
        if expression is None:
            self._sayer(row)("Cette ligne de calcul est vide\u00a0: elle est écartée.")
            return
        self.report.kinds["computed"] += 1
        self.computed.append(Computed(key=key, expression=expression))

    def _listed(self, line: Line) -> dict[str, Any]:
        kind = line.type
        if kind.name not in ("select_one", "select_multiple", "rank") or kind.from_file:
            return {}
        listed = self.lists.get(kind.list_name)
        if listed is None:
            self._sayer(line.row)(
                f"La liste «\u00a0{kind.list_name}\u00a0» n’existe pas dans choices."
            )
            return {"options": []}
        more = [Option(value="other", label=dict(_OTHER), other=True)] if kind.other else []
        source = line.row.get("choice_filter")
        if source:
            conditions = self._filter(line.row, source, listed)
            if conditions is not None:
                return {"options": [*choices_sheet.options(listed, self.base, conditions), *more]}
        name = plain_key(listed.name, "liste")
        self.named_lists.setdefault(name, choices_sheet.options(listed, self.base))
        found: dict[str, Any] = {"from_list": name, "options": more}
        return found if kind.name == "rank" else {**found, "size": len(listed.rows)}

    def _filter(
        self, row: FormRow, source: str, listed: choices_sheet.ChoiceList
    ) -> dict[str, str] | None:
        """Translate a choice filter into a condition per option."""
        try:
            found = {}
            for choice in listed.rows:
                filled = choices_sheet.filtered(source, choice)
                found[choice.get("name")] = translate(filled, self.names)
        except Untranslatable as error:
            self.report.conditions.reported += 1
            self._sayer(row)(
                f"Le filtre «\u00a0{source[:200]}\u00a0» n’est pas repris\u00a0: {error}."
            )
            return None
        self.report.conditions.translated += 1
        return found

    def _count_choices(self) -> None:
        self.report.options = sum(len(listed.rows) for listed in self.lists.values())
        used = {row.list_name for row in self._types()}
        for name, listed in self.lists.items():
            if name not in used:
                self.report.problem(
                    self.choices.where(listed.rows[0]),
                    f"La liste «\u00a0{name}\u00a0» ne sert à aucune question.",
                )

    def _types(self) -> Any:
        from consultation.questionnaires.formats.xlsform.types import row_type

        return (row_type(row.get("type")) for row in self.survey.rows)

    def _settle_appearances(self) -> None:
        for look, numbers in self.appearances.items():
            self.report.problem(
                self._rows(numbers), f"L’apparence «\u00a0{look}\u00a0» n’est pas reprise."
            )


_SAMPLE: dict[str, Any] = {"key": "sample", "label": {"fr": "x"}}
_NO_LOOK = {"appearance": "", "parameters": ""}


def _every(conditions: list[str]) -> str | None:
    """Join conditions that must all hold."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return " and ".join(f"({condition})" for condition in conditions)
