"""The sheets of a form: rows with canonical columns, and texts by language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from consultation.questionnaires.formats.languages import language_code
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.questionnaires.formats.workbook import Sheets

_ALIASES = {
    "relevance": "relevant", "bind::relevant": "relevant", "bind:relevant": "relevant",
    "bind::constraint": "constraint", "bind:constraint": "constraint",
    "constraintmsg": "constraint_message", "bind::jr:constraintmsg": "constraint_message",
    "jr:constraintmsg": "constraint_message", "bind:jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message", "bind::jr:requiredmsg": "required_message",
    "bind::required": "required", "bind:required": "required",
    "calculate": "calculation", "bind::calculate": "calculation", "bind:calculate": "calculation",
    "caption": "label", "list": "list_name", "body::appearance": "appearance",
    "control::appearance": "appearance", "control:appearance": "appearance",
    "read_only": "readonly", "bind::readonly": "readonly", "filter": "choice_filter",
    "image": "media::image", "audio": "media::audio", "video": "media::video",
    "big-image": "media::big-image", "command": "type",
}  # fmt: skip
TRANSLATED = (
    "label", "hint", "guidance_hint", "constraint_message", "required_message",
    "media::image", "media::audio", "media::video", "media::big-image",
)  # fmt: skip
UNNAMED = ""
"""The language of a column that names none, until the default language is known."""


@dataclass(slots=True)
class FormRow:
    """One row: its number as the spreadsheet shows it, its cells, its texts by language."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def get(self, column: str) -> str:
        """Return the cell of a canonical column, empty when there is none."""
        return self.cells.get(column, "")

    def text(self, column: str) -> dict[str, str]:
        """Return the texts of a translated column, by language."""
        return self.texts.get(column, {})


@dataclass(slots=True)
class Sheet:
    """A sheet with a header: its name as written, its columns, its rows that are not empty."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[FormRow] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)

    def where(self, row: FormRow | int) -> str:
        """Say where a row is."""
        return f"{self.name}, ligne {row if isinstance(row, int) else row.number}"


def form_sheet(sheets: Sheets, name: str, *, needed: bool = False) -> Sheet:
    """Return the sheet called ``name``, whatever its capitals; empty when it is not there.

    Raises:
        UnreadableFile: it is needed and absent.
    """
    for found, rows in sheets.items():
        if found.strip().lower() == name:
            return _sheet(found, rows)
    if needed:
        raise UnreadableFile(
            f"Ce classeur n’a pas de feuille «\u00a0{name}\u00a0»\u00a0: ce n’est pas un XLSForm. "
            "Ajoutez les feuilles survey et choices, ou collez le texte du questionnaire."
        )
    return Sheet(name)


def _sheet(name: str, rows: list[list[str]]) -> Sheet:
    sheet = Sheet(name)
    head = next((index for index, row in enumerate(rows) if any(row)), None)
    if head is None:
        return sheet
    columns = [_column(cell) for cell in rows[head]]
    sheet.columns = [column for column, _ in columns if column]
    sheet.languages = list(dict.fromkeys(language for _, language in columns if language))
    for number, cells in enumerate(rows[head + 1 :], head + 2):
        row = _row(number, columns, cells)
        if row.cells or row.texts:
            sheet.rows.append(row)
    return sheet


def _row(number: int, columns: list[tuple[str, str]], cells: list[str]) -> FormRow:
    row = FormRow(number)
    for (column, language), cell in zip(columns, cells, strict=False):
        if not cell or not column:
            continue
        if column in TRANSLATED:
            row.texts.setdefault(column, {}).setdefault(language, cell)
        else:
            row.cells.setdefault(column, cell)
    return row


def _column(header: str) -> tuple[str, str]:
    """Return the canonical column and the language that a header names."""
    text = re.sub(r"\s+", " ", header).strip()
    low = text.lower().replace(" ", "_")
    if low in _ALIASES or low.startswith(("bind:", "control:", "body:", "instance:")):
        return _ALIASES.get(low, low), UNNAMED
    parts = [p.strip() for p in re.split(r"::?", text) if p.strip()]
    if not parts:
        return "", UNNAMED
    first = _canonical(parts[0])
    if first == "media" and len(parts) > 1:
        first, parts = f"media::{parts[1].lower()}", parts[1:]
    if first in TRANSLATED and len(parts) > 1:
        return first, language_code(parts[-1])
    return (first if len(parts) == 1 else low), UNNAMED


def _canonical(name: str) -> str:
    low = re.sub(r"[\s-]+", "_", name.lower())
    return _ALIASES.get(low, low)
