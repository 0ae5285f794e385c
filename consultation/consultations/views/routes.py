"""Every page of the room, on one blueprint."""

from __future__ import annotations

from consultation.consultations.views import public, settings, team, workspace
from consultation.consultations.views.desk import blueprint

__all__ = ["blueprint", "public", "settings", "team", "workspace"]
