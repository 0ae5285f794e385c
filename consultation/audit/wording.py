"""What the journal says in French. A verb without a sentence is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping

_sentences: dict[str, str] = {
    "sign_up": "a créé son compte",
    "confirm": "a confirmé son adresse",
    "sign_in": "s’est connecté",
    "change_profile": "a modifié son profil",
    "change_password": "a changé son mot de passe",
    "end_sessions": "a fermé toutes les sessions",
    "grant": "a donné un rôle",
    "revoke": "a retiré un rôle",
    "enrol_second_factor": "a activé la double authentification",
    "reset_second_factor": "a réinitialisé la double authentification",
    "use_recovery_code": "a utilisé un code de secours",
    "export_journal": "a exporté le journal",
}


def describe(sentences: Mapping[str, str]) -> None:
    """Add the sentences of a room: verb -> what follows the name of who did it."""
    _sentences.update(sentences)


def sentence(verb: str) -> str:
    """Return what follows the name of who did it."""
    return _sentences.get(verb, verb)
