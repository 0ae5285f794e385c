"""Aggregated results as a workbook: one sheet per section, and a sheet that says how to read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from consultation.exports.tabulated import rows
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.kinds.question import say
from consultation.results.figures import SafeTable

PARIS = ZoneInfo("Europe/Paris")
HEAD = ("Question", "Intitulé", "Ligne", "Réponse", "Croisement", "Groupe", "Effectif", "Base",
        "Part", "Moyenne", "Secret")  # fmt: skip
WIDTHS = (18, 48, 22, 34, 12, 24, 10, 10, 9, 10, 13)
SECRETS = {
    "non": "",
    "frequence": "masqué\u00a0: trop peu d’unités",
    "secondaire": "masqué\u00a0: protège une autre case",
    "dominance": "masqué\u00a0: une unité domine",
}
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write(
    path: Path, version: CompiledVersion, tables: Iterable[SafeTable], about: Mapping[str, str]
) -> int:
    """Write the workbook and return its number of rows.

    Rows are written in the order they come, in constant memory; formulas and links are off.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    total = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "share": book.add_format({"num_format": "0.0%"}),
            "mean": book.add_format({"num_format": "0.00"}),
            "masked": book.add_format({"italic": True, "font_color": "#555555"}),
        }
        _read_me(book, about, styles)
        sheets: dict[int, Any] = {}
        places: dict[int, int] = {}
        for table in tables:
            if table.section not in sheets:
                title = say(version.sections[table.section - 1].section.title)
                sheets[table.section] = _sheet(book, table.section, title, styles)
                places[table.section] = 1
            for row in _worded(table, about["slug"]):
                _write_row(sheets[table.section], places[table.section], row, styles)
                places[table.section] += 1
                total += 1
    return total


def _read_me(book: Any, about: Mapping[str, str], styles: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet("Lisez-moi")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    for number, (name, value) in enumerate(about.items()):
        if name != "slug":
            sheet.write_string(number, 0, name, styles["head"])
            sheet.write_string(number, 1, value)


def _sheet(book: Any, number: int, title: str, styles: Mapping[str, Any]) -> Any:
    name = f"{number}. {title}".translate(_FORBIDDEN)[:31].strip()
    sheet = book.add_worksheet(name)
    for column, (text, width) in enumerate(zip(HEAD, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, styles["head"])
    sheet.freeze_panes(1, 0)
    return sheet


def _worded(table: SafeTable, slug: str) -> Iterable[Sequence[Any]]:
    """Yield the rows of a table with words instead of codes."""
    groups = {column.value or "": column.label for column in table.columns}
    lines = {line.value: line.label for line in table.lines}
    for row in rows(slug, table):
        yield (
            table.key,
            table.label,
            lines.get(row.get("ligne", ""), ""),
            row["libelle"],
            "" if row["croisement"] == "aucun" else row["croisement"],
            groups.get(row["croisement_code"], "") if row["croisement_code"] else "Ensemble",
            row["effectif"],
            row["base"],
            row["part"],
            row["moyenne"],
            SECRETS[row["secret"]],
        )


def _write_row(sheet: Any, number: int, row: Sequence[Any], styles: Mapping[str, Any]) -> None:
    for column, value in enumerate(row):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            sheet.write_string(number, column, value, styles["masked"] if column == 10 else None)
        else:
            style = {8: styles["share"], 9: styles["mean"]}.get(column)
            sheet.write_number(number, column, value, style)


def about(
    slug: str, title: str, thresholds: tuple[int, int, float], counts: tuple[int, int],
    digest: str, now: datetime,
) -> dict[str, str]:  # fmt: skip
    """Return what the sheet « Lisez-moi » says, in order."""
    organisations, individuals, dominance = thresholds
    sent, drafts = counts
    return {
        "slug": slug,
        "Consultation": title,
        "Export du": now.astimezone(PARIS).strftime("%d/%m/%Y à %H:%M (heure de Paris)"),
        "Contributions comptées": str(sent),
        "Brouillons non comptés": str(drafts),
        "Secret statistique": (
            f"Une case est masquée quand elle compte moins de {individuals} unités, ou moins de "
            f"{organisations} organismes quand aucun particulier ne s’y trouve. Un montant est "
            f"masqué quand une seule unité en fait plus de {dominance:.0%}."
        ),
        "Unités": "Un organisme compte une fois, par son SIREN.",
        "Base": "Nombre de personnes qui ont vu la question, ou qui se sont prononcées.",
        "Questionnaire (SHA-256)": digest,
        "Licence": "Licence Ouverte 2.0",
    }


def in_sections(tables: Sequence[SafeTable]) -> bool:
    """Say whether tables come section after section, as constant memory needs."""
    return all(a.section <= b.section for a, b in pairwise(tables))
