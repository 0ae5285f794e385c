"""The accounts one signs in with to try the demonstration: one for each kind of person."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from consultation.accounts import actions, queries
from consultation.accounts.actions import OrganisationProfile
from consultation.accounts.hashing import Hashing
from consultation.accounts.models import User
from consultation.demo.registry import siret


@dataclass(frozen=True, slots=True)
class Part:
    """One person of the demonstration: address, name, French role, role granted."""

    email: str
    name: str
    role: str
    granted: str | None
    actor: str
    region: str | None
    organisation: str | None


PARTS = (
    Part(
        "repondant@example.org", "Répondante de démonstration", "répond pour une PME", None,
        "entreprise_pme", "84", "Optique fictive du Rhône",
    ),
    Part(
        "signataire@example.org", "Signataire de démonstration", "signe pour un pôle", None,
        "pole", "84", "Pôle fictif de la lumière",
    ),
    Part(
        "organisateur@example.org", "Organisatrice de démonstration", "organise", "organiser",
        "association", "11", "Régions de France (démonstration)",
    ),
    Part(
        "moderateur@example.org", "Modérateur de démonstration", "modère", "moderator",
        "association", "11", "Régions de France (démonstration)",
    ),
    Part(
        "analyste@example.org", "Analyste de démonstration", "lit les résultats", "analyst",
        "association", "11", "Régions de France (démonstration)",
    ),
    Part(
        "admin@example.org", "Administratrice de démonstration", "administre le site",
        "administrator", "association", "11", None,
    ),
)  # fmt: skip


NUMBERS = {"entreprise_pme": 0, "pole": 9_999_999}
"""The number of the synthetic organisation of each kind of actor that has a SIRET here."""


def random_password() -> str:
    """Return a fresh password that the rule on passwords accepts."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    groups = ["".join(secrets.choice(letters) for _ in range(5)) for _ in range(3)]
    return f"{groups[0].capitalize()}-{groups[1]}-{groups[2]}-{secrets.randbelow(90) + 10}"


def open_cast(session: Session, consultation_ids: Iterable[int], now: datetime) -> dict[str, User]:
    """Create the accounts that do not exist and grant each role on each consultation."""
    cast = {part.email: _person(session, part, now) for part in PARTS}
    admin = cast["admin@example.org"]
    places: list[int | None] = list(consultation_ids)
    for part in PARTS:
        where = [None] if part.granted == "administrator" else places
        for consultation_id in where if part.granted else []:
            actions.grant_role(
                session,
                cast[part.email],
                part.granted or "",
                consultation_id,
                actor_id=admin.id,
                now=now,
            )
    return cast


def _person(session: Session, part: Part, now: datetime) -> User:
    known = queries.by_email(session, part.email)
    if known:
        return known
    user = actions.open_account(
        session, email=part.email, display_name=part.name, now=now, confirmed=True
    )
    organisation = None
    if part.organisation:
        number = siret(NUMBERS[part.actor]) if part.actor in NUMBERS else None
        size = "pme" if number else None
        organisation = OrganisationProfile(part.organisation, size, number)
    actions.change_profile(
        session,
        user,
        display_name=part.name,
        actor_type=part.actor,
        region_code=part.region,
        organisation=organisation,
        now=now,
    )
    return user


def set_password(session: Session, hashing: Hashing, password: str, now: datetime) -> None:
    """Give ``password`` to every account of the demonstration that has another one."""
    for part in PARTS:
        user = queries.by_email(session, part.email)
        if user is None:
            continue
        known = queries.credential(session, user.id, "password")
        if known is None or not hashing.verify(known.secret, password):
            actions.set_password(session, user, hashing.hash(password), now)
