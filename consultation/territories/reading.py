"""The data files of the room: regions, clusters, kinds of actors."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"
INDIVIDUAL = "particulier"
"""The code of someone who answers in their own name."""


@dataclass(frozen=True, slots=True)
class ActorType:
    """What a respondent is: ``group`` gathers the 21 types into 7."""

    code: str
    french: str
    english: str
    group: str


@cache
def actor_types() -> Mapping[str, ActorType]:
    """Return every type of actor by its code, in the order they are offered."""
    return {
        row["code"]: ActorType(
            code=row["code"],
            french=row["libelle_fr"],
            english=row["label_en"],
            group=row["groupe"],
        )
        for row in rows("acteurs.csv")
    }


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file, by the names of its columns."""
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
