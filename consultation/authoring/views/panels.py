"""What the pages of a respondent show of the changes of the questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from consultation.accounts import notices
from consultation.accounts.models import User
from consultation.accounts.notices import Notice
from consultation.authoring.confirming import ToConfirm, confirmations, waiting_for
from consultation.consultations.panels import register
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.queries import compiled
from consultation.web.preferences import translated


def to_confirm(
    session: Session,
    version: CompiledVersion,
    version_id: int,
    answers: Mapping[str, Any],
    sent: bool = True,
) -> Sequence[ToConfirm]:
    """Return the questions whose answer, given to the version ``version_id``, is to confirm."""
    return confirmations(compiled(session, version_id), version, answers, sent)


def told(session: Session, user: User, now: datetime, limit: int) -> Sequence[Notice]:
    """Tell which answers of a person are to confirm, until they send them again."""
    return [
        Notice(
            one.published_at,
            "Une question a changé\u00a0: confirmez votre réponse",
            url_for("responses.tasks", slug=one.slug, **_place(one.shared)),
            translated(one.title),
        )
        for one in waiting_for(session, user.id, now)[:limit]
    ]


def _place(shared: int | None) -> dict[str, Any]:
    return {} if shared is None else {"shared": shared}


register("to_confirm", to_confirm)
notices.register("to_confirm", told)
