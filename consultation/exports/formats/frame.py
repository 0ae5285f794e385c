"""Aggregated results as a data frame, and the frame as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from consultation.exports.formats.delimited import Dialect
from consultation.exports.tabulated import COLUMNS
from consultation.lib.cells import formula_safe

COUNTS = ("effectif", "base")
MEASURES = ("part", "moyenne")


def frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the rows as a frame: counts are nullable integers, measures floats, the rest text."""
    made = pd.DataFrame(list(rows), columns=list(COLUMNS))
    for name in COLUMNS:
        if name in COUNTS:
            made[name] = made[name].astype("Int64")
        elif name in MEASURES:
            made[name] = made[name].astype("Float64").round(6)
        else:
            made[name] = made[name].fillna("").map(formula_safe)
    return made


def write(path: Path, table: pd.DataFrame, dialect: Dialect) -> None:
    """Write a frame as CSV in UTF-8, masked and absent figures empty."""
    table.to_csv(
        path,
        index=False,
        sep=dialect.delimiter,
        decimal=dialect.decimal,
        encoding="utf-8-sig" if dialect.mark else "utf-8",
        lineterminator="\r\n",
    )
