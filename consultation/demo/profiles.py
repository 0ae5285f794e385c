"""The accounts and organisations of synthetic respondents: rows without any credential."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from consultation.accounts.models import Membership, Organisation, User
from consultation.accounts.rules.organisations import siren_of
from consultation.db import Base
from consultation.demo.answers import Batch, organisation_name
from consultation.demo.registry import siret
from consultation.demo.store import insert_rows, reserve
from consultation.responses.models import Response, ResponseSection, Submission
from consultation.responses.rules import Respondent

REGISTERED = 0.8
"""The share of organisations whose profile holds a SIRET."""

DOMAIN = "demonstration.invalid"
"""A domain that can never exist: nothing is ever sent there."""

NUMBERED = {User: 1, Organisation: 1, Membership: 1, Response: 1, Submission: 2}
"""How many rows of each table a respondent can take at the most."""

TABLES: tuple[type[Base], ...] = (*NUMBERED, ResponseSection)
"""The tables that a batch fills, in the order of their foreign keys."""


@dataclass(slots=True)
class Rows:
    """The rows of one batch by table, and the identifiers reserved for them."""

    identifiers: Mapping[type[Base], Iterator[int]]
    tables: dict[type[Base], list[dict[str, Any]]] = field(
        default_factory=lambda: {model: [] for model in TABLES}
    )
    organisations: dict[int, tuple[int, str | None]] = field(default_factory=dict)

    def add(self, model: type[Base], **values: Any) -> dict[str, Any]:
        """Add a row of ``model`` under the next identifier, and return it."""
        row = {"id": next(self.identifiers[model]), **values}
        self.tables[model].append(row)
        return row


def reserved(session: Session, size: int) -> Rows:
    """Return empty rows with identifiers for ``size`` respondents."""
    return Rows({model: reserve(session, model, n * size) for model, n in NUMBERED.items()})


def write(session: Session, rows: Rows) -> None:
    """Insert every row of a batch."""
    for model in TABLES:
        insert_rows(session, model, rows.tables[model])


def add_person(rows: Rows, batch: Batch, place: int, mark: str, began: datetime) -> Respondent:
    """Add the account of a respondent, and their organisation when it is new in the batch."""
    actor, region = batch.columns["acteur"][place], batch.columns["region"][place]
    number = batch.start + place
    user = rows.add(
        User,
        email=f"{mark}-{number}@{DOMAIN}",
        display_name=f"Personne fictive n°\u00a0{number}",
        email_confirmed_at=began,
        created_at=began,
        actor_type=actor,
        region_code=_code(region),
        session_version=1,
    )
    home = batch.organisation(place)
    if home is None:
        return Respondent(user["id"], None, None, actor, _code(region))
    if home not in rows.organisations:
        rows.organisations[home] = _add_organisation(rows, batch, place, home, began)
    organisation_id, siren = rows.organisations[home]
    rows.add(Membership, user_id=user["id"], organisation_id=organisation_id, created_at=began)
    return Respondent(user["id"], organisation_id, siren, actor, _code(region))


def _add_organisation(
    rows: Rows, batch: Batch, place: int, home: int, began: datetime
) -> tuple[int, str | None]:
    actor, region = batch.columns["acteur"][place], batch.columns["region"][place]
    number = siret(home) if batch.random.random() < REGISTERED else None
    organisation = rows.add(
        Organisation,
        name=organisation_name(actor, home),
        actor_type=actor,
        region_code=_code(region),
        size=_size(actor),
        siret=number,
        siren=siren_of(number) if number else None,
        created_at=began,
    )
    return organisation["id"], organisation["siren"]


def _code(region: str) -> str | None:
    """Return the official code of a region; « national » and « etranger » have none."""
    return region if region.isdigit() else None


def _size(actor: str) -> str | None:
    return actor.removeprefix("entreprise_") if actor.startswith("entreprise_") else None
