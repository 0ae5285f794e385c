"""What each column of a file of contacts is, by the many names that people give it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_COLUMN = 60

NAMES = {
    "email": "email|mail|courriel|adresse|adresse electronique|adresse mail|adresse email"
    "|adresse courriel|e mail|adresse e mail|courriel professionnel|email professionnel"
    "|mail professionnel",
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


def find_columns(header: Sequence[str]) -> Columns | None:
    """Return what the columns of ``header`` are; ``None`` when none holds addresses."""
    fields: dict[str, int] = {}
    attributes: dict[str, int] = {}
    repeated = []
    for index, title in enumerate(header):
        field = _KNOWN.get(plain(title))
        name = " ".join(title.split())[:LONGEST_COLUMN]
        if field and field not in fields:
            fields[field] = index
        elif field or name in attributes:
            repeated.append(name)
        elif name:
            attributes[name] = index
    if "email" not in fields:
        return None
    return Columns(fields, attributes, tuple(repeated))


def _at(cells: Sequence[str], index: int | None) -> str:
    return cells[index].strip() if index is not None and index < len(cells) else ""
