"""What the accounts allow: pure rules, without a database and without a clock."""

from __future__ import annotations

from collections.abc import Iterable

ROLES = {
    "organiser": "Organisateur",
    "moderator": "Modérateur",
    "analyst": "Analyste",
    "administrator": "Administrateur",
}
"""Every role and its French name. A role is granted, never implied by another."""

SIZES = {
    "micro": "Moins de 10 salariés",
    "pme": "10 à 249 salariés",
    "eti": "250 à 4 999 salariés",
    "ge": "5 000 salariés et plus",
}
"""Bands of headcount of an organisation."""


def grants_allow(
    grants: Iterable[tuple[str, int | None]], role: str, consultation_id: int | None
) -> bool:
    """Whether ``grants`` (role, consultation or ``None`` for the site) give ``role`` there."""
    return any(held == role and where in (None, consultation_id) for held, where in grants)


class Refused(Exception):
    """A rule says no; the message is a French sentence that says what to do."""
