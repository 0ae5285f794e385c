"""The sheets of a form: rows with canonical columns, and texts by language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from consultation.questionnaires.formats.languages import language_code
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.questionnaires.formats.workbook import Sheets

_ALIASES = {
    "relevance": "relevant", "constraintmsg": "constraint_message",
    "constraining_message": "constraint_message", "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message", "jr:requiredmsg": "required_message",
    "calculate": "calculation", "caption": "label", "list": "list_name", "tag": "name",
    "read_only": "readonly", "filter": "choice_filter", "count": "repeat_count",
    "jr:count": "repeat_count", "image": "media::image", "audio": "media::audio",
    "video": "media::video", "big_image": "media::big-image", "command": "type",
    "no_app_error_string": "noapperrorstring", "set_form_title": "form_title",
    "set_form_id": "form_id", "allow_choice_duplicate": "allow_choice_duplicates",
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
    """A sheet with a header: its name as written, its columns, its rows that are not empty.

    ``head`` is the row of the header; ``doubles`` the columns, with their language, that stand
    twice: only the first is read.
    """

    name: str
    head: int = 1
    doubles: list[tuple[str, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[FormRow] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)

    def where(self, row: FormRow | int) -> str:
        """Say where a row is."""
        return f"{self.name}, ligne {row if isinstance(row, int) else row.number}"


def form_sheet(sheets: Sheets, name: str, *, needed: bool = False) -> Sheet:
    """Return the sheet called ``name``, whatever its capitals; empty when it is not there.

    A workbook of one sheet is a form whatever the name of the sheet, when it has types.

    Raises:
        UnreadableFile: it is needed and absent.
    """
    titles = {title.strip().lower(): title for title in reversed(sheets)}
    for known in _SHEETS.get(name, (name,)):
        if known in titles:
            return _sheet(titles[known], sheets[titles[known]])
    if needed and len(sheets) == 1:
        sheet = _sheet(*next(iter(sheets.items())))
        if "type" in sheet.columns:
            return sheet
    if needed:
        raise UnreadableFile(
            f"Ce classeur n’a pas de feuille «\u00a0{name}\u00a0»\u00a0: ce n’est pas un XLSForm. "
            "Ajoutez les feuilles survey et choices, ou collez le texte du questionnaire."
        )
    return Sheet("")


_SHEETS = {"choices": ("choices", "choices and columns", "choices_and_columns", "columns")}
"""Older names of a sheet."""


def _sheet(name: str, rows: list[list[str]]) -> Sheet:
    sheet = Sheet(name)
    head = next((index for index, row in enumerate(rows) if any(row)), None)
    if head is None:
        return sheet
    columns = [_column(cell) for cell in rows[head]]
    sheet.head = head + 1
    sheet.columns = [column for column, _ in columns if column]
    sheet.doubles = [c for c, times in Counter(columns).items() if c[0] and times > 1]
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


_PREFIX = re.compile(r"(?:bind|control|body)\s*::?\s*(.+)", re.IGNORECASE)
_SPECIAL = re.compile(r"(jr:\w+)(?:\s*::?\s*(.+))?", re.IGNORECASE)


def _column(header: str) -> tuple[str, str]:
    """Return the canonical column and the language that a header names."""
    text = re.sub(r"\s+", " ", header).strip().strip("*").strip()
    prefixed = _PREFIX.fullmatch(text)
    bare = prefixed[1] if prefixed else text
    special = _SPECIAL.fullmatch(bare)
    parts = (
        [special[1], *([special[2]] if special[2] else [])]
        if special
        else [p.strip() for p in re.split(r"::?", bare) if p.strip()]
    )
    if not parts:
        return "", UNNAMED
    first, rest = _canonical(parts[0]), parts[1:]
    if first == "media" and rest:
        first, rest = f"media::{rest[0].lower()}", rest[1:]
    if first in TRANSLATED and rest:
        return first, language_code(rest[-1])
    if rest or (prefixed and first not in _KNOWN):
        return text.lower().replace(" ", "_"), UNNAMED
    return first, UNNAMED


def _canonical(name: str) -> str:
    low = re.sub(r"[\s-]+", "_", name.lower())
    return _ALIASES.get(low, low)


_KNOWN = {*_ALIASES.values(), *TRANSLATED, "relevant", "constraint", "required", "appearance"}
