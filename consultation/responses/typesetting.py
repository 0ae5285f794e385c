"""What a person sent, or their draft, as a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from importlib.resources import files

from consultation.lib.typesetting import document
from consultation.responses.paper import Paper


def pdf(paper: Paper) -> bytes:
    """Return the document. What the person wrote is data: it is never read as markup."""
    return document.pdf((files(__package__) / "paper.typ").read_bytes(), paper.as_data())
