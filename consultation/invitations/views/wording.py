"""How the pages name states: the words and the colour of each tag."""

from __future__ import annotations

FILTERS = {
    "not_invited": "Pas encore invités",
    "not_started": "Pas commencé",
    "draft": "Brouillon",
    "sent": "Envoyée",
    "bounced": "Adresse refusée",
    "unsubscribed": "Désabonnés",
}
PARTICIPATIONS = {
    "none": ("Pas commencé", ""),
    "withdrawn": ("Retirée", ""),
    "draft": ("Brouillon", "warn"),
    "sent": ("Envoyée", "open"),
}
KINDS = {
    "invitation": "Invitation",
    "not_started": "Relance avant de commencer",
    "draft": "Relance des brouillons",
}
CAMPAIGNS = {
    "draft": ("Brouillon", "warn"),
    "scheduled": ("Programmé", "info"),
    "sending": ("En cours", "info"),
    "done": ("Terminé", "open"),
    "cancelled": ("Arrêté", ""),
}
SENDINGS = {
    "posted": ("En attente", "info"),
    "sent": ("Envoyé", "open"),
    "refused": ("Refusé", "error"),
    "given_up": ("Abandonné", "error"),
    "dropped": ("Non envoyé", ""),
    "bounced": ("Revenu", "error"),
}
FIELDS = {
    "email": "adresse",
    "first_name": "prénom",
    "name": "nom",
    "organisation": "organisme",
    "actor_type": "type d’acteur",
    "region": "région",
    "siret": "SIRET",
}
