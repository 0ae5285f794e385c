"""The questionnaire as a tagged PDF (PDF/UA-1), typeset from data."""

from __future__ import annotations

import json
from importlib.resources import files

import typst

from consultation.authoring.paper import Paper


def pdf(paper: Paper) -> bytes:
    """Return the document. What organisers wrote is data: it is never read as markup."""
    source = (files(__package__) / "paper.typ").read_bytes()
    data: bytes = typst.compile(
        source,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(paper.as_data(), ensure_ascii=False)},
    )
    return data
