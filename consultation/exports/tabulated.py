"""Results as rows of a flat table: one per option and column, after the disclosure gate.

The columns are those of ``data/schema_resultats.json`` (Table Schema). A masked figure has an empty
cell and its reason in ``secret``: never a zero, never a blank alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.questionnaires.compiled import CompiledVersion
from consultation.results import queries as results
from consultation.results.figures import Line, Masked, Row, SafeTable

COLUMNS: Final = (
    "consultation", "question", "ligne", "modalite", "libelle", "croisement", "croisement_code",
    "effectif", "base", "part", "moyenne", "secret",
)  # fmt: skip
CROSSINGS: Final = {"acteur": "acteur", "region": "region"}
"""Breakdowns that the published schema names."""


def tables(
    session: Session, consultation: Consultation, version: CompiledVersion
) -> Iterator[SafeTable]:
    """Yield the tables of every question that may be published, alone then by each breakdown."""
    breakdowns = [key for key in version.questionnaire.breakdowns if key in CROSSINGS]
    private = {i.key for i in version.items.values() if i.question.publication == "never"}
    for table in results.tables(session, consultation, (None, *breakdowns)):
        if table.key not in private:
            yield table


def rows(slug: str, table: SafeTable) -> Iterator[dict[str, Any]]:
    """Yield the rows of one table; the columns beyond the first only when it is crossed."""
    for place, column in enumerate(table.columns):
        if table.by is not None and column.value is None:
            continue
        about = {
            "consultation": slug,
            "question": table.key,
            "croisement": CROSSINGS.get(table.by or "", "aucun"),
            "croisement_code": column.value or "",
        }
        yield {**about, **_measured(table.seen[place], None, None, None), "libelle": "Ont vu"}
        yield {
            **about,
            **_measured(table.answered[place], table.seen[place], None, None),
            "libelle": "Ont répondu",
        }
        for line in table.lines:
            yield from _line(about, table, line, place)


def _line(
    about: dict[str, Any], table: SafeTable, line: Line, place: int
) -> Iterator[dict[str, Any]]:
    named = {**about, "ligne": line.value if line.value != table.key else ""}
    base = line.expressed[place]
    for row in line.rows:
        yield {**named, **_row(row, row.bases[place], place)}
    if line.mean:
        mean = line.mean[place]
        yield {**named, "libelle": "Moyenne", **_measured(base, base, None, mean)}


def _row(row: Row, base: Any, place: int) -> dict[str, Any]:
    figures = _measured(row.counts[place], base, row.shares[place] if row.shares else None, None)
    return {"modalite": row.value, "libelle": row.label, **figures}


def _measured(count: Any, base: Any, share: Any, mean: Any) -> dict[str, Any]:
    """Return the figures of a row, and the first reason that masks one of them."""
    figures = {"effectif": count, "base": base, "part": share, "moyenne": mean}
    reasons = [f.reason for f in figures.values() if isinstance(f, Masked)]
    shown = {k: None if isinstance(f, Masked) else f for k, f in figures.items()}
    return {**shown, "secret": reasons[0] if reasons else "non"}
