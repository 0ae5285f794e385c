"""The questionnaire as a tagged PDF (PDF/UA-1), typeset from data."""

from __future__ import annotations

from importlib.resources import files

from consultation.authoring.paper import Paper
from consultation.lib.typesetting import document


def pdf(paper: Paper) -> bytes:
    """Return the document. What organisers wrote is data: it is never read as markup."""
    return document.pdf((files(__package__) / "paper.typ").read_bytes(), paper.as_data())
