"""CSV, in the two dialects people need: open data, and Excel in French."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from consultation.lib.cells import formula_safe


@dataclass(frozen=True, slots=True)
class Dialect:
    """``mark`` says whether the file starts with the byte order mark that Excel looks for."""

    delimiter: str
    decimal: str
    mark: bool


OPEN_DATA = Dialect(",", ".", mark=False)
EXCEL_FR = Dialect(";", ",", mark=True)


class Delimited:
    """Writes rows to a text stream (UTF-8, ``\\r\\n``), with cells that cannot run as formulas."""

    def __init__(self, stream: IO[str], columns: Sequence[str], dialect: Dialect) -> None:
        self._dialect, self._columns = dialect, columns
        if dialect.mark:
            stream.write("\ufeff")
        self._writer = csv.writer(stream, delimiter=dialect.delimiter)
        self._writer.writerow([formula_safe(column) for column in columns])

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows; a column that a row does not have is empty."""
        for row in rows:
            self._writer.writerow([self._cell(row.get(column)) for column in self._columns])

    def add_cells(self, cells: Sequence[Any]) -> None:
        """Write one row of cells in the order of the columns."""
        self._writer.writerow([self._cell(cell) for cell in cells])

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, float):
            text = f"{value:.10g}" if abs(value) < 1e15 else repr(value)
            return text.replace(".", self._dialect.decimal)
        if isinstance(value, int):
            return str(value)
        return formula_safe(str(value).replace("\x00", ""))
