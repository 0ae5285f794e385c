"""Which exports exist, what each is for, when a purpose is needed, when a file is over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

STATES: Final = ("waiting", "running", "done", "failed", "expired")
KEPT: Final = timedelta(days=7)
LARGE: Final = 20_000
"""Submissions above which an export of individual answers is made in the background."""
STUCK: Final = timedelta(minutes=30)
SHORTEST_PURPOSE: Final = 10
LONGEST_PURPOSE: Final = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of export, as the page presents it."""

    label: str
    use: str
    extension: str
    media_type: str
    individual: bool = False


KINDS: Final[dict[str, Kind]] = {
    "aggregated_xlsx": Kind(
        "Résultats agrégés, classeur",
        "Une feuille par partie, pour lire et mettre en forme dans un tableur.",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "aggregated_csv": Kind(
        "Résultats agrégés, données ouvertes",
        "CSV à virgules, décimales à point, schéma publié\u00a0: pour un portail ou un programme.",
        "csv",
        "text/csv",
    ),
    "aggregated_csv_fr": Kind(
        "Résultats agrégés, CSV pour Excel",
        "CSV à points-virgules, décimales à virgule\u00a0: s’ouvre dans Excel en français.",
        "csv",
        "text/csv",
    ),
    "codebook_csv": Kind(
        "Dictionnaire des variables",
        "Une ligne par colonne de l’export individuel\u00a0: nom, libellé, type, valeurs.",
        "csv",
        "text/csv",
    ),
    "individual_csv": Kind(
        "Réponses individuelles",
        "Une ligne par contribution, sans nom ni courriel. Le motif est inscrit au journal.",
        "csv",
        "text/csv",
        individual=True,
    ),
}


class RefusedExportError(Exception):
    """An export cannot be asked for; the message is a French sentence."""


def check(kind: str, purpose: str) -> None:
    """Refuse an export of an unknown kind, or of individual answers without a purpose.

    Raises:
        RefusedExportError: and why.
    """
    if kind not in KINDS:
        raise RefusedExportError("Choisissez un des exports de la liste.")
    if KINDS[kind].individual and len(purpose) < SHORTEST_PURPOSE:
        raise RefusedExportError(
            "Indiquez à quoi serviront ces réponses, en une phrase de dix caractères au moins."
        )
    if len(purpose) > LONGEST_PURPOSE:
        raise RefusedExportError("Raccourcissez le motif\u00a0: 500 caractères au plus.")


def in_background(kind: str, submissions: int) -> bool:
    """Say whether an export is long enough to be made apart.

    Masking every table of a questionnaire takes seconds when nobody has read them yet.
    """
    return kind.startswith("aggregated") or (KINDS[kind].individual and submissions > LARGE)


def is_over(expires_at: datetime | None, now: datetime) -> bool:
    """Say whether the link of an export has expired."""
    return expires_at is not None and now >= expires_at


def file_name(slug: str, kind: str, made: datetime) -> str:
    """Return the name a browser gives to the file."""
    return f"{slug}-{kind.replace('_', '-')}-{made:%Y-%m-%d}.{KINDS[kind].extension}"
