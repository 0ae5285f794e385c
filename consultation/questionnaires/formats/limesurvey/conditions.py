"""The conditions that old surveys keep in a table, written as the equation LimeSurvey makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from consultation.questionnaires.formats.limesurvey.comparisons import figure
from consultation.questionnaires.formats.limesurvey.em_tree import Untranslatable
from consultation.questionnaires.formats.limesurvey.source import Row

_METHODS = ("==", "!=", "<", "<=", ">", ">=")


def equation(rows: Sequence[Row], types: dict[str, str]) -> str:
    """Return the equation of the conditions of a question; ``types`` gives the type of each qid.

    The scenarios are alternatives. Inside one, what is said of different answers must all hold,
    and several values of the same answer are alternatives.

    Raises:
        Untranslatable: a condition is about something else than an answer.
    """
    ordered = sorted(rows, key=lambda row: int(figure(row.get("scenario")) or 0))
    scenarios = groupby(ordered, key=lambda row: row.get("scenario", "0"))
    return " or ".join(f"({_scenario(list(group), types)})" for _, group in scenarios)


def _scenario(rows: list[Row], types: dict[str, str]) -> str:
    alternatives: dict[tuple[str, str, int], list[str]] = {}
    for number, row in enumerate(rows):
        field = row.get("cfieldname")
        alone = number if field.startswith("+") else -1
        alternatives.setdefault((row.get("cqid"), field, alone), []).append(_one(row, types))
    return " and ".join(f"({' or '.join(several)})" for several in alternatives.values())


def _one(row: Row, types: dict[str, str]) -> str:
    field, value = row.get("cfieldname"), row.fields.get("value", "")
    method = row.get("method", "==").strip() or "=="
    if field.startswith("{"):
        raise Untranslatable(f"«\u00a0{field[:60]}\u00a0» n’est pas une réponse au questionnaire")
    if types.get(row.get("cqid")) in ("M", "P") and not field.startswith("+"):
        field, value = field + value, "Y"
    name = field.lstrip("+") + ".NAOK"
    if method == "RX":
        pattern = value if re.fullmatch(r"/.*/[a-z]*", value) else f"/{value}/"
        return f"regexMatch({_quoted(pattern)}, {name})"
    if method not in _METHODS:
        raise Untranslatable(f"la comparaison «\u00a0{method[:20]}\u00a0» n’est pas reprise")
    if not value.strip():
        return f"{'!' if method == '!=' else ''}is_empty({name})"
    return f"{name} {method} {_value(value)}"


def _value(value: str) -> str:
    if re.fullmatch(r"@\d+X\d+X\d+.*@", value):
        return value[1:-1] + ".NAOK"
    if re.fullmatch(r"\{.+\}", value):
        return value[1:-1]
    return value if figure(value) is not None else _quoted(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'
