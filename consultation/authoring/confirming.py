"""Who is asked to confirm an answer after a change of meaning, and the letter that asks it.

Nothing is kept for that: a submission says which version it answers, and the two versions say what
changed. Sending again, changed or not, is the confirmation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, literal, select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.lib.recent import Recent
from consultation.mail.actions import post
from consultation.mail.models import OutboxMessage
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.differences import Difference, differences, reasons, to_confirm
from consultation.questionnaires.kinds.question import say
from consultation.questionnaires.layout import ANSWERED
from consultation.questionnaires.models import QuestionnaireVersion
from consultation.questionnaires.queries import compiled
from consultation.responses.models import CoAuthor, Response, Submission
from consultation.responses.queries import own_or_shared
from consultation.web.typography import moment_fr, spaced

AnyRow = Row[*tuple[Any, ...]]
_found: Recent[tuple[str, str], Sequence[Difference]] = Recent(64)


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """One question whose answer is to confirm: where it is, and what changed in words.

    ``sent`` is false when the answer is only in a draft.
    """

    key: str
    number: int
    section: int
    label: str
    sentences: Sequence[str]
    sent: bool = True


def changes(old: CompiledVersion, new: CompiledVersion) -> Sequence[Difference]:
    """Return what changed between two published versions, compared once per process."""
    name = (old.digest, new.digest)
    return _found.get(name) or _found.keep(name, differences(old, new))


def confirmations(
    old: CompiledVersion, new: CompiledVersion, answers: Mapping[str, Any], sent: bool = True
) -> list[ToConfirm]:
    """Return the questions of ``new`` whose answer, given to ``old``, is to confirm."""
    found = changes(old, new)
    keys = [key for key in to_confirm(found, answers) if key in new.items]
    return [_to_confirm(new, key, found, sent) for key in keys]


def _to_confirm(
    version: CompiledVersion, key: str, found: Sequence[Difference], sent: bool
) -> ToConfirm:
    item = version.items[key]
    label = spaced(say(item.question.label))
    return ToConfirm(key, item.number, item.section, label, reasons(found, key), sent)


# --- One person ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sent response that has something to confirm since a version was published."""

    slug: str
    title: dict[str, str]
    shared: int | None
    published_at: datetime


def waiting_for(session: Session, user_id: int, now: datetime) -> list[Waiting]:
    """Return the responses of a person, their own and those they share, that are to confirm."""
    rows = session.execute(_older_of(user_id, now)).all()
    return [
        Waiting(
            row.slug,
            row.title,
            None if row.organisation_id is None else row.response_id,
            row.published_at,
        )
        for row in rows
        if _answered(session, row, compiled(session, row.current_id))
    ]


def _older_of(user_id: int, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Response.id.label("response_id"),
            Response.organisation_id,
            Submission.version_id,
            Submission.codes,
            Consultation.slug,
            Consultation.title,
            Consultation.version_id.label("current_id"),
            QuestionnaireVersion.published_at,
        )
        .join(Submission, Submission.id == Response.submission_id)
        .join(Consultation, Consultation.id == Response.consultation_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Consultation.version_id)
        .where(
            own_or_shared(user_id),
            Submission.version_id != Consultation.version_id,
            Consultation.opens_at <= now,
            Consultation.closes_at >= now,
            QuestionnaireVersion.published_at.is_not(None),
        )
    )


# --- The letters ---------------------------------------------------------------------------------


def ask_to_confirm(session: Session, public_url: str, now: datetime) -> int:
    """Post a letter to each person whose sent answer is to confirm, once for each version.

    Safe to run twice, or twice at once: the letter has a name of its own.
    """
    posted = 0
    for consultation in _open_consultations(session, now):
        version = compiled(session, consultation.version_id)  # type: ignore[arg-type]
        known = _already_posted(session, consultation.version_id)
        for row in _concerned(session, consultation):
            key = _key(consultation.version_id, row)
            found = _answered(session, row, version)
            if found and key not in known:
                _post(session, key, row, consultation, found, public_url, now)
                posted += 1
    return posted


def _open_consultations(session: Session, now: datetime) -> Sequence[Consultation]:
    older = (
        select(Submission.id)
        .join(Response, Response.submission_id == Submission.id)
        .where(
            Response.consultation_id == Consultation.id,
            Submission.version_id != Consultation.version_id,
        )
    )
    statement = select(Consultation).where(
        Consultation.state == "published",
        Consultation.opens_at <= now,
        Consultation.closes_at >= now,
        older.exists(),
    )
    return session.scalars(statement).all()


def _prefix(version_id: int | None) -> str:
    return f"questionnaire:{version_id}:"


def _key(version_id: int | None, row: AnyRow) -> str:
    """Name the letter to a person, or to one of the co-authors of a shared response."""
    one_of_several = f":{row.user_id}" if row.shared else ""
    return f"{_prefix(version_id)}{row.response_id}{one_of_several}"


def _already_posted(session: Session, version_id: int | None) -> frozenset[str]:
    statement = select(OutboxMessage.key).where(OutboxMessage.key.startswith(_prefix(version_id)))
    return frozenset(session.scalars(statement))


def _concerned(session: Session, consultation: Consultation) -> Iterator[AnyRow]:
    """Yield who answered an older version: the person, or each of the co-authors."""
    own = _answers_of(consultation).add_columns(literal(False).label("shared"))
    yield from session.execute(
        own.join(User, User.id == Response.user_id).where(Response.organisation_id.is_(None))
    )
    shared = _answers_of(consultation).add_columns(literal(True).label("shared"))
    yield from session.execute(
        shared.join(CoAuthor, CoAuthor.response_id == Response.id).join(
            User, User.id == CoAuthor.user_id
        )
    )


def _answers_of(consultation: Consultation) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            Response.id.label("response_id"),
            Submission.version_id,
            Submission.codes,
            User.id.label("user_id"),
            User.email,
        )
        .select_from(Response)
        .join(Submission, Submission.id == Response.submission_id)
        .where(
            Response.consultation_id == consultation.id,
            Submission.version_id != consultation.version_id,
        )
        .order_by(Response.id, User.id)
    )
    return statement


def _answered(session: Session, row: AnyRow, version: CompiledVersion) -> list[ToConfirm]:
    """Return what this submission has to confirm, read from its vector."""
    old = compiled(session, row.version_id)
    given = {
        key: True
        for key, item in old.items.items()
        if item.width and row.codes[item.offset] == ANSWERED
    }
    return confirmations(old, version, given)


def _post(
    session: Session,
    key: str,
    to: AnyRow,
    consultation: Consultation,
    found: Sequence[ToConfirm],
    public_url: str,
    now: datetime,
) -> None:
    title = say(consultation.title)
    lines = "\n".join(f"– {sentence}" for one in found for sentence in one.sentences)
    address = f"{public_url}/consultations/{consultation.slug}/contribution"
    if to.shared:
        address += f"/organisme/{to.response_id}"
    text = (
        f"Bonjour,\n\nLe questionnaire de la consultation « {title} » a changé depuis votre "
        f"envoi. Votre réponse est à confirmer :\n\n{lines}\n\n"
        f"Relisez votre contribution, puis envoyez-la à nouveau avant le "
        f"{moment_fr(consultation.closes_at)} (heure de Paris) :\n{{address}}\n\n"
        "Sans nouvel envoi, votre contribution reste comptée telle que vous l’avez envoyée.\n"
    )
    post(
        session,
        key=key,
        to=to.email,
        subject=spaced(f"Une question a changé : {title}"),
        text=spaced(text).replace("{address}", address),
        now=now,
    )
