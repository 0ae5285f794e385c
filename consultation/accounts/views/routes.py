"""The pages of the accounts, gathered for the factory."""

from __future__ import annotations

from consultation.accounts.views import (
    journal,
    kept,
    letter,
    notices,
    people,
    second_factor,
    security,
    sign_in,
    sign_up,
    space,
)
from consultation.accounts.views.desk import blueprint

__all__ = [
    "blueprint",
    "journal",
    "kept",
    "letter",
    "notices",
    "people",
    "second_factor",
    "security",
    "sign_in",
    "sign_up",
    "space",
]
