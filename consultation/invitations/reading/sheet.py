"""The rows of a file of contacts: CSV in the usual encodings and separators, or XLSX."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from consultation.mail.rules import one_line
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.questionnaires.formats.workbook import OLD_WORKBOOK, read_workbook
from consultation.web.typography import NBSP, number_fr

LARGEST = 5_000_000
MOST_ROWS = 50_000
MOST_CELLS = 40
"""Columns that are read: the others are left out."""
SEPARATORS = ";,\t|"
OPEN_QUOTE_LINES = 50
"""A cell of more lines than this is a quotation mark that nobody closed."""

ENCODINGS = ("cp1252", "mac_roman", "cp850")
"""Of spreadsheets on French machines: Excel on Windows, on a Mac, and « CSV (MS-DOS) »."""

_OFTEN = frozenset("éèêëàâçîïôùûœ’«»\u00a0°–…€")
_SELDOM = frozenset("ÉÈÊÀÂÇÎÔÙÛŒ")
_SHIELDED = re.compile(r'="([^"]*)"')
"""How a CSV keeps the zeros of a number: ``="0612"``."""

Row = tuple[int, list[str]]
"""The number that a spreadsheet shows in front of the row, and its cells."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that are not empty; ``name`` is that of the sheet, empty for a CSV."""

    name: str
    rows: list[Row]


def read_sheets(data: bytes) -> list[Sheet]:
    """Return what a file holds: one sheet for a CSV, several for a workbook.

    Raises:
        UnreadableFile: it cannot be read, or it is too large; the message says what to do.
    """
    if not data.strip():
        raise UnreadableFile(
            "Ce fichier est vide. Choisissez un fichier qui contient des adresses."
        )
    if len(data) > LARGEST:
        most = f"{LARGEST // 1_000_000}{NBSP}Mo"
        raise UnreadableFile(f"Ce fichier dépasse {most}. Découpez-le en plusieurs fichiers.")
    if data.startswith((b"PK\x03\x04", OLD_WORKBOOK)):
        return _workbook(data)
    return [Sheet("", _bounded(_csv(_text(data))))]


def _workbook(data: bytes) -> list[Sheet]:
    try:
        sheets = read_workbook(data)
    except UnreadableFile as error:
        if "questionnaire" not in str(error):
            raise
        raise UnreadableFile(
            "Ce classeur est trop grand. Gardez seulement la feuille des contacts."
        ) from error
    return [Sheet(name, _bounded(enumerate(rows, start=1))) for name, rows in sheets.items()]


def _bounded(rows: Iterator[Row] | enumerate[list[str]]) -> list[Row]:
    kept: list[Row] = []
    for number, typed in rows:
        cells = [_plain(cell) for cell in typed[:MOST_CELLS]]
        if any(cells):
            kept.append((number, cells))
        if len(kept) > MOST_ROWS:
            raise UnreadableFile(
                f"Ce fichier compte plus de {number_fr(MOST_ROWS)} lignes. "
                "Découpez-le en plusieurs fichiers."
            )
    return kept


def _plain(cell: str) -> str:
    """Return a cell on one line, without a character that cannot be seen."""
    text = cell.strip() if cell.isprintable() else one_line(cell)
    shielded = _SHIELDED.fullmatch(text)
    return shielded[1].strip() if shielded else text


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    if b"\0" in data or data.startswith(b"%PDF-"):
        raise UnreadableFile(
            "Ce fichier n’est ni un CSV ni un classeur. Enregistrez-le au format CSV ou XLSX."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Some bytes mean nothing in cp1252.
        return max((data.decode(name, "replace") for name in ENCODINGS), key=_french)


def _french(text: str) -> float:
    """Return how much of a text beyond ASCII is what people write in French."""
    beyond = [character for character in text if not character.isascii()]
    often = sum(character in _OFTEN for character in beyond)
    return (often + sum(character in _SELDOM for character in beyond) / 2) / max(len(beyond), 1)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "Ce fichier est abîmé. Enregistrez-le à nouveau au format CSV ou XLSX."
        ) from error


def _csv(text: str) -> Iterator[Row]:
    separator, text = _separator(text.replace("\0", ""))
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    number = 1
    try:
        for number, cells in enumerate(reader, start=1):
            if any(_swallows_rows(cell, separator) for cell in cells):
                raise csv.Error
            yield number, cells
    except csv.Error as error:
        raise UnreadableFile(
            f"Un guillemet ouvert vers la ligne {number} n’est jamais refermé. "
            "Corrigez cette ligne, puis importez à nouveau."
        ) from error


def _swallows_rows(cell: str, separator: str) -> bool:
    """Whether a quotation mark was opened in a cell and not closed: it holds the rows below."""
    _first, *below = cell.split("\n")
    return len(below) > OPEN_QUOTE_LINES or any(separator in line and "@" in line for line in below)


def _separator(text: str) -> tuple[str, str]:
    """Return the separator, and the text without the line by which Excel names it."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and first.strip()[4:5] in tuple(SEPARATORS):
        return first.strip()[4], rest
    if first.strip("\r") == "sep=\t":
        return "\t", rest
    head = text[:5000]
    return max(SEPARATORS, key=head.count), text
