"""Every page of the room, on one blueprint."""

from __future__ import annotations

from consultation.consultations.public.views import blueprint

__all__ = ["blueprint"]
