"""Every page of the room, on one blueprint."""

from __future__ import annotations

from consultation.coauthors.views import (
    beside,
    joining,
    official,
    opening,
    overseeing,
    panels,
    roles,
    signing,
    space,
    team,
    writing,
)
from consultation.coauthors.views.desk import blueprint

__all__ = [
    "beside",
    "blueprint",
    "joining",
    "official",
    "opening",
    "overseeing",
    "panels",
    "roles",
    "signing",
    "space",
    "team",
    "writing",
]
