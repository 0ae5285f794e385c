"""Reading versions. A published version is compiled once per process and kept."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.lib.recent import Recent
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import decode
from consultation.questionnaires.models import QuestionnaireVersion

_compiled: Recent[str, CompiledVersion] = Recent(64)


def compiled(session: Session, version_id: int) -> CompiledVersion:
    """Return a published version ready to use; no SQL when this process has met it.

    Raises:
        LookupError: there is no such published version.
    """
    bind = session.get_bind()
    key = f"{bind.engine.url}#{version_id}"
    found = _compiled.get(key)
    if found is None:
        found = _compiled.keep(key, _load(session, version_id))
    return found


def _load(session: Session, version_id: int) -> CompiledVersion:
    statement = select(QuestionnaireVersion.definition).where(
        QuestionnaireVersion.id == version_id, QuestionnaireVersion.state == "published"
    )
    definition = session.scalar(statement)
    if definition is None:
        raise LookupError(f"no published version {version_id}")
    return compile_version(decode(definition))


def forget_compiled() -> None:
    """Forget every compiled version: for tests that build a database again under the same name."""
    _compiled.clear()


def version(session: Session, version_id: int) -> QuestionnaireVersion | None:
    """Return one version, draft or published."""
    return session.get(QuestionnaireVersion, version_id)
