"""Two organisations become one: which response remains, and what is said of it beforehand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consultation.accounts.rules.organisations import clean_siret, siren_of
from consultation.accounts.rules.refusal import Refusal
from consultation.coauthors.rules.joining import MOST_PEOPLE
from consultation.consultations.rules import Refused
from consultation.web.typography import NBSP

WRONG_SIREN = f"Vérifiez ce numéro{NBSP}: saisissez les 9 chiffres d’un SIREN, ou 14 d’un SIRET"
NO_ACCOUNT = (
    "Aucun compte confirmé n’a cette adresse. Demandez à la personne de créer un compte, "
    "puis recommencez"
)
ITSELF = "Choisissez deux contributions différentes"
OVER = "Choisissez des contributions qui n’ont pas déjà été reprises"
CLOSED = (
    f"Échangez les deux organismes{NBSP}: la consultation est terminée, et seule la contribution "
    "qui disparaîtrait a été envoyée"
)
TOO_MANY = (
    f"Demandez d’abord aux signataires de retirer des personnes{NBSP}: réunies, les deux équipes "
    f"en auraient plus de {MOST_PEOPLE}"
)
ALREADY = (
    f"Une contribution officielle existe déjà pour ce SIREN{NBSP}: réunissez plutôt les deux "
    "organismes"
)

NOT_HELD = "Choisissez une contribution reprise dont le SIREN n’est pas déjà libéré"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two responses. ``sections``: keys of those that were saved; ``people``: numbers of
    its co-authors."""

    response_id: int
    sent: bool
    merged: bool
    sections: frozenset[str]
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a merger does: people who come, sections copied, and whether somebody must sign."""

    joining: Sequence[int]
    copied: Sequence[str]
    kept_apart: Sequence[str]
    to_sign: bool
    keeps_roles: bool


def merged(kept: Side, gone: Side, *, open_now: bool) -> Outcome:
    """Return what happens when ``kept`` takes ``gone`` over; raise :class:`Refused` when it cannot.

    The roles of those who come are kept only when nobody is there to name them.
    """
    if kept.response_id == gone.response_id:
        raise Refused("into", ITSELF)
    if kept.merged or gone.merged:
        raise Refused("into", OVER)
    if gone.sent and not kept.sent and not open_now:
        raise Refused("into", CLOSED)
    if len(kept.people | gone.people) > MOST_PEOPLE:
        raise Refused("into", TOO_MANY)
    return Outcome(
        joining=sorted(gone.people - kept.people),
        copied=sorted(gone.sections - kept.sections),
        kept_apart=sorted(gone.sections & kept.sections),
        to_sign=gone.sent and not kept.sent,
        keeps_roles=not kept.people,
    )


def clean_siren(typed: str) -> str:
    """Return the nine digits of a SIREN, typed alone or in a SIRET; raise :class:`Refusal`."""
    digits = "".join(typed.replace(".", " ").split())
    if len(digits) == 14:
        return siren_of(clean_siret(digits))
    # Here and not above: 1 MB that no other page uses.
    from stdnum.fr import siren

    known = digits.isascii() and len(digits) == 9 and bool(digits.strip("0"))
    if not known or not siren.is_valid(digits):
        raise Refusal(WRONG_SIREN)
    return digits
