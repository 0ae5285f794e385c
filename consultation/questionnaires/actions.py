"""Changing versions: publishing one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.questionnaires.format import Questionnaire, digest, encode
from consultation.questionnaires.models import QuestionnaireVersion
from consultation.questionnaires.rules import Finding, findings


class NotPublishableError(Exception):
    """A questionnaire has findings; they are in ``findings``."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__("; ".join(f"{f.where}: {f.what}" for f in found))
        self.findings = found


def publish_version(
    session: Session,
    questionnaire: Questionnaire,
    *,
    lineage: str,
    actor_id: int | None,
    now: datetime,
) -> QuestionnaireVersion:
    """Add ``questionnaire`` as the next published version of ``lineage``, flushed.

    Raises:
        NotPublishableError: a rule refuses it.
    """
    if found := findings(questionnaire):
        raise NotPublishableError(found)
    version = QuestionnaireVersion(
        lineage=lineage,
        number=_next_number(session, lineage),
        state="published",
        definition=encode(questionnaire),
        digest=digest(questionnaire),
        created_at=now,
        published_at=now,
        edited_by=actor_id,
    )
    session.add(version)
    session.flush()
    record(
        session,
        actor_id=actor_id,
        verb="publish_version",
        subject="questionnaire_version",
        subject_id=version.id,
        now=now,
        details={"digest": version.digest, "number": version.number},
    )
    return version


def _next_number(session: Session, lineage: str) -> int:
    statement = select(func.max(QuestionnaireVersion.number)).where(
        QuestionnaireVersion.lineage == lineage
    )
    return (session.scalar(statement) or 0) + 1
