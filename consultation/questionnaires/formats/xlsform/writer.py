"""Writing a questionnaire as an XLSForm workbook that ODK and KoboToolbox open.

What XLSForm has no word for is written with what it has: a matrix is a group of single choices,
bounds are constraints, the text of « autre » is a question of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from consultation.questionnaires.compiled import CompiledVersion, Item, compile_version
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.formats.xlsform.to_xpath import Unwritable, to_xpath
from consultation.questionnaires.kinds.question import Option, Row, Text, say

Cells = dict[str, str]
LOST = "a_completer"
"""The sheet of what the form cannot say; other tools do not read it."""
_FILES = {"png": "image", "jpg": "image", "jpeg": "image", "mp3": "audio", "mp4": "video"}
_NAMES = {"fr": "Français (fr)", "en": "English (en)", "de": "Deutsch (de)", "es": "Español (es)"}


def write(questionnaire: Questionnaire) -> bytes:
    """Return the workbook. Cells that look like formulas are written as text."""
    return _Writer(compile_version(questionnaire)).workbook()


@dataclass
class _Writer:
    version: CompiledVersion
    survey: list[Cells] = field(default_factory=list)
    choices: list[Cells] = field(default_factory=list)
    listed: dict[str, str] = field(default_factory=dict)
    lost: list[Cells] = field(default_factory=list)

    def workbook(self) -> bytes:
        questionnaire = self.version.questionnaire
        for section in self.version.sections:
            self._add("begin_group", section.section.key, section.section.title,
                      relevant=section.section.relevant)  # fmt: skip
            if section.section.introduction:
                key = f"{section.section.key}_introduction"
                self._add("note", key, section.section.introduction)
            for item in section.items:
                self._item(item)
            self.survey.append({"type": "end_group"})
        for computed in questionnaire.computed:
            source = self._expression(computed.key, computed.expression, None)
            if source:
                cells = {"type": "calculate", "name": computed.key, "calculation": source}
                self.survey.append(cells)
        settings = {
            "form_title": say(questionnaire.title),
            "form_id": questionnaire.code,
            "default_language": self._language(questionnaire.languages[0]),
        }
        sheets = {"survey": self.survey, "choices": self.choices, "settings": [settings]}
        return _workbook(sheets | ({LOST: self.lost} if self.lost else {}))

    def _expression(self, key: str, source: str, itself: str | None) -> str:
        """Return an expression for the form; what it cannot say is listed, not written wrong."""
        try:
            return to_xpath(source, itself)
        except Unwritable as why:
            self.lost.append({"name": key, "expression": source, "raison": str(why)})
            return ""

    def _language(self, code: str) -> str:
        return _NAMES.get(code, f"{code} ({code})")

    def _texts(self, column: str, text: Text) -> Cells:
        return {f"{column}::{self._language(code)}": said for code, said in text.items() if said}

    def _add(self, kind: str, name: str, label: Text, **cells: Any) -> None:
        if cells.get("relevant"):
            cells["relevant"] = self._expression(name, cells["relevant"], None)
        kept = {k: v for k, v in cells.items() if v}
        self.survey.append({"type": kind, "name": name, **self._texts("label", label), **kept})

    def _item(self, item: Item) -> None:
        if item.name in ("matrix", "allocation"):
            self._rows(item)
            return
        kind, cells = self._kind(item)
        question = item.question
        constraint, message = self._constraint(item)
        self._add(
            kind, item.key, question.label, relevant=question.relevant,
            required="yes" if question.required else "", constraint=constraint,
            **self._texts("hint", _with_unit(question)), **message, **cells,
        )  # fmt: skip
        for option in item.resolved.options:
            if option.other and item.name in ("single", "multiple", "reference"):
                self.survey.append({
                    "type": "text", "name": f"{item.key}_other",
                    **self._texts("label", option.label),
                    "relevant": f"selected(${{{item.key}}}, '{option.value}')",
                })  # fmt: skip

    def _kind(self, item: Item) -> tuple[str, Cells]:
        question = item.question
        if item.name in ("single", "scale", "multiple", "reference", "ranking"):
            several = item.name == "multiple" or getattr(question, "several", False)
            verb = (
                "rank" if item.name == "ranking" else "select_multiple" if several else "select_one"
            )
            look = "minimal" if getattr(question, "display", "") == "select" else ""
            return f"{verb} {self._list(item.key, item.resolved.options)}", {"appearance": look}
        if item.name == "date":
            look = {"month": "month-year", "year": "year"}.get(question.precision, "")
            return "date", {"appearance": look}
        if item.name == "number":
            return "integer" if question.integer else "decimal", {}
        if item.name == "file":
            return _FILES.get(next(iter(question.extensions), ""), "file"), {}
        simple = {"long_text": "text", "short_text": "text", "consent": "acknowledge"}
        look = "multiline" if item.name == "long_text" else ""
        return simple.get(item.name, "note"), {"appearance": look}

    def _list(self, key: str, options: tuple[Option, ...]) -> str:
        """Return the name of the list of these options, written once."""
        identity = repr([(o.value, sorted(o.label.items())) for o in options])
        if identity not in self.listed:
            self.listed[identity] = f"l_{key}"
            for option in options:
                self.choices.append({
                    "list_name": f"l_{key}", "name": option.value,
                    **self._texts("label", option.label),
                })  # fmt: skip
        return self.listed[identity]

    def _rows(self, item: Item) -> None:
        question = item.question
        self._add("begin_group", f"{item.key}_group", question.label, relevant=question.relevant,
                  appearance="field-list", **self._texts("hint", question.hint))  # fmt: skip
        for row in item.resolved.rows:
            self._row(item, row)
        self.survey.append({"type": "end_group"})

    def _row(self, item: Item, row: Row) -> None:
        last = row is item.resolved.rows[-1]
        cells: Cells = {}
        kind = "decimal"
        if item.name == "matrix":
            kind = f"select_one {self._list(item.key, item.resolved.options)}"
        elif last:
            others = [f"${{{item.key}_{r.value}}}" for r in item.resolved.rows[:-1]]
            cells["constraint"] = f"{' + '.join([*others, '.'])} = {_plain(item.question.total)}"
        required = "yes" if item.question.required else ""
        self._add(kind, f"{item.key}_{row.value}", row.label, required=required, **cells)

    def _constraint(self, item: Item) -> tuple[str, Cells]:
        question, parts = item.question, []
        for name, operator in (("minimum", ">="), ("maximum", "<=")):
            bound = getattr(question, name, None)
            if bound is not None:
                written = f"date('{bound}')" if item.name == "date" else _plain(bound)
                parts.append(f". {operator} {written}")
        for names, operator in (
            (("min_choices", "min_ranked"), ">="),
            (("max_choices", "max_ranked"), "<="),
        ):
            count = next((c for n in names if (c := getattr(question, n, None))), None)
            if count is not None and (operator == "<=" or count > 1):
                parts.append(f"count-selected(.) {operator} {count}")
        message: Cells = {}
        for constraint in question.constraints:
            parts.append(f"({self._expression(item.key, constraint.expression, item.key)})")
            message = self._texts("constraint_message", constraint.message)
        return " and ".join(p for p in parts if p != "()"), message


def _plain(number: float) -> str:
    """Write a number without exponent, which XPath 1.0 does not read."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _with_unit(question: Any) -> Text:
    """Return the help of a question and its unit, which a form has no place for."""
    unit: Text = getattr(question, "unit", {})
    return {
        language: " ".join(filter(None, (question.hint.get(language), unit.get(language))))
        for language in {**question.hint, **unit}
    }


def _workbook(sheets: dict[str, list[Cells]]) -> bytes:
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter

    with xlsxwriter.Workbook(stream, options) as book:
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            sheet.write_row(0, 0, columns, bold)
            for number, row in enumerate(rows, 1):
                for place, column in enumerate(columns):
                    if row.get(column):
                        sheet.write_string(number, place, str(row[column]))
    return stream.getvalue()
