"""Organisations: bands of headcount and SIRET numbers."""

from __future__ import annotations

from consultation.accounts.rules.refusal import Refusal
from consultation.web.typography import NBSP

SIZES = {
    "micro": "Moins de 10 salariés",
    "pme": "10 à 249 salariés",
    "eti": f"250 à 4{NBSP}999 salariés",
    "ge": f"5{NBSP}000 salariés et plus",
}
"""Bands of headcount of an organisation."""

WRONG_LENGTH = "Saisissez les 14 chiffres du SIRET, par exemple 55210055400013"
WRONG_NUMBER = f"Vérifiez le SIRET, chiffre par chiffre{NBSP}: ce numéro n’existe pas"


def clean_siret(typed: str) -> str:
    """Return the 14 digits of a SIRET; raise :class:`Refusal` when its key is wrong.

    The establishments of La Poste have a key of their own.
    """
    digits = "".join(typed.replace(".", " ").split())
    if len(digits) != 14 or not (digits.isascii() and digits.isdigit()):
        raise Refusal(WRONG_LENGTH)
    # Here and not above: 1 MB that no other page uses.
    from stdnum.fr import siret

    if not siret.is_valid(digits) or not digits.strip("0"):
        raise Refusal(WRONG_NUMBER)
    return digits


def siren_of(siret_number: str) -> str:
    """Return the nine digits that name the company of an establishment."""
    return siret_number[:9]
