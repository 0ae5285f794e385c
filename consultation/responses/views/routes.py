"""The pages of the responses, gathered for the factory."""

from __future__ import annotations

from consultation.responses.views import (
    beginning,
    filing,
    history,
    panels,
    section,
    sending,
    space,
    verifying,
    withdrawing,
)
from consultation.responses.views.desk import blueprint

__all__ = [
    "beginning",
    "blueprint",
    "filing",
    "history",
    "panels",
    "section",
    "sending",
    "space",
    "verifying",
    "withdrawing",
]
