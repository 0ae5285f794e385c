"""The letters of the accounts: subject and text, in French, with public addresses only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from consultation.web.typography import NBSP


@dataclass(frozen=True, slots=True)
class Pass:
    """A link and its code, valid for a quarter of an hour."""

    address: str
    code: str

    @property
    def spaced_code(self) -> str:
        return f"{self.code[:3]} {self.code[3:]}"


Letter = Callable[[str, Pass], tuple[str, str]]

_HOW = f"""Ouvrez ce lien{NBSP}:

{{0.address}}

Ou saisissez ce code sur la page restée ouverte{NBSP}:

    {{0.spaced_code}}

Le lien et le code sont valables 15 minutes et ne servent qu’une fois.
"""

_IGNORE = """Si cette demande ne vient pas de vous, ignorez ce courriel : rien ne se passe.
""".replace(" :", f"{NBSP}:")


def sign_in(name: str, given: Pass) -> tuple[str, str]:
    """The link that someone with an account asked for."""
    opening = (
        f"Bonjour {name},\n\nVous avez demandé à vous connecter aux Consultations des Régions."
    )
    return "Votre lien de connexion", _letter(opening, given)


def confirm(_name: str, given: Pass) -> tuple[str, str]:
    """The link that confirms the address of a new account.

    Without the name: whoever typed it may be writing to somebody else.
    """
    opening = (
        "Bonjour,\n\nUn compte vient d’être créé avec cette adresse sur les Consultations "
        "des Régions. Confirmez qu’elle est la vôtre."
    )
    return "Confirmez votre adresse", _letter(opening, given)


def already(name: str, given: Pass) -> tuple[str, str]:
    """What someone who has an account receives when their address is used to create one."""
    opening = (
        f"Bonjour {name},\n\nVotre adresse vient d’être utilisée pour créer un compte sur les "
        "Consultations des Régions. Vous en avez déjà un : connectez-vous avec ce courriel."
    ).replace(" :", f"{NBSP}:")
    return "Vous avez déjà un compte", _letter(opening, given)


def password_changed(name: str, base: str) -> tuple[str, str]:
    """The notice of a change of password."""
    text = (
        f"Bonjour {name},\n\nLe mot de passe de votre compte vient de changer, et vos autres "
        "appareils ont été déconnectés.\n\nSi ce n’est pas vous, connectez-vous avec un lien reçu "
        f"par courriel, puis choisissez un autre mot de passe{NBSP}:\n\n{base}/connexion\n"
    )
    return "Votre mot de passe a changé", text


def second_factor_set_up(name: str, base: str) -> tuple[str, str]:
    """The notice of a new second factor."""
    text = (
        f"Bonjour {name},\n\nLa double authentification de votre compte vient d’être activée. "
        "Un code de votre application sera demandé à chaque connexion.\n\nSi ce n’est pas vous, "
        f"écrivez-nous sans attendre{NBSP}:\n\n{base}/aide\n"
    )
    return "Double authentification activée", text


def _letter(opening: str, given: Pass) -> str:
    return f"{opening}\n\n{_HOW.format(given)}\n{_IGNORE}"
