"""Drafts: one row per lineage, whose revision says whether somebody saved it in between.

Nothing here commits. Every change is one UPDATE that names the revision it was made from: when
another person saved first, nothing is written and the caller reads again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.db import upsert
from consultation.questionnaires.actions import NotPublishableError
from consultation.questionnaires.checks import blocking_findings
from consultation.questionnaires.format import Questionnaire, digest, encode
from consultation.questionnaires.models import QuestionnaireVersion


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version as it stands in the table; ``definition`` is JSON data, not yet decoded."""

    id: int
    lineage: str
    number: int
    state: str
    definition: dict[str, Any]
    digest: str | None
    revision: int
    edited_at: datetime | None
    edited_by: int | None
    published_at: datetime | None


_COLUMNS = tuple(getattr(QuestionnaireVersion, name) for name in StoredVersion.__dataclass_fields__)


def draft_and_version(
    session: Session, lineage: str, version_id: int | None
) -> tuple[StoredVersion | None, StoredVersion | None]:
    """Return the draft of ``lineage`` and the version ``version_id``, in one statement."""
    wanted = [_draft_of(lineage)]
    if version_id is not None:
        wanted.append(QuestionnaireVersion.id == version_id)
    rows = session.execute(select(*_COLUMNS).where(or_(*wanted))).all()
    found = [StoredVersion(*row) for row in rows]
    drafts = [v for v in found if v.state == "draft" and v.lineage == lineage]
    versions = [v for v in found if v.id == version_id]
    return _last(drafts), _last(versions)


def _draft_of(lineage: str) -> ColumnElement[bool]:
    return and_(QuestionnaireVersion.lineage == lineage, QuestionnaireVersion.state == "draft")


def _last(versions: Sequence[StoredVersion]) -> StoredVersion | None:
    return max(versions, key=lambda version: version.number, default=None)


def begin(
    session: Session,
    questionnaire: Questionnaire,
    *,
    lineage: str,
    after: int,
    actor_id: int | None,
    now: datetime,
) -> int | None:
    """Add the draft of ``lineage``, numbered above ``after``; return its identifier.

    ``None`` when the lineage has a draft already: nothing is written.
    """
    rows = session.execute(
        select(QuestionnaireVersion.number, QuestionnaireVersion.state).where(
            QuestionnaireVersion.lineage == lineage
        )
    ).all()
    if any(row.state == "draft" for row in rows):
        return None
    number = max([after, *(row.number for row in rows)]) + 1
    statement = (
        upsert(session, QuestionnaireVersion)
        .values(
            lineage=lineage,
            number=number,
            state="draft",
            definition=encode(questionnaire),
            revision=1,
            created_at=now,
            edited_at=now,
            edited_by=actor_id,
        )
        .on_conflict_do_nothing()
        .returning(QuestionnaireVersion.id)
    )
    return session.scalar(statement)


def save(
    session: Session,
    draft_id: int,
    questionnaire: Questionnaire,
    *,
    seen: int,
    actor_id: int | None,
    now: datetime,
) -> int | None:
    """Replace the draft and return its new revision; ``None`` when ``seen`` is not its own."""
    statement = (
        update(QuestionnaireVersion)
        .where(*_still(draft_id, seen))
        .values(
            definition=encode(questionnaire),
            revision=QuestionnaireVersion.revision + 1,
            edited_at=now,
            edited_by=actor_id,
        )
        .returning(QuestionnaireVersion.revision)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(statement)


def publish(
    session: Session,
    draft: StoredVersion,
    questionnaire: Questionnaire,
    *,
    after: int,
    actor_id: int | None,
    now: datetime,
) -> QuestionnaireVersion | None:
    """Make ``draft``, that says ``questionnaire`` from now on, the version above ``after``.

    ``None`` when somebody saved or published it in between: nothing is written.

    Raises:
        NotPublishableError: a rule refuses it.
    """
    if found := blocking_findings(questionnaire, now.date()):
        raise NotPublishableError(found)
    statement = (
        update(QuestionnaireVersion)
        .where(*_still(draft.id, draft.revision))
        .values(
            state="published",
            definition=encode(questionnaire),
            number=max(draft.number, after + 1),
            digest=digest(questionnaire),
            published_at=now,
        )
        .returning(QuestionnaireVersion.number)
        .execution_options(synchronize_session=False)
    )
    number = session.scalar(statement)
    if number is None:
        return None
    record(
        session,
        actor_id=actor_id,
        verb="publish_version",
        subject="questionnaire_version",
        subject_id=draft.id,
        now=now,
        details={"digest": digest(questionnaire), "number": number},
    )
    return session.get_one(QuestionnaireVersion, draft.id)


def discard(session: Session, draft_id: int, *, seen: int) -> bool:
    """Remove a draft; false when somebody saved it in between."""
    statement = (
        delete(QuestionnaireVersion)
        .where(*_still(draft_id, seen))
        .returning(QuestionnaireVersion.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(statement) is not None


def _still(draft_id: int, seen: int) -> tuple[ColumnElement[bool], ...]:
    return (
        QuestionnaireVersion.id == draft_id,
        QuestionnaireVersion.state == "draft",
        QuestionnaireVersion.revision == seen,
    )
