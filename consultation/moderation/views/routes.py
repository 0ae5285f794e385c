"""Every page of the room, on one blueprint."""

from __future__ import annotations

from consultation.moderation.views import contesting, deciding, public, queue, reporting, space
from consultation.moderation.views.bench import blueprint

__all__ = ["blueprint", "contesting", "deciding", "public", "queue", "reporting", "space"]
