"""Reading versions. A published version is compiled once per process and kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.lib.recent import Recent
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import decode
from consultation.questionnaires.models import QuestionnaireVersion

_met: Recent[str, tuple[CompiledVersion, datetime]] = Recent(64)


def compiled(session: Session, version_id: int) -> CompiledVersion:
    """Return a published version ready to use; no SQL when this process has met it.

    Raises:
        LookupError: there is no such published version.
    """
    return _version(session, version_id)[0]


def published_at(session: Session, version_id: int) -> datetime:
    """Return when a version was published; no SQL when this process has met it.

    Raises:
        LookupError: there is no such published version.
    """
    return _version(session, version_id)[1]


def _version(session: Session, version_id: int) -> tuple[CompiledVersion, datetime]:
    bind = session.get_bind()
    key = f"{bind.engine.url}#{version_id}"
    return _met.get(key) or _met.keep(key, _load(session, version_id))


def _load(session: Session, version_id: int) -> tuple[CompiledVersion, datetime]:
    statement = select(QuestionnaireVersion.definition, QuestionnaireVersion.published_at).where(
        QuestionnaireVersion.id == version_id, QuestionnaireVersion.state == "published"
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise LookupError(f"no published version {version_id}")
    return compile_version(decode(row.definition)), row.published_at


def forget_compiled() -> None:
    """Forget every compiled version: for tests that build a database again under the same name."""
    _met.clear()


def version(session: Session, version_id: int) -> QuestionnaireVersion | None:
    """Return one version, draft or published."""
    return session.get(QuestionnaireVersion, version_id)
