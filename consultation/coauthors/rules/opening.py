"""Whether a person may answer in the name of an organisation. Pure."""

from __future__ import annotations

from consultation.consultations.rules import Refused

ABROAD = "etranger"
"""The region of an organisation that has no SIREN because it is not in France."""

NO_ORGANISATION = (
    "Complétez d’abord votre profil avec le nom de votre organisme pour répondre en son nom."
)
NO_SIREN = (
    "Ajoutez d’abord le SIRET de votre organisme à votre profil\u00a0: "
    "il garantit une seule réponse officielle par organisme."
)
TAKEN = (
    "Une contribution officielle existe déjà pour ce SIREN\u00a0: demandez à la rejoindre, "
    "ou répondez à titre personnel."
)
ABSORBED = (
    "Votre organisme répond avec un autre, dont la contribution a repris la sienne\u00a0: demandez "
    "à la rejoindre, ou répondez à titre personnel."
)

TAKEN_ABROAD = (
    "Une contribution officielle de votre organisme existe déjà dans cette consultation. "
    "Répondez à titre personnel, ou demandez une invitation à la personne qui l’a ouverte."
)


def check_opening(named: bool, siren: str | None, region: str | None) -> None:
    """Raise :class:`Refused` unless the organisation of the profile can be told from others."""
    if not named:
        raise Refused("organisation", NO_ORGANISATION)
    if siren is None and region != ABROAD:
        raise Refused("siren", NO_SIREN)
