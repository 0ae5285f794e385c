"""Reading a form: pages, questions, conditions, and a line for whatever is not kept."""

from __future__ import annotations

import re
from typing import Any

from consultation.questionnaires.compiled import CompileError, compile_version
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.graph import cycles
from consultation.questionnaires.format import Questionnaire, Section
from consultation.questionnaires.formats.keys import Keys, plain_key
from consultation.questionnaires.formats.languages import language_code
from consultation.questionnaires.formats.report import Import, Report, UnreadableFile
from consultation.questionnaires.formats.workbook import Sheets, read_workbook
from consultation.questionnaires.formats.xlsform import choices as choices_sheet
from consultation.questionnaires.formats.xlsform.form import Form, Known, every
from consultation.questionnaires.formats.xlsform.outline import Group, Page, outline, pages
from consultation.questionnaires.formats.xlsform.rows import Rows
from consultation.questionnaires.formats.xlsform.sheets import Sheet, form_sheet
from consultation.questionnaires.kinds.statement import Statement
from consultation.questionnaires.rules import findings

LOST = "a_completer"
"""The sheet that our own writer adds: what it says is not in the form."""
_READ = {
    "type", "name", "relevant", "constraint", "required", "calculation", "appearance", "default",
    "readonly", "choice_filter", "parameters", "repeat_count", "trigger", "label", "hint",
    "guidance_hint", "constraint_message", "required_message", "disabled",
}  # fmt: skip
_READ_SETTINGS = {
    "form_title", "title", "form_id", "id_string", "default_language", "allow_choice_duplicates",
}  # fmt: skip
MOST_ROWS = 6_000
MOST_CHOICES = 20_000
"""Rows of a form, and of its choices, that an import accepts."""


def read(data: bytes, name: str) -> Import:
    """Read an XLSForm workbook.

    Twice: the first time only to know what expressions may refer to.

    Raises:
        UnreadableFile: it is not a workbook, or has no survey sheet.
    """
    sheets = read_workbook(data)
    survey = form_sheet(sheets, "survey", needed=True)
    if "type" not in survey.columns:
        raise UnreadableFile(
            "La feuille survey n’a pas de colonne type\u00a0: ce n’est pas un XLSForm."
        )
    for sheet, most in ((survey, MOST_ROWS), (form_sheet(sheets, "choices"), MOST_CHOICES),
                        (form_sheet(sheets, "external_choices"), MOST_CHOICES)):  # fmt: skip
        if len(sheet.rows) > most:
            raise UnreadableFile(
                f"La feuille «\u00a0{sheet.name[:40]}\u00a0» a plus de {most} lignes. Gardez "
                "seulement le questionnaire, ou importez-le en plusieurs fois."
            )
    first = _Reader(sheets, survey, name, Known(first=True)).read()
    return _Reader(sheets, survey, name, Known.of(first.questionnaire)).read()


