"""Every page of the editor, on one blueprint."""

from __future__ import annotations

from consultation.authoring.views import (
    comparing,
    exporting,
    named,
    panels,
    printing,
    questions,
    removing,
    sections,
    starting,
    trial,
    whole,
)
from consultation.authoring.views.desk import blueprint

__all__ = [
    "blueprint",
    "comparing",
    "exporting",
    "named",
    "panels",
    "printing",
    "questions",
    "removing",
    "sections",
    "starting",
    "trial",
    "whole",
]
