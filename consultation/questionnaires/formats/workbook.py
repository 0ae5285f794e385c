"""A spreadsheet from a stranger, read as plain cells: no style, no formula, a bounded size."""

from __future__ import annotations

import zipfile
import zlib
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

from consultation.questionnaires.formats.report import UnreadableFile

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

LARGEST = 60_000_000
"""Bytes of the parts of the workbook once inflated."""
MOST_CELLS = 400_000
OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1")

Sheets = dict[str, list[list[str]]]


def read_workbook(data: bytes) -> Sheets:
    """Return the cells of each sheet as text, rows first.

    Raises:
        UnreadableFile: it is not an .xlsx workbook, or it is too large.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_what_is_not_xlsx(data)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = {name: _sheet(workbook, name) for name in workbook.sheet_names}
    except (CalamineError, ValueError, OSError, IndexError, zipfile.BadZipFile) as error:
        raise UnreadableFile(
            "Ce classeur est illisible. Ouvrez-le dans un tableur, puis enregistrez-le en .xlsx."
        ) from error
    return sheets


def _refuse_what_is_not_xlsx(data: bytes) -> None:
    if data.startswith(OLD_WORKBOOK):
        raise UnreadableFile(
            "Ce fichier est un ancien classeur Excel (.xls) ou un classeur protégé par un mot de "
            "passe. Enregistrez-le au format .xlsx, sans mot de passe."
        )
    if not zipfile.is_zipfile(BytesIO(data)):
        raise UnreadableFile("Ce fichier n’est pas un classeur. Choisissez un fichier .xlsx.")
    try:
        _refuse_bomb(zipfile.ZipFile(BytesIO(data)))
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        raise UnreadableFile("Ce classeur est abîmé. Enregistrez-le à nouveau.") from error
    except ValueError as error:
        raise UnreadableFile("Ce classeur est abîmé. Enregistrez-le à nouveau.") from error


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Inflate every part once, counting: what a part declares of its size may be a lie."""
    if not any(name.startswith("xl/") for name in archive.namelist()):
        raise UnreadableFile("Ce fichier n’est pas un classeur .xlsx. Choisissez un fichier .xlsx.")
    total = 0
    for part in archive.infolist():
        if part.filename.startswith("xl/media/"):
            continue
        with archive.open(part) as stream:
            while piece := stream.read(1 << 20):
                total += len(piece)
                if total > LARGEST:
                    raise UnreadableFile(
                        "Ce classeur contient plus de 60\u00a0Mo une fois ouvert. "
                        "Gardez seulement les feuilles du questionnaire."
                    )


def _sheet(workbook: CalamineWorkbook, name: str) -> list[list[str]]:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height * max(sheet.total_width, 1) > MOST_CELLS * 25:
        raise UnreadableFile(
            f"La feuille «\u00a0{name[:40]}\u00a0» est trop grande. "
            "Supprimez les lignes et colonnes vides autour du questionnaire."
        )
    rows: list[list[str]] = []
    cells = 0
    for row in sheet.iter_rows():
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        cells += len(texts)
        if cells > MOST_CELLS:
            raise UnreadableFile(
                f"La feuille «\u00a0{name[:40]}\u00a0» contient plus de 400\u00a0000 cellules. "
                "Gardez seulement le questionnaire."
            )
        rows.append(texts)
    return rows


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).strip() if cell is not None else ""
