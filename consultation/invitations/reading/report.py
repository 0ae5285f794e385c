"""A whole file of contacts, read: the contacts to keep, and a line for each thing to correct."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from consultation.invitations.reading.columns import Columns, find_columns
from consultation.invitations.reading.line import Known, NewContact, Wrong, like_address, read_line
from consultation.invitations.reading.sheet import Row, Sheet, read_sheets
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.web.typography import NBSP

HEADER_WITHIN = 10
"""The header is one of the first rows that hold something: people put titles above it."""

SAMPLE = 50
"""Rows that say which column holds the addresses."""

MOST_LINES = 1000
"""Lines of the report: beyond, they are counted only."""

NO_ADDRESSES = (
    f"Aucune colonne ne contient les adresses. Nommez-la «{NBSP}e-mail{NBSP}» sur la première "
    "ligne, ou partez du fichier modèle."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not kept: its number in the spreadsheet, why, and its cells."""

    number: int
    kind: Literal["error", "duplicate"]
    sentence: str
    cells: list[str]


@dataclass(slots=True)
class Reading:
    """What a file holds. ``kept`` pairs each contact with the number of its row."""

    sheet: str
    header: list[str]
    columns: Columns
    kept: list[tuple[int, NewContact]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    errors: int = 0
    duplicates: int = 0

    def refuse(self, row: Row, kind: Literal["error", "duplicate"], sentence: str) -> None:
        """Count a row that is not kept, and describe it while the report is short enough."""
        if kind == "error":
            self.errors += 1
        else:
            self.duplicates += 1
        if len(self.lines) < MOST_LINES:
            self.lines.append(Line(row[0], kind, sentence, row[1]))

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of the reading once the file is forgotten."""
        return {
            "sheet": self.sheet,
            "header": self.header,
            "fields": sorted(self.columns.fields),
            "attributes": list(self.columns.attributes),
            "repeated": list(self.columns.repeated),
            "kept": len(self.kept),
            "errors": self.errors,
            "duplicates": self.duplicates,
            "lines": [asdict(line) for line in self.lines],
        }


def read_contacts(data: bytes, known: Known, present: Collection[str] = ()) -> Reading:
    """Read a file; ``present`` are the addresses that the address book already holds.

    Raises:
        UnreadableFile: nothing in it can be read as contacts; the message says what to do.
    """
    sheets = read_sheets(data)
    for found in (*map(_titled, sheets), *map(_untitled, sheets)):
        if found is not None:
            reading, rows = found
            _read_rows(reading, rows, known, set(present))
            return reading
    raise UnreadableFile(NO_ADDRESSES)


def _titled(sheet: Sheet) -> tuple[Reading, list[Row]] | None:
    """Find the header by its words."""
    for position, (_number, cells) in enumerate(sheet.rows[:HEADER_WITHIN]):
        rows = sheet.rows[position + 1 :]
        columns = find_columns(cells, [row[1] for row in rows[:SAMPLE]])
        if columns is not None:
            return Reading(sheet.name, cells, columns), rows
    return None


def _untitled(sheet: Sheet) -> tuple[Reading, list[Row]] | None:
    """Find a column of addresses whose title, or whose lack of one, says nothing."""
    for position, (_number, cells) in enumerate(sheet.rows[:HEADER_WITHIN]):
        rows = sheet.rows[position:]
        for index in (index for index, cell in enumerate(cells) if like_address(cell)):
            if _holds_addresses(index, rows):
                above = sheet.rows[position - 1][1] if position else []
                titled = bool(above[index : index + 1] and above[index])
                header = above if titled else _numbered(cells, index)
                columns = find_columns(header, addresses=index)
                return (Reading(sheet.name, header, columns), rows) if columns else None
    return None


def _holds_addresses(index: int, rows: Sequence[Row]) -> bool:
    sample = rows[:SAMPLE]
    cells = [row[1][index] for row in sample if index < len(row[1])]
    return 2 * sum(map(like_address, cells)) > len(sample)


def _numbered(cells: Sequence[str], addresses: int) -> list[str]:
    return [
        "E-mail" if index == addresses else f"Colonne {index + 1}" for index in range(len(cells))
    ]


def _read_rows(
    reading: Reading, rows: Sequence[Row], known: Known, present: Collection[str]
) -> None:
    first_seen: dict[str, int] = {}
    for row, contact in _contacts(reading, rows, known):
        if contact.email in first_seen:
            line = first_seen[contact.email]
            reading.refuse(row, "duplicate", f"Cette adresse est déjà à la ligne {line}")
        elif contact.email in present:
            reading.refuse(row, "duplicate", "Cette adresse est déjà dans le carnet")
        else:
            first_seen[contact.email] = row[0]
            reading.kept.append((row[0], contact))


def _contacts(
    reading: Reading, rows: Sequence[Row], known: Known
) -> Iterator[tuple[Row, NewContact]]:
    for row in rows:
        try:
            yield row, read_line(row[1], reading.columns, known)
        except Wrong as wrong:
            reading.refuse(row, "error", str(wrong))
