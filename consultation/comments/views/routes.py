"""Every page of the room, on one blueprint."""

from __future__ import annotations

from consultation.comments.views import following, reading, space, writing
from consultation.comments.views.desk import blueprint

__all__ = ["blueprint", "following", "reading", "space", "writing"]
