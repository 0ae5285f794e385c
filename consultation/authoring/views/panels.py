"""What the pages of a respondent show of the changes of the questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from consultation.authoring.confirming import ToConfirm, confirmations
from consultation.consultations.panels import register
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.queries import compiled


def to_confirm(
    session: Session,
    version: CompiledVersion,
    version_id: int,
    answers: Mapping[str, Any],
    sent: bool = True,
) -> Sequence[ToConfirm]:
    """Return the questions whose answer, given to the version ``version_id``, is to confirm."""
    return confirmations(compiled(session, version_id), version, answers, sent)


register("to_confirm", to_confirm)
