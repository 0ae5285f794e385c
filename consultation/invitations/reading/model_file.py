"""The files that help to fill an address book: the model, and the lines to correct."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from consultation.lib.cells import formula_safe

HEADER = ["E-mail", "Nom", "Organisme", "Type d’acteur", "Région", "SIRET", "Remarque"]
EXAMPLES = [
    [
        "prenom.nom@pole-exemple.fr",
        "Prénom Nom",
        "Pôle d’exemple",
        "Pôle de compétitivité (gouvernance ou équipe)",
        "Auvergne-Rhône-Alpes",
        "",
        "Une ligne d’exemple à effacer",
    ],
]


def model_csv() -> bytes:
    """Return the model for French spreadsheets: semicolons, and a mark for the accents."""
    return as_csv([HEADER, *EXAMPLES])


def model_xlsx(words: Iterable[tuple[str, Sequence[str]]]) -> bytes:
    """Return the model as a workbook whose cells are text, so that no SIRET is rounded.

    ``words`` are the words that a column accepts, each list under its title on a second sheet.
    """
    data = BytesIO()
    import xlsxwriter

    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False}) as book:
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("Contacts")
        sheet.set_column(0, len(HEADER) - 1, 30, text)
        for number, row in enumerate([HEADER, *EXAMPLES]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, text)
        lists = book.add_worksheet("Mots acceptés")
        for column, (title, accepted) in enumerate(words):
            lists.set_column(column, column, 50)
            for number, cell in enumerate([title, *accepted]):
                lists.write_string(number, column, cell)
    return data.getvalue()


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows for a French spreadsheet; no cell can run as a formula."""
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [formula_safe(cell) for cell in row] for row in rows
    )
    return b"\xef\xbb\xbf" + text.getvalue().encode()
