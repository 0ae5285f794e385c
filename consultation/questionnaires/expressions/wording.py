"""French words for values: numbers, dates, lists, and the small words that change before them."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from consultation.questionnaires.expressions.errors import NBSP
from consultation.questionnaires.expressions.values import as_date

_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)


def in_quotes(text: str) -> str:
    return f"«{NBSP}{text}{NBSP}»"


def french_number(value: int | float) -> str:
    """1250.5 is « 1 250,5 »."""
    plain = format(Decimal(repr(value)), "f")
    plain = re.sub(r"\.0+\Z", "", plain)
    whole, _, decimals = plain.partition(".")
    grouped = re.sub(r"(?<=[0-9])(?=([0-9]{3})+\Z)", NBSP, whole)
    return f"{grouped},{decimals}" if decimals else grouped


def french_date(text: str) -> str | None:
    """« le 7 mars 2022 », « mars 2022 » or « 2022 », as precise as the text; None if not a date."""
    day = as_date(text)
    if day is None:
        return None
    parts = [str(day.year), _MONTHS[day.month - 1], "1er" if day.day == 1 else str(day.day)]
    said = " ".join(reversed(parts[: text.count("-") + 1]))
    return f"le {said}" if text.count("-") == 2 else said


def listed(parts: Sequence[str], word: str) -> str:
    """« a, b et c »."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def of(what: str) -> str:
    """« de X », « du X », « d’X »."""
    if what.startswith("le "):
        return f"du {what[3:]}"
    return f"d’{what}" if re.match(r"[aeiouyhéèê]", what) else f"de {what}"


def to(what: str) -> str:
    """« à X », « au X »."""
    return f"au {what[3:]}" if what.startswith("le ") else f"à {what}"


def said(verb: str, holds: bool) -> str:
    """« est avant », or « n’est pas avant » when it does not hold."""
    first, _, rest = verb.partition(" ")
    negation = f"n’{first}" if first[0] in "aeiouyéê" else f"ne {first}"
    return verb if holds else f"{negation} pas {rest}".rstrip()


def has_answer(holds: bool) -> str:
    return "a une réponse" if holds else "n’a pas de réponse"


PHRASES: dict[str, Callable[[Sequence[str]], str]] = {
    "count": lambda a: f"le nombre de réponses {' '.join([*a[1:], to(a[0])])}",
    "rank": lambda a: f"le rang {of(a[1])} dans {a[0]}",
    "sum": lambda a: f"la somme {of(listed(a, 'et'))}",
    "min": lambda a: f"le plus petit nombre parmi {listed(a, 'et')}",
    "max": lambda a: f"le plus grand nombre parmi {listed(a, 'et')}",
    "round": lambda a: f"l’arrondi {of(a[0])}" + "".join(f" à {n} décimales" for n in a[1:]),
    "abs": lambda a: f"la valeur absolue {of(a[0])}",
    "length": lambda a: f"la longueur {of(a[0])}",
    "lower": lambda a: f"{a[0]} en minuscules",
    "upper": lambda a: f"{a[0]} en majuscules",
    "concat": lambda a: f"le texte formé {of(listed(a, 'et'))}",
    "date": lambda a: a[0],
    "today": lambda a: "aujourd’hui",
    "year": lambda a: f"l’année {of(a[0])}",
    "month": lambda a: f"le mois {of(a[0])}",
    "days_between": lambda a: f"le nombre de jours entre {a[0]} et {a[1]}",
    "number": lambda a: a[0],
    "text": lambda a: a[0],
}
"""How to name the result of each function, from the names of its arguments."""
