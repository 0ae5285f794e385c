"""Roles: granted on one consultation or on the site, never implied by one another."""

from __future__ import annotations

from collections.abc import Iterable

ROLES = {
    "organiser": "Organisateur",
    "moderator": "Modérateur",
    "analyst": "Analyste",
    "administrator": "Administrateur",
}
"""Every role and its French name."""


def allow(grants: Iterable[tuple[str, int | None]], role: str, consultation_id: int | None) -> bool:
    """Whether ``grants`` (role, consultation or ``None`` for the site) give ``role`` there."""
    return any(held == role and where in (None, consultation_id) for held, where in grants)
