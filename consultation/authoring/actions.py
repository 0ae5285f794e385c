"""Change the questionnaire of a consultation: save its draft, publish it. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.audit.wording import describe
from consultation.authoring import rules
from consultation.consultations.actions import replace_version
from consultation.consultations.models import Consultation
from consultation.questionnaires import drafts
from consultation.questionnaires.actions import NotPublishableError
from consultation.questionnaires.checks import blocking_findings
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.differences import Difference, differences
from consultation.questionnaires.drafts import StoredVersion
from consultation.questionnaires.format import Questionnaire, digest
from consultation.questionnaires.kinds.table import AnyQuestion
from consultation.questionnaires.models import QuestionnaireVersion
from consultation.responses.moving import rehome
from consultation.responses.queries import counts

describe(
    {
        "edit_questionnaire": "a modifié le questionnaire",
        "import_questionnaire": "a importé un questionnaire",
        "discard_questionnaire": "a abandonné le brouillon du questionnaire",
        "replace_version": "a publié une nouvelle version du questionnaire",
    }
)


class Overtaken(Exception):
    """Somebody else saved the draft at the same moment: nothing was written, read it again."""


class UnchangedError(Exception):
    """The draft says what the published version says already."""


def save_draft(
    session: Session,
    consultation: Consultation,
    draft: StoredVersion | None,
    published: StoredVersion | None,
    questionnaire: Questionnaire,
    *,
    verb: str = "edit_questionnaire",
    part: str = "",
    actor_id: int | None,
    now: datetime,
) -> None:
    """Save ``questionnaire`` as the draft of ``consultation``, made from ``draft`` as it was read.

    Raises:
        Overtaken: the draft is no longer the one that was read.
    """
    if draft is None:
        draft_id = drafts.begin(
            session,
            questionnaire,
            lineage=rules.lineage_of(consultation.id),
            after=published.number if published else 0,
            actor_id=actor_id,
            now=now,
        )
        revision = 1 if draft_id is not None else None
    else:
        draft_id = draft.id
        revision = drafts.save(
            session, draft.id, questionnaire, seen=draft.revision, actor_id=actor_id, now=now
        )
    if revision is None or draft_id is None:
        raise Overtaken
    _journal(session, consultation, verb, draft_id, revision, part, actor_id, now)


def discard_draft(
    session: Session,
    consultation: Consultation,
    draft: StoredVersion,
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Remove the draft: the published version is what there is.

    Raises:
        Overtaken: somebody saved the draft in between.
    """
    if not drafts.discard(session, draft.id, seen=draft.revision):
        raise Overtaken
    verb = "discard_questionnaire"
    _journal(session, consultation, verb, draft.id, draft.revision, "", actor_id, now)


def publish(
    session: Session,
    consultation: Consultation,
    draft: StoredVersion,
    published: StoredVersion | None,
    questionnaire: Questionnaire,
    before: CompiledVersion | None,
    *,
    new_meaning: Collection[str] = (),
    actor_id: int,
    now: datetime,
) -> QuestionnaireVersion:
    """Publish the draft as the version that ``consultation`` asks from now on.

    Sent answers keep the version they were given to; drafted ones follow their question.
    ``new_meaning`` are the keys of the questions whose new words ask something else.

    Raises:
        NotPublishableError: a rule refuses it.
        UnchangedError: it says what the published version says.
        Refused: the consultation is over.
        Overtaken: somebody saved or published it in between.
    """
    if refused := blocking_findings(questionnaire, now.date()):
        raise NotPublishableError(refused)
    if before is not None:
        questionnaire = rules.with_new_meaning(questionnaire, before.questionnaire, new_meaning)
    found = _changes(questionnaire, published, before)
    if before is not None and any(counts(session, consultation.id)):
        keys = _questions(before.questionnaire), _questions(questionnaire)
        if clashes := list(rules.clashes(*keys)):
            raise NotPublishableError(clashes)
    after = published.number if published else 0
    version = drafts.publish(session, draft, questionnaire, after=after, actor_id=actor_id, now=now)
    if version is None:
        raise Overtaken
    sentence = rules.told(version.number, found)
    replace_version(session, consultation, version.id, sentence, actor_id=actor_id, now=now)
    if before is not None:
        rehome(session, consultation.id, before, compile_version(questionnaire), now)
    return version


def _questions(questionnaire: Questionnaire) -> dict[str, AnyQuestion]:
    return {q.key: q for s in questionnaire.sections for q in s.questions}


def _changes(
    questionnaire: Questionnaire, published: StoredVersion | None, before: CompiledVersion | None
) -> list[Difference]:
    if published is None or before is None:
        return []
    if digest(questionnaire) == published.digest:
        raise UnchangedError
    return all_changes(before, compile_version(questionnaire))


def all_changes(old: CompiledVersion, new: CompiledVersion) -> list[Difference]:
    """Return every change: those of the questions, then those of the settings of the whole."""
    return [*differences(old, new), *rules.setting_changes(old.questionnaire, new.questionnaire)]


def _journal(
    session: Session,
    consultation: Consultation,
    verb: str,
    draft_id: int,
    revision: int,
    part: str,
    actor_id: int | None,
    now: datetime,
) -> None:
    record(
        session,
        actor_id=actor_id,
        verb=verb,
        subject="questionnaire_version",
        subject_id=draft_id,
        consultation_id=consultation.id,
        now=now,
        details={"revision": revision, "part": part},
    )
