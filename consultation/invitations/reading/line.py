"""One line of a file of contacts: a clean contact, or what to correct."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from consultation.accounts.rules.naming import LONGEST_NAME, clean_email
from consultation.accounts.rules.organisations import clean_siret
from consultation.accounts.rules.refusal import Refusal
from consultation.invitations.reading.columns import Columns, plain
from consultation.web.typography import NBSP

LONGEST_ORGANISATION, LONGEST_ATTRIBUTE = 200, 300
_AROUND = " <>;,.'\"\u00a0"
ELSEWHERE = {"national": "national", "national plusieurs regions": "national"}
ABROAD = {"etranger": "etranger", "hors de france": "etranger"}
USUAL = {"paca": "93", "aura": "84", "reunion": "04", "centre": "24", "idf": "11", "corse": "94"}
"""Regions by the short names that people give them."""

_NAMED = re.compile(r"(?P<name>[^<>]*)<\s*(?P<address>[^<>]*@[^<>]*)>[\s;,.]*")
_COMMENTED = re.compile(r"(?P<address>[^\s()]+@[^\s()]+)\s*\((?P<name>[^()]*)\)")
"""How mail programs write who an address belongs to."""

_LIKE = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")


class Wrong(Exception):
    """A line cannot be kept; the message is a French sentence that says what to correct."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact as the address book keeps it: every text is clean and bounded."""

    email: str
    name: str = ""
    organisation: str = ""
    actor_type: str | None = None
    region_code: str | None = None
    siret: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        """Return the columns of the contact."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Known:
    """The words that a file may use: plain name or code -> code."""

    actor_types: Mapping[str, str]
    regions: Mapping[str, str]

    @classmethod
    def of(
        cls, actor_types: Iterable[tuple[str, str]], regions: Iterable[tuple[str, str]]
    ) -> Known:
        """Build it from pairs (code, French name)."""
        words = _by_word(regions)
        usual = {word: code for word, code in USUAL.items() if code in words.values()}
        return cls(_by_word(actor_types), {**usual, **words, **ELSEWHERE, **ABROAD})


def _by_word(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    words: dict[str, str] = {}
    for code, name in pairs:
        words[plain(name)] = code
        words[plain(code)] = code
    return words


def read_line(cells: Sequence[str], columns: Columns, known: Known) -> NewContact:
    """Return the contact of a line.

    Raises:
        Wrong: a cell cannot be kept as it is.
    """
    typed, owner = owned(columns.cell(cells, "email"))
    called = f"{columns.cell(cells, 'first_name')} {columns.cell(cells, 'name')}"
    return NewContact(
        email=address(typed),
        name=name(called if called.strip() else owner),
        organisation=line_of("organisme", columns.cell(cells, "organisation")),
        actor_type=actor_type(columns.cell(cells, "actor_type"), known),
        region_code=region(columns.cell(cells, "region"), known),
        siret=siret(columns.cell(cells, "siret")),
        attributes={
            title: line_of(title, value, LONGEST_ATTRIBUTE)
            for title, value in columns.others(cells).items()
        },
    )


def owned(typed: str) -> tuple[str, str]:
    """Return an address as typed, and the name beside it: « Zoé Lê <zoe@pole.fr> »."""
    found = _NAMED.fullmatch(typed) or _COMMENTED.fullmatch(typed)
    if found is None:
        return typed, ""
    owner = found["name"].strip(" \"'«»\u00a0")
    return found["address"], "" if "@" in owner else owner


def like_address(typed: str) -> bool:
    """Whether a cell is an address and nothing else, however it is written."""
    return _LIKE.fullmatch(owned(typed)[0].strip(_AROUND)) is not None


def address(typed: str) -> str:
    """Return a clean address; raise :class:`Wrong` when it cannot be one."""
    if not typed:
        raise Wrong(f"L’adresse manque{NBSP}: ajoutez-la, par exemple prenom.nom@organisme.fr")
    bare = re.sub(r"^mailto:|\s+(?=@)|(?<=@)\s+", "", typed.strip(_AROUND), flags=re.IGNORECASE)
    if bare.count("@") > 1:
        raise Wrong(
            f"«{NBSP}{shown(typed)}{NBSP}» contient plusieurs adresses{NBSP}: gardez-en une"
        )
    if bare.count("@") == 1 and not bare.partition("@")[0].isascii():
        raise Wrong(f"«{NBSP}{shown(typed)}{NBSP}» a un accent avant le @{NBSP}: retapez l’adresse")
    try:
        return clean_email(bare)
    except Refusal:
        raise Wrong(
            f"«{NBSP}{shown(typed)}{NBSP}» n’est pas une adresse{NBSP}: corrigez-la, "
            "par exemple prenom.nom@organisme.fr"
        ) from None


def name(typed: str) -> str:
    """Return a name on one line; raise :class:`Wrong` when it is too long or hides something."""
    return line_of("nom", typed, LONGEST_NAME)


def line_of(what: str, typed: str, longest: int = LONGEST_ORGANISATION) -> str:
    """Return a text on one line; ``what`` names it in the refusal."""
    text = " ".join(typed.split())
    if len(text) > longest:
        raise Wrong(f"«{NBSP}{shown(what)}{NBSP}» dépasse {longest} caractères{NBSP}: abrégez")
    if not text.isprintable():
        raise Wrong(f"«{NBSP}{shown(what)}{NBSP}» contient un caractère invisible{NBSP}: retapez")
    return text


def actor_type(typed: str, known: Known) -> str | None:
    """Return the code of a type of actor, written as a code or as a French name."""
    return _word(f"Le type «{NBSP}{{}}{NBSP}» est inconnu", typed, known.actor_types)


def region(typed: str, known: Known) -> str | None:
    """Return the code of a region, written as a code or as a name."""
    digits = typed.zfill(2) if typed.isdecimal() else typed
    return _word(f"La région «{NBSP}{{}}{NBSP}» est inconnue", digits, known.regions)


def siret(typed: str) -> str | None:
    """Return the 14 digits of a SIRET; raise :class:`Wrong` when its key is wrong."""
    if not typed:
        return None
    try:
        return clean_siret(typed)
    except Refusal:
        hint = ""
        if "e+" in typed.casefold():
            hint = f" Le tableur l’a arrondi{NBSP}: mettez la colonne au format texte."
        raise Wrong(
            f"«{NBSP}{shown(typed)}{NBSP}» n’est pas un SIRET{NBSP}: "
            f"saisissez ses 14 chiffres, ou videz la case.{hint}".removesuffix(".")
        ) from None


def _word(unknown: str, typed: str, words: Mapping[str, str]) -> str | None:
    if not typed:
        return None
    code = words.get(plain(typed))
    if code is None:
        raise Wrong(
            f"{unknown.format(shown(typed))}{NBSP}: utilisez un mot du fichier modèle, "
            "ou videz la case"
        )
    return code


def shown(text: str) -> str:
    """Return what can be shown of a typed text inside a sentence."""
    clean = "".join(character if character.isprintable() else "·" for character in text)
    return clean if len(clean) <= 60 else f"{clean[:59]}…"
