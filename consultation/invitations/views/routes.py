"""Every page of the room, on one blueprint."""

from __future__ import annotations

from consultation.invitations.views import (
    book,
    campaigns,
    entering,
    importing,
    openings,
    panels,
    settings,
    silence,
    writing,
)
from consultation.invitations.views.desk import blueprint

__all__ = [
    "blueprint",
    "book",
    "campaigns",
    "entering",
    "importing",
    "openings",
    "panels",
    "settings",
    "silence",
    "writing",
]
