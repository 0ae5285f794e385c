"""What each column of a file of contacts is, by the many names that people give it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_COLUMN = 60

NAMES = {
    "email": "email|mail|courriel|mel|adresse electronique|adresse mail|adresse email"
    "|adresse courriel|e mail|adresse e mail|courriel professionnel|email professionnel"
    "|mail professionnel|adresse de messagerie|courrier electronique",
    "first_name": "prenom|first name",
    "name": "nom|name|nom complet|nom et prenom|prenom et nom|nom prenom|prenom nom|contact"
    "|nom du contact|nom de famille|last name|full name",
    "organisation": "organisation|organisme|structure|entreprise|societe|etablissement|pole"
    "|nom de l organisme|nom de la structure|raison sociale|company",
    "actor_type": "type|type d acteur|acteur|actor type|categorie|type d organisme",
    "region": "region|region d implantation|code region",
    "siret": "siret|numero siret|n siret|no siret",
}
_KNOWN = {name: field for field, names in NAMES.items() for name in names.split("|")}
_OF_MAIL = {"email", "mail", "mel", "courriel", "messagerie"}
"""A word of these in the title of a column may mean addresses: « Mail 1 », « Courriel (pro) »."""

_POSTAL = "adresse"
"""The address of a house as often as that of a mailbox."""

CORRECTION = ["Ligne", "À corriger"]
"""The titles of the two columns that the file of the lines to correct adds in front."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field is (index from 0), and the attributes by the name of their column.

    ``repeated`` names the columns left out because another one already says the same.
    """

    fields: dict[str, int]
    attributes: dict[str, int]
    repeated: tuple[str, ...] = ()

    def cell(self, cells: Sequence[str], field: str) -> str:
        """Return what a row holds for ``field``; empty when it has no such column."""
        return _at(cells, self.fields.get(field))

    def others(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the attributes of a row that are filled."""
        found = {name: _at(cells, index) for name, index in self.attributes.items()}
        return {name: value for name, value in found.items() if value}


def plain(text: str) -> str:
    """Return ``text`` in small letters, without accents nor punctuation: what names compare on."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def find_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]] = (), *, addresses: int | None = None
) -> Columns | None:
    """Return what the columns of ``header`` are; ``None`` when none holds addresses.

    ``rows`` are the first ones under the header: of several titles that may mean addresses, the
    best one with addresses under it counts. ``addresses`` is their column when it is known.
    """
    if addresses is None:
        addresses = _column_of_addresses(header, rows)
    if addresses is None:
        return None
    fields = {"email": addresses}
    attributes: dict[str, int] = {}
    repeated = []
    ours = len(CORRECTION) if list(header[: len(CORRECTION)]) == CORRECTION else 0
    for index, title in enumerate(header):
        field = _KNOWN.get(plain(title))
        name = " ".join(title.split())[:LONGEST_COLUMN]
        if index == addresses or index < ours:
            continue
        if field and field not in fields:
            fields[field] = index
        elif field or name in attributes:
            repeated.append(name)
        elif name:
            attributes[name] = index
    return Columns(fields, attributes, tuple(repeated))


def _column_of_addresses(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    found = [
        (not filled, rank, index)
        for index, title in enumerate(header)
        for filled in [any("@" in _at(cells, index) for cells in rows)]
        if (rank := _likely(title)) == 0 or (rank and filled)
    ]
    return min(found)[2] if found else None


def _likely(title: str) -> int | None:
    """Return how likely a title means addresses, 0 for sure; ``None`` when it does not."""
    name = plain(title)
    if _KNOWN.get(name) == "email":
        return 0
    if "@" not in title and (_OF_MAIL & set(name.split()) or "e mail" in name):
        return 1
    return 2 if name == _POSTAL else None


def _at(cells: Sequence[str], index: int | None) -> str:
    return cells[index].strip() if index is not None and index < len(cells) else ""
