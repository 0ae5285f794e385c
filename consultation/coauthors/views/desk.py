"""What the pages of co-authors share: the blueprint and the words of the journal."""

from __future__ import annotations

from flask import Blueprint

from consultation.audit.wording import describe

blueprint = Blueprint("coauthors", __name__)

describe(
    {
        "open_official_response": "a ouvert la contribution d’un organisme",
    }
)
