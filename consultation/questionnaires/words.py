"""The few words the platform itself writes inside a question, in the language of the question."""

from __future__ import annotations

from collections.abc import Mapping

_FRENCH = {
    "optional": "facultatif",
    "why": "Pourquoi cette question",
    "error": "Erreur\u00a0: ",
    "details": "Précisez votre réponse",
    "choose": "Choisissez dans la liste",
    "no_answer": "Sans réponse",
    "most": "{n} réponses au plus",
    "least": "{n} réponses au moins",
    "exactly": "{n} réponses exactement",
    "from_to": "De {n} à {most} réponses",
    "rank": "Classez {n} propositions, de la plus importante à la moins importante",
    "rank_up_to": "Classez {n} propositions au plus, la plus importante en premier",
    "ranked": "Votre classement",
    "unranked": "À classer",
    "nothing_ranked": "Aucune proposition classée.",
    "add": "Classer",
    "up": "Monter",
    "down": "Descendre",
    "remove": "Retirer",
    "nothing_offered": "Rien à choisir pour le moment\u00a0: tout vient d’une autre réponse.",
    "day": "Jour",
    "month": "Mois",
    "year": "Année",
    "example": "Par exemple {text}",
    "characters": "{n} caractères au maximum",
    "total": "Le total des lignes doit faire {total}.",
    "files": "{formats}, {size}\u00a0Mo au maximum",
    "attached": "Fichier joint",
    "filter": "Chercher dans la liste",
    "or": " ou ",
    "colon": "\u00a0: ",
}
_ENGLISH = {
    "optional": "optional",
    "why": "Why this question",
    "error": "Error: ",
    "details": "Give details",
    "choose": "Choose from the list",
    "no_answer": "No answer",
    "most": "Up to {n} answers",
    "least": "At least {n} answers",
    "exactly": "Exactly {n} answers",
    "from_to": "From {n} to {most} answers",
    "rank": "Rank {n} items, from the most to the least important",
    "rank_up_to": "Rank up to {n} items, the most important first",
    "ranked": "Your ranking",
    "unranked": "To be ranked",
    "nothing_ranked": "No item ranked.",
    "add": "Rank",
    "up": "Move up",
    "down": "Move down",
    "remove": "Remove",
    "nothing_offered": "Nothing to choose yet: the items come from another answer.",
    "day": "Day",
    "month": "Month",
    "year": "Year",
    "example": "For example {text}",
    "characters": "{n} characters at most",
    "total": "The rows must add up to {total}.",
    "files": "{formats}, {size}\u00a0MB at most",
    "attached": "Attached file",
    "filter": "Search the list",
    "or": " or ",
    "colon": ": ",
}


def words(language: str) -> Mapping[str, str]:
    """Return the words in ``language``: French, or English for every other language."""
    return _FRENCH if language == "fr" else _ENGLISH