class _Reader:
    def __init__(self, sheets: Sheets, survey: Sheet, file_name: str, known: Known) -> None:
        self.sheets, self.survey, self.file_name = sheets, survey, file_name
        self.choices = form_sheet(sheets, "choices")
        self.external = form_sheet(sheets, "external_choices")
        self.settings = form_sheet(sheets, "settings")
        self.report = Report("xlsform")
        self.base = self._languages()
        self.form = Form(survey, self.report, self.base, known)
        self.where: dict[str, str] = {}
        self.titled: set[int] = set()
        self.pages: set[int] = set()

    def read(self) -> Import:
        self._columns()
        lists = choices_sheet.choice_lists(self.choices, self.report)
        external = choices_sheet.choice_lists(self.external, self.report)
        self.rows = Rows(self.form, lists, external)
        root = outline(self.survey, self.report)
        self.form.name_everything(list(root.lines()))
        keys = Keys()
        sections = [s for page in pages(root) if (s := self._section(page, keys))]
        self._left_groups(root)
        self.form.lose_the_rest()
        self._count_choices()
        self._looks()
        self.report.sections = len(sections)
        questionnaire = Questionnaire(
            code=plain_key(self._setting("form_id") or self._stem(), "form"),
            languages=self.report.languages,
            title={self.base: self._title()},
            lists=self.rows.named_lists,
            computed=self.rows.computed,
            sections=sections,
        )
        self._wrong(questionnaire)
        return Import(questionnaire, self.report)

    # --- the whole form ------------------------------------------------------------------------

    def _setting(self, name: str) -> str:
        if not self.settings.rows:
            return ""
        row = self.settings.rows[0]
        return row.get(name) or next(iter(row.text(name).values()), "")

    def _stem(self) -> str:
        return re.sub(r"\.[A-Za-z0-9]+$", "", self.file_name.rsplit("/", 1)[-1])

    def _title(self) -> str:
        return (
            self._setting("form_title") or self._setting("title") or self._stem() or "Questionnaire"
        )

    def _languages(self) -> str:
        """Find the languages, and return the one of the columns that name none."""
        named = list(dict.fromkeys([*self.survey.languages, *self.choices.languages]))
        default = self._setting("default_language")
        bare = any("" in texts for row in self.survey.rows for texts in row.texts.values())
        base = language_code(default) if default else ("fr" if bare or not named else named[0])
        first = [base] if bare or base in named or not named else []
        self.report.languages = list(dict.fromkeys([*first, *named]))
        return base if base in self.report.languages else self.report.languages[0]

    def _columns(self) -> None:
        """Say once what columns, settings and sheets say that is not kept."""
        for column in dict.fromkeys(self.survey.columns):
            used = [r.number for r in self.survey.rows if r.get(column) or r.text(column)]
            if column not in _READ and used:
                what = "les médias" if column.startswith("media::") else "la colonne"
                self._lost(self.form.rows(used), f"{what} «\u00a0{column}\u00a0»")
        for sheet in (self.survey, self.choices, self.external):
            for column, language in sheet.doubles:
                shown = f"{column}::{language}" if language else column
                self.report.problem(
                    f"{sheet.name}, ligne {sheet.head}",
                    f"La colonne «\u00a0{shown}\u00a0» figure deux fois\u00a0: la première compte.",
                )
        for row in self.settings.rows[:1]:
            left = [name for name in row.cells if name not in _READ_SETTINGS]
            if left:
                self._lost(self.settings.where(row), f"les réglages {', '.join(left)}")
        read = {s.name for s in (self.survey, self.choices, self.external, self.settings)}
        read.add(LOST)
        for name, rows in self.sheets.items():
            if name not in read and any(any(row) for row in rows):
                self.report.problem(name[:60], "Cette feuille n’est pas lue.")

    def _lost(self, where: str, what: str) -> None:
        self.report.problem(where, f"Non repris\u00a0: {what}.")

    # --- pages ---------------------------------------------------------------------------------

    def _section(self, page: Page, keys: Keys) -> Section | None:
        """Return a page, or ``None`` when nothing of it is asked."""
        questions: list[Any] = []
        for inner, line in page.lines:
            question = self.rows.question(page.groups, inner, line)
            if question is None:
                continue
            questions += self._titles(inner)
            questions.append(question)
            self.where[question.key] = self.survey.where(line.row)
        own = page.groups[-1].row if page.groups else None
        if not questions:
            return None
        self.titled.update(group.row.number for group in page.groups if group.row)
        if own:
            self.pages.add(own.number)
        title = self.form.texts(own, "label") if own else {}
        name = own.get("name") if own else ""
        key = keys.give(name or "partie", "partie")
        return Section(
            key=key,
            title=title or {self.base: name or self._title()},
            introduction=self.form.hint(own) if own else {},
            relevant=every(self.form.around(page.groups)),
            questions=questions,
        )

    def _titles(self, inner: tuple[Group, ...]) -> list[Statement]:
        """Return the titles of the groups inside a page, each before its first question."""
        made = []
        for depth, group in enumerate(inner, 1):
            if group.row is None or group.row.number in self.titled:
                continue
            self.titled.add(group.row.number)
            label, hint = self.form.texts(group.row, "label", lines=True), self.form.hint(group.row)
            if label or hint:
                key = self.form.keys.give(group.row.get("name") or "titre")
                shown = every(self.form.around(inner[:depth]))
                made.append(Statement(key=key, label=label or hint, hint=hint, relevant=shown))
        return made

    def _left_groups(self, root: Group) -> None:
        """Say which groups hold nothing that is kept, and which titles have no place."""
        wrappers = {g.row.number for page in pages(root) for g in page.groups[:-1] if g.row}
        for group in root.groups():
            if group.row is None:
                continue
            if group.row.number not in self.titled:
                name = group.row.get("name")
                self.form.say(
                    group.row,
                    f"Rien de ce groupe «\u00a0{name}\u00a0» n’est posé\u00a0: il est écarté.",
                )
            elif group.row.number in wrappers - self.pages:
                for title in list(self.form.texts(group.row, "label").values())[:1]:
                    said = title[:100]
                    self.form.say(group.row, f"Le titre «\u00a0{said}\u00a0» n’est pas repris.")

    # --- what is left --------------------------------------------------------------------------

    def _count_choices(self) -> None:
        for sheet, lists in ((self.choices, self.rows.lists), (self.external, self.rows.external)):
            self.report.options += sum(1 for row in sheet.rows if row.get("list_name"))
            for name, listed in lists.items():
                if name not in self.rows.used and listed.rows:
                    self.report.problem(
                        sheet.where(listed.rows[0]),
                        f"La liste «\u00a0{name}\u00a0» ne sert à aucune question.",
                    )
            self._choice_columns(sheet)

    def _choice_columns(self, sheet: Sheet) -> None:
        filters = " ".join(row.get("choice_filter") for row in self.survey.rows).lower()
        for column in choices_sheet.extra_columns(sheet):
            used = [r.number for r in sheet.rows if r.get(column) or r.text(column)]
            if used and not re.search(rf"(?<![\w-]){re.escape(column)}(?![\w-])", filters):
                self._lost(sheet.where(used[0]), f"la colonne «\u00a0{column}\u00a0»")

    def _looks(self) -> None:
        for look, numbers in self.form.appearances.items():
            self.report.problem(
                self.form.rows(numbers), f"L’apparence «\u00a0{look}\u00a0» n’est pas reprise."
            )

    def _wrong(self, questionnaire: Questionnaire) -> None:
        """Say what must be corrected before publishing."""
        for finding in findings(questionnaire):
            where = self.where.get(finding.where, self.survey.name)
            self.report.problem(where, f"À corriger\u00a0: {finding.what}.")
        try:
            version = compile_version(questionnaire)
        except (CompileError, ExpressionError):
            return
        for ring in cycles({key: item.reads for key, item in version.items.items()}):
            names = " → ".join([*ring, ring[0]])
            self.report.problem(
                self.where.get(ring[0], self.survey.name),
                f"Ces conditions d’affichage s’attendent l’une l’autre\u00a0: {names}.",
            )
