"""Read the territories and the clusters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from consultation.territories.models import Cluster, Territory


def regions(session: Session, on: date | None = None) -> Sequence[Territory]:
    """Return the regions by name; only those valid on a day when ``on`` is given."""
    statement = select(Territory).where(Territory.kind == "region", *_valid(Territory, on))
    return sorted(session.scalars(statement), key=lambda region: _alphabetical(region.name))


def clusters(session: Session, on: date | None = None) -> Sequence[Cluster]:
    """Return the clusters by name; only those with a label on a day when ``on`` is given."""
    statement = select(Cluster).where(*_valid(Cluster, on))
    return sorted(session.scalars(statement), key=lambda cluster: _alphabetical(cluster.name))


def _valid(table: type[Territory] | type[Cluster], on: date | None) -> list[ColumnElement[bool]]:
    if on is None:
        return []
    return [
        or_(table.valid_from.is_(None), table.valid_from <= on),
        or_(table.valid_until.is_(None), table.valid_until > on),
    ]


_FLAT = str.maketrans("àâäéèêëîïôöùûüçÉÈÊÎÔÀÂ", "aaaeeeeiioouuuceeeioaa")


def _alphabetical(name: str) -> str:
    return name.translate(_FLAT).casefold()
