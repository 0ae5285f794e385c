"""The privacy notice of a consultation: nine items, and rights that follow the legal basis. Pure.

A sheet of the French data protection authority asks for these items at the point of collection;
articles 6, 13, 20 and 21 of the GDPR say which right goes with which basis.
"""

from __future__ import annotations

from typing import Protocol

BASES = {
    "legitimate_interest": "Intérêt légitime de l’organisateur (RGPD, article 6.1.f)",
    "public_task": "Mission d’intérêt public (RGPD, article 6.1.e)",
    "consent": "Consentement de la personne (RGPD, article 6.1.a)",
}
"""The legal bases that a consultation may rest on."""

_RIGHTS = {
    "legitimate_interest": ("d’accès", "de rectification", "d’effacement", "de limitation"),
    "public_task": ("d’accès", "de rectification", "de limitation"),
    "consent": ("d’accès", "de rectification", "d’effacement", "de limitation", "à la portabilité"),
}
_OPPOSED = (
    "Vous pouvez aussi vous opposer au traitement, pour des raisons tenant à votre situation."
)
_WITHDRAWN = "Vous pouvez retirer votre consentement à tout moment."

DEFAULT_RETENTION = (
    "Brouillons : 30 jours après la clôture. Identités : 12 mois après la synthèse. "
    "Réponses sans identité : conservées avec les résultats."
)
DEFAULT_RECIPIENTS = (
    "L’équipe de la consultation et l’hébergeur du site. Aucune donnée n’est vendue ni cédée."
)


class Noticed(Protocol):
    """What the notice is made from."""

    @property
    def organiser(self) -> str: ...
    @property
    def contact(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def legal_basis(self) -> str: ...
    @property
    def privacy_notice(self) -> str: ...
    @property
    def recipients(self) -> str: ...
    @property
    def retention(self) -> str: ...
    @property
    def data_protection_contact(self) -> str: ...


def rights(legal_basis: str) -> str:
    """Return the sentence that lists the rights of a person under ``legal_basis``."""
    *first, last = _RIGHTS[legal_basis]
    listed = f"Vous disposez des droits {', '.join(first)} et {last}."
    return f"{listed} {_WITHDRAWN if legal_basis == 'consent' else _OPPOSED}"


def privacy_notice(consultation: Noticed) -> list[tuple[str, str]]:
    """Return the nine items: (title, text)."""
    contact = consultation.data_protection_contact or consultation.contact
    return [
        ("Responsable du traitement", f"{consultation.organiser}, {consultation.contact}"),
        ("Finalité", consultation.purpose),
        ("Base légale", BASES[consultation.legal_basis]),
        ("Réponses obligatoires ou facultatives", _COMPULSORY),
        ("Destinataires", consultation.recipients),
        ("Durée de conservation", consultation.retention),
        ("Vos droits", f"{rights(consultation.legal_basis)} Écrivez à {contact}."),
        ("Délégué à la protection des données", contact),
        ("Réclamation", _COMPLAINT),
    ]


_COMPULSORY = (
    "Participer est facultatif. Dans le questionnaire, les questions sans la mention "
    "«\u00a0facultatif\u00a0» sont nécessaires à l’envoi."
)
_COMPLAINT = (
    "Vous pouvez introduire une réclamation auprès de la CNIL, 3 place de Fontenoy, 75007 Paris, "
    "ou sur cnil.fr."
)
