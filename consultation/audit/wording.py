"""What the journal says in French. A word that has no sentence is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_sentences: dict[str, str] = {
    # people
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
    # consultations
    "create_consultation": "a créé la consultation",
    "set_texts": "a modifié les textes",
    "set_schedule": "a modifié les dates ou le mode",
    "extend": "a prolongé la consultation",
    "set_safeguards": "a modifié les seuils de secret",
    "set_version": "a choisi le questionnaire",
    "set_milestones": "a modifié les étapes",
    "open_consultation": "a ouvert la consultation à son heure",
    "close_consultation": "a clos la consultation à son heure",
    "publish_consultation": "a publié la consultation",
    "publish_version": "a publié le questionnaire",
    "add_document": "a ajouté un document",
    "remove_document": "a retiré un document",
    # contributions
    "start_response": "a commencé une contribution",
    "submit_response": "a envoyé une contribution",
    "withdraw_response": "a retiré sa contribution",
    "delete_draft": "a supprimé son brouillon",
    "add_comment": "a écrit un commentaire",
    "confirm_comment": "a confirmé un commentaire",
    "edit_comment": "a modifié son commentaire",
    "moderate": "a décidé d’un commentaire",
    # the site
    "load_demonstration": "a chargé la démonstration",
    "export_journal": "a exporté le journal",
}

_subjects = {
    "user": "compte",
    "consultation": "consultation",
    "comment": "commentaire",
    "response": "contribution",
    "document": "document",
    "questionnaire_version": "questionnaire",
    "journal": "journal",
    "site": "site",
}


def describe(sentences: Mapping[str, str], subjects: Mapping[str, str] | None = None) -> None:
    """Add the words of a room: verb -> what follows the name of who did it; subject -> noun."""
    _sentences.update(sentences)
    _subjects.update(subjects or {})


def sentence(verb: str) -> str:
    """Return what follows the name of who did it."""
    return _sentences.get(verb, verb)


def noun(subject: str) -> str:
    """Return what the event is about, in one word."""
    return _subjects.get(subject, subject)


def details_line(details: Mapping[str, Any]) -> str:
    """Return the details of an event on one line; what is empty is left out."""
    shown = ((name, _plain(value)) for name, value in details.items())
    return ", ".join(f"{name} = {value}" for name, value in shown if value)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " + ".join(str(item) for item in value)
    return "" if value is None else str(value)
