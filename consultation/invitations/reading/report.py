"""A whole file of contacts, read: the contacts to keep, and a line for each thing to correct."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from consultation.invitations.reading.columns import Columns, find_columns
from consultation.invitations.reading.line import Known, NewContact, Wrong, read_line
from consultation.invitations.reading.sheet import Row, Sheet, read_sheets
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.web.typography import NBSP

HEADER_WITHIN = 10
"""The header is one of the first rows that hold something: people put titles above it."""

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
    for sheet in read_sheets(data):
        found = _header(sheet)
        if found is not None:
            position, columns = found
            header = sheet.rows[position][1]
            reading = Reading(sheet.name, header, columns)
            _read_rows(reading, sheet.rows[position + 1 :], known, set(present))
            return reading
    raise UnreadableFile(NO_ADDRESSES)


def _header(sheet: Sheet) -> tuple[int, Columns] | None:
    for position, (_number, cells) in enumerate(sheet.rows[:HEADER_WITHIN]):
        columns = find_columns(cells)
        if columns is not None:
            return position, columns
    return None


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
