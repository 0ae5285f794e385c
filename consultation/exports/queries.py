"""Reading exports."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.exports.models import ExportJob
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.models import QuestionnaireVersion
from consultation.questionnaires.queries import compiled

LISTED = 50


def recent(session: Session, consultation_id: int) -> Sequence[ExportJob]:
    """Return the latest exports of a consultation, latest first."""
    statement = (
        select(ExportJob)
        .where(ExportJob.consultation_id == consultation_id)
        .order_by(ExportJob.created_at.desc(), ExportJob.id.desc())
        .limit(LISTED)
    )
    return session.scalars(statement).all()


def job(session: Session, consultation_id: int, number: int) -> ExportJob | None:
    """Return one export of a consultation."""
    return session.scalar(
        select(ExportJob).where(
            ExportJob.id == number, ExportJob.consultation_id == consultation_id
        )
    )


def versions(session: Session, consultation: Consultation) -> dict[int, CompiledVersion]:
    """Return every version published for a consultation, the current one first."""
    if consultation.version_id is None:
        return {}
    current = select(QuestionnaireVersion.lineage).where(
        QuestionnaireVersion.id == consultation.version_id
    )
    statement = (
        select(QuestionnaireVersion.id)
        .where(
            QuestionnaireVersion.lineage == current.scalar_subquery(),
            QuestionnaireVersion.state == "published",
        )
        .order_by(QuestionnaireVersion.number.desc())
    )
    found = [consultation.version_id, *session.scalars(statement)]
    return {identifier: compiled(session, identifier) for identifier in dict.fromkeys(found)}
