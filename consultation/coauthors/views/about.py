"""What the letters and the journal say of a shared response."""

from __future__ import annotations

from flask import current_app

from consultation.audit.wording import describe
from consultation.coauthors.notices import About
from consultation.responses.draft import Draft
from consultation.responses.views.desk import Desk

describe(
    {
        "share_out_response": "a réparti la contribution d’un organisme",
        "ask_signature": "a demandé la signature d’une contribution",
        "send_back_response": "a renvoyé une contribution à ses co-auteurs",
    }
)


def about(at: Desk, draft: Draft) -> About:
    """Describe a shared response for a letter."""
    settings = current_app.extensions["settings"]
    return About(
        draft.response_id,
        draft.shared.name if draft.shared is not None else "",
        at.consultation.title,
        at.consultation.closes_at,
        settings.public_url + at.url("tasks"),
    )
