"""Every page of the room, on one blueprint."""

from __future__ import annotations

from consultation.coauthors.views.desk import blueprint

__all__ = ["blueprint"]
