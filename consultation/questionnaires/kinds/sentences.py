"""The sentences said about an answer, in French and in English."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "required": ("répondez à cette question", "answer this question"),
    "choose": ("choisissez une réponse", "choose an answer"),
    "choose_some": ("choisissez au moins une réponse", "choose at least one answer"),
    "not_in_list": ("choisissez une réponse de la liste", "choose an answer from the list"),
    "too_many": ("choisissez {n} réponses au plus", "choose up to {n} answers"),
    "too_few": ("choisissez {n} réponses au moins", "choose at least {n} answers"),
    "exclusive": (
        "« {option} » ne se combine avec aucune autre réponse",
        "“{option}” cannot be combined with another answer",
    ),
    "other": ("précisez votre réponse « {option} »", "give details for “{option}”"),
    "rows": ("répondez à chaque ligne ; il en manque {n}", "answer every row; {n} missing"),
    "rank_some": ("classez {n} propositions au moins", "rank at least {n} items"),
    "rank_many": ("classez {n} propositions au plus", "rank up to {n} items"),
    "number": (
        "saisissez un nombre en chiffres, par exemple {example}",
        "type a number in figures, for example {example}",
    ),
    "whole": (
        "saisissez un nombre entier, par exemple {example}",
        "type a whole number, for example {example}",
    ),
    "between": (
        "saisissez un nombre compris entre {low} et {high}",
        "type a number between {low} and {high}",
    ),
    "at_least": ("saisissez un nombre supérieur ou égal à {low}", "type a number of {low} or more"),
    "at_most": (
        "saisissez un nombre inférieur ou égal à {high}",
        "type a number of {high} or less",
    ),
    "total": (
        "répartissez exactement {total} ; vous en êtes à {now}",
        "share out exactly {total}; you are at {now}",
    ),
    "too_long": (
        "raccourcissez ce texte : {n} caractères au plus, il en compte {now}",
        "shorten this text: {n} characters at most, it has {now}",
    ),
    "email": (
        "saisissez une adresse électronique, par exemple nom@exemple.fr",
        "type an e-mail address, for example name@example.org",
    ),
    "url": (
        "saisissez une adresse web, par exemple https://exemple.fr",
        "type a web address, for example https://example.org",
    ),
    "siret": (
        "saisissez les 14 chiffres du SIRET ; ce numéro comporte une erreur",
        "type the 14 digits of the SIRET; this number has a mistake",
    ),
    "siren": (
        "saisissez les 9 chiffres du SIREN ; ce numéro comporte une erreur",
        "type the 9 digits of the SIREN; this number has a mistake",
    ),
    "phone": (
        "saisissez un numéro de téléphone, par exemple 01 45 55 82 48",
        "type a telephone number, for example +33 1 45 55 82 48",
    ),
    "regex": ("respectez le format demandé", "follow the format asked for"),
    "date_day": (
        "saisissez un jour, un mois et une année, par exemple 7 3 2022",
        "type a day, a month and a year, for example 7 3 2022",
    ),
    "date_month": (
        "saisissez un mois et une année, par exemple 9 2014",
        "type a month and a year, for example 9 2014",
    ),
    "date_year": ("saisissez une année, par exemple 2014", "type a year, for example 2014"),
    "date_after": ("choisissez une date à partir du {low}", "choose a date from {low}"),
    "date_before": ("choisissez une date jusqu’au {high}", "choose a date until {high}"),
    "files": ("joignez {n} fichiers au plus", "attach up to {n} files"),
    "one_file": ("joignez un seul fichier", "attach one file only"),
    "constraint": (
        "cette réponse ne s’accorde pas avec les autres : vérifiez-la",
        "this answer does not go with the others: check it",
    ),
    "consent": ("cochez la case pour continuer", "tick the box to continue"),
}


def sentence(code: str, language: str = "fr", **values: object) -> str:
    """Return the sentence ``code``, without capital or full stop, with U+00A0 in French.

    Raises:
        KeyError: there is no such sentence.
    """
    french, english = SENTENCES[code]
    if language != "fr":
        return english.format(**values)
    return no_break(french.format(**values))


def no_break(text: str) -> str:
    """Put the no-break spaces of French typography around its punctuation."""
    for mark in (":", ";", "?", "!", "»"):
        text = text.replace(f" {mark}", f"\u00a0{mark}")
    return text.replace("« ", "«\u00a0")
