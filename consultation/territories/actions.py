"""Load the official lists; the caller commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from consultation.db import Base, upsert
from consultation.territories.models import Cluster, Territory
from consultation.territories.reading import rows

MERGED = ("27", "28", "32", "44", "75", "76", "84")
MERGER = date(2016, 1, 1)
"""The seven regions made of older ones, and the day they were; the others keep an open start."""

FOURTH_PHASE, FIFTH_PHASE = date(2019, 1, 1), date(2023, 1, 1)
"""First years of two phases of the policy. The label is given by the year, not by the day."""


def load(session: Session) -> dict[str, int]:
    """Write the 18 regions and the clusters of the data files; doing it again changes nothing.

    Return how many rows of each were written or confirmed.
    """
    regions, clusters = list(_regions()), list(_clusters())
    _write(session, Territory, regions, ["kind", "code"])
    _write(session, Cluster, clusters, ["slug"])
    return {"regions": len(regions), "clusters": len(clusters)}


def _write(
    session: Session, table: type[Base], values: list[dict[str, Any]], key: list[str]
) -> None:
    statement = upsert(session, table).values(values)
    changed = {name: statement.excluded[name] for name in values[0] if name not in key}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))


def _regions() -> Iterable[dict[str, Any]]:
    for row in rows("regions.csv"):
        yield {
            "kind": "region",
            "code": row["code_insee"],
            "name": row["nom"].replace("'", "’"),
            "zone": row["zone"],
            "status": row["statut"],
            "seat": row["chef_lieu"],
            "valid_from": MERGER if row["code_insee"] in MERGED else None,
            "valid_until": None,
        }


def _clusters() -> Iterable[dict[str, Any]]:
    for row in rows("poles.csv"):
        before = row["label_2022"] == "oui"
        yield {
            "slug": row["slug"],
            "name": row["nom"].replace("'", "’"),
            "other_name": row["autre_nom"].replace("'", "’") or None,
            "seat": row["ville_siege"],
            "seat_region_code": row["region_siege_code_insee"],
            "region_codes": row["regions_code_insee"].split("|"),
            "sector": row["secteur"],
            "theme": row["thematique"],
            "note": row["note"] or None,
            "valid_from": FOURTH_PHASE if before else FIFTH_PHASE,
            "valid_until": FIFTH_PHASE.replace(year=2023 + _years(row["phase5_2023"])),
        }


def _years(label: str) -> int:
    """Return how many years a label of the fifth phase lasts: « 4ans » is 4, « non » is 0."""
    return int(label[0]) if label[:1].isdigit() else 0
