"""Individual answers: one row per submission, without name or address; and their codebook.

The columns depend on the questionnaire alone: those of every version that was published for the
consultation, the current one first, without the questions that are never published. What was never
to be published when it was answered, or is not to be any more, does not leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.kinds.question import Column, say

PARIS = ZoneInfo("Europe/Paris")
FIXED: Final = (
    Column("contribution", "Numéro d’ordre dans cet export", "integer"),
    Column("envoyee_le", "Jour de l’envoi, heure de Paris", "date"),
    Column("nature", "Contribution officielle d’un organisme, ou personnelle", "text"),
    Column("profil_type", "Type d’acteur du profil", "text"),
    Column("profil_region", "Code Insee de la région du profil", "text"),
    Column("version", "Version du questionnaire", "text"),
)
NATURES: Final = (
    "officielle = signée pour un organisme, une par SIREN | personnelle = d’une personne"
)
CODEBOOK: Final = ("colonne", "libelle", "type", "question", "valeurs", "condition")


def exported(version: CompiledVersion, current: CompiledVersion) -> Iterator[Item]:
    """Yield the questions of ``version`` whose answers may leave while ``current`` is in force."""
    for key, item in version.items.items():
        now = current.items.get(key, item)
        if item.name != "statement" and "never" not in (_rule(item), _rule(now)):
            yield item


def _rule(item: Item) -> str:
    return str(item.question.publication)


def columns(versions: Sequence[CompiledVersion]) -> list[Column]:
    """Return every column: the fixed ones, then those of each version, each name once."""
    named: dict[str, Column] = {column.name: column for column in FIXED}
    for version in versions:
        for item in exported(version, versions[0]):
            for column in item.kind.columns(item.resolved):
                named.setdefault(column.name, column)
    return list(named.values())


def row(
    number: int, submission: Any, version: CompiledVersion, current: CompiledVersion
) -> dict[str, Any]:
    """Return the cells of one submission, that answers ``version``, by column name."""
    profile: Mapping[str, Any] = submission.profile
    cells: dict[str, Any] = {
        "contribution": number,
        "envoyee_le": submission.submitted_at.astimezone(PARIS).date().isoformat(),
        "nature": "officielle" if submission.official else "personnelle",
        "profil_type": profile.get("actor_type"),
        "profil_region": profile.get("region"),
        "version": version.digest[:12],
    }
    for item in exported(version, current):
        names = (column.name for column in item.kind.columns(item.resolved))
        cells.update(zip(names, item.kind.cells(item.resolved, submission.answers), strict=True))
    return cells


def codebook(versions: Sequence[CompiledVersion]) -> Iterator[dict[str, str]]:
    """Yield one line per column of :func:`columns`."""
    for column in FIXED:
        values = NATURES if column.name == "nature" else ""
        yield {
            "colonne": column.name,
            "libelle": column.label,
            "type": column.type,
            "valeurs": values,
        }
    seen: set[str] = set()
    for version in versions:
        for item in exported(version, versions[0]):
            for column in item.kind.columns(item.resolved):
                if column.name not in seen:
                    seen.add(column.name)
                    yield _described(item, column)


def _described(item: Item, column: Column) -> dict[str, str]:
    values = ""
    if column.type == "boolean":
        values = "1 = oui | 0 = non"
    elif column.type == "text" and not column.name.endswith("_other"):
        values = " | ".join(f"{o.value} = {say(o.label)}" for o in item.resolved.options)
    return {
        "colonne": column.name,
        "libelle": column.label,
        "type": column.type,
        "question": str(item.number),
        "valeurs": values,
        "condition": item.question.relevant or "",
    }
