"""The scales that LimeSurvey builds in, in the languages we know them."""

from __future__ import annotations

from collections.abc import Sequence

from consultation.questionnaires.kinds.question import Text

_LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pt")

YES_NO: dict[str, tuple[str, ...]] = {
    "Y": ("Oui", "Yes", "Ja", "Sí", "Sì", "Ja", "Sim"),
    "N": ("Non", "No", "Nein", "No", "No", "Nee", "Não"),
}
GENDER: dict[str, tuple[str, ...]] = {
    "F": ("Féminin", "Female", "Weiblich", "Femenino", "Femmina", "Vrouw", "Feminino"),
    "M": ("Masculin", "Male", "Männlich", "Masculino", "Maschio", "Man", "Masculino"),
}
UNCERTAIN: dict[str, tuple[str, ...]] = {
    "Y": YES_NO["Y"],
    "U": ("Incertain", "Uncertain", "Unsicher", "Dudoso", "Incerto", "Onzeker", "Incerto"),
    "N": YES_NO["N"],
}
EVOLUTION: dict[str, tuple[str, ...]] = {
    "I": ("Augmente", "Increase", "Zunahme", "Aumentar", "Aumenta", "Toename", "Aumento"),
    "S": ("Identique", "Same", "Gleich", "Igual", "Uguale", "Gelijk", "Igual"),
    "D": ("Diminue", "Decrease", "Abnahme", "Disminuir", "Diminuisce", "Afname", "Diminuição"),
}
OTHER = ("Autre", "Other", "Sonstiges", "Otro", "Altro", "Anders", "Outro")
COMMENT = (
    "commentaire", "comment", "Kommentar", "comentario", "commento", "opmerking", "comentário",
)  # fmt: skip

CORRECT = (
    "corrigez cette réponse", "correct this answer", "bitte korrigieren Sie diese Antwort",
    "corrija esta respuesta", "corregga questa risposta", "corrigeer dit antwoord",
    "corrija esta resposta",
)  # fmt: skip


_LIMITS = {
    ">=": (
        "il faut au moins {n}", "at least {n} needed", "mindestens {n}", "al menos {n}",
        "almeno {n}", "minstens {n}", "pelo menos {n}",
    ),
    "<=": (
        "pas plus de {n}", "no more than {n}", "höchstens {n}", "como máximo {n}",
        "al massimo {n}", "hoogstens {n}", "no máximo {n}",
    ),
    "==": (
        "le total doit être {n}", "the total must be {n}", "die Summe muss {n} sein",
        "el total debe ser {n}", "il totale deve essere {n}", "het totaal moet {n} zijn",
        "o total deve ser {n}",
    ),
}  # fmt: skip


_TODAY = {
    ">=": (
        "à partir d’aujourd’hui", "from today", "ab heute", "desde hoy", "da oggi",
        "vanaf vandaag", "a partir de hoje",
    ),
    "<=": (
        "jusqu’à aujourd’hui", "until today", "bis heute", "hasta hoy", "fino a oggi",
        "tot vandaag", "até hoje",
    ),
}  # fmt: skip


def limit(sign: str, number: str, languages: Sequence[str]) -> Text:
    """Return the sentence about a limit: ``>=``, ``<=`` or ``==`` a number, or ``today()``."""
    words = in_languages((_TODAY if number == "today()" else _LIMITS)[sign], languages)
    return {language: text.format(n=number) for language, text in words.items()}


def built_in(scale: dict[str, tuple[str, ...]], languages: Sequence[str]) -> dict[str, Text]:
    """Return the label of each code of a scale in the languages of a survey."""
    return {code: in_languages(words, languages) for code, words in scale.items()}


def in_languages(words: Sequence[str], languages: Sequence[str]) -> Text:
    """Return words in the languages of a survey; in English when we know none of them."""
    known = dict(zip(_LANGUAGES, words, strict=True))
    short = {language: language.replace("_", "-").split("-")[0].lower() for language in languages}
    found = {language: known[code] for language, code in short.items() if code in known}
    return found or {languages[0]: known["en"]}


def numbered(first: int, last: int, languages: Sequence[str]) -> dict[str, Text]:
    """Return the points of a scale of whole numbers, the same word in every language."""
    return {str(n): {languages[0]: str(n)} for n in range(first, last + 1)}
