"""Change a consultation: make it, describe it, publish it, extend it. The caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultation.accounts.actions import grant_role
from consultation.accounts.models import User
from consultation.audit.actions import record
from consultation.consultations import promises
from consultation.consultations.models import Change, Consultation
from consultation.consultations.notice import DEFAULT_RECIPIENTS, DEFAULT_RETENTION
from consultation.consultations.rules import Refused, phase
from consultation.consultations.wording import list_fr, schedule_news
from consultation.web.typography import NBSP, moment_fr

TEXTS = {
    "title": "titre",
    "summary": "résumé",
    "presentation": "présentation",
    "theme": "thème",
    "purpose": "objet",
    "organiser": "organisateur",
    "audience": "qui peut répondre",
    "outcome": "ce que deviennent les réponses",
    "answers_visibility": "publicité des réponses",
    "contact": "contact",
    "privacy_notice": "notice sur les données personnelles",
    "recipients": "destinataires des données",
    "retention": "durée de conservation",
    "data_protection_contact": "délégué à la protection des données",
    "legal_basis": "base légale",
}
"""Every text of a consultation, under the name that the public history gives it."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates and the mode of a consultation that has not begun."""

    mode: str
    opens_at: datetime
    closes_at: datetime
    results_on: date | None


@dataclass(frozen=True, slots=True)
class Safeguards:
    """Who may comment, how small a group is shown (``dominance`` from 0 to 1), what is aimed at."""

    comments_mode: str
    minimum_organisations: int
    minimum_individuals: int
    dominance: float
    target: int | None


def create(
    session: Session, slug: str, title: str, schedule: Schedule, *, creator: User, now: datetime
) -> Consultation:
    """Add a draft of which ``creator`` is the organiser, flushed.

    Raise :class:`Refused` when the dates are wrong or the address is taken.
    """
    wrong = promises.wrong_dates(schedule.mode, schedule.opens_at, schedule.closes_at)
    if wrong:
        raise wrong[0]
    consultation = Consultation(
        slug=slug,
        title={"fr": title},
        summary={},
        presentation={},
        organiser=creator.organisation.name if creator.organisation else "",
        contact=creator.email,
        recipients=DEFAULT_RECIPIENTS,
        retention=DEFAULT_RETENTION,
        created_at=now,
        **_columns(schedule),
    )
    try:
        with session.begin_nested():
            session.add(consultation)
    except IntegrityError as error:
        raise Refused("slug", "Cette adresse est déjà prise. Choisissez-en une autre") from error
    grant_role(session, creator, "organiser", consultation.id, actor_id=creator.id, now=now)
    _journal(session, consultation, "create_consultation", creator.id, now)
    return consultation


def set_texts(
    session: Session,
    consultation: Consultation,
    texts: Mapping[str, Any],
    *,
    actor_id: int,
    now: datetime,
) -> list[str]:
    """Replace the given texts and return the names of those that changed.

    Once published a text cannot be emptied, and the public history names what changed.
    """
    changed = [field for field in TEXTS if field in texts and _differs(consultation, field, texts)]
    for field in changed:
        setattr(consultation, field, texts[field])
    if consultation.state == "published":
        _refuse_first(promises.missing_texts(consultation))
    if changed:
        sentence = f"Texte modifié{NBSP}: {list_fr([TEXTS[field] for field in changed])}."
        tell(session, consultation, "texts", sentence, now)
        _journal(session, consultation, "set_texts", actor_id, now, {"fields": changed})
    return changed


def set_schedule(
    session: Session,
    consultation: Consultation,
    schedule: Schedule,
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Set the dates and the mode of a consultation that has not begun.

    Raise :class:`Refused` when it has, or when the dates are wrong.
    """
    promises.check_schedule(consultation, schedule.mode, schedule.opens_at, schedule.closes_at, now)
    if consultation.state == "published":
        kinds = [document.kind for document in consultation.documents]
        _refuse_first(promises.missing_documents(schedule.mode, kinds))
        if news := schedule_news(consultation, schedule):
            tell(session, consultation, "schedule", " ".join(news), now)
    details = _moments(schedule) | {"mode_before": consultation.mode}
    if all(getattr(consultation, column) == value for column, value in _columns(schedule).items()):
        return
    for column, value in _columns(schedule).items():
        setattr(consultation, column, value)
    _journal(session, consultation, "set_schedule", actor_id, now, details)


def extend(
    session: Session,
    consultation: Consultation,
    closes_at: datetime,
    reason: str,
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Move the closing of an open consultation later, for a reason that everybody reads."""
    promises.check_extension(consultation, closes_at, now)
    before = consultation.closes_at
    moved = session.execute(
        update(Consultation)
        .where(Consultation.id == consultation.id, Consultation.closes_at == before)
        .values(closes_at=closes_at)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused("closes_at", "Une autre personne vient de la prolonger. Rechargez la page")
    session.refresh(consultation)
    sentence = f"Prolongée du {moment_fr(before)} au {moment_fr(closes_at)}. {reason}"
    tell(session, consultation, "extension", sentence, now)
    details = {"from": before.isoformat(), "to": closes_at.isoformat()}
    _journal(session, consultation, "extend", actor_id, now, details)


def set_safeguards(
    session: Session,
    consultation: Consultation,
    wanted: Safeguards,
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Set who may comment and how small a group is shown; raise :class:`Refused` if lowered."""
    promises.check_thresholds(
        consultation,
        wanted.minimum_organisations,
        wanted.minimum_individuals,
        wanted.dominance,
        promised=consultation.state == "published",
    )
    if wanted.comments_mode != consultation.comments_mode:
        tell(session, consultation, "comments", COMMENTS_SENTENCES[wanted.comments_mode], now)
    for column in Safeguards.__slots__:
        setattr(consultation, column, getattr(wanted, column))
    details = {column: getattr(wanted, column) for column in Safeguards.__slots__}
    _journal(session, consultation, "set_safeguards", actor_id, now, details)


COMMENTS_SENTENCES = {
    "closed": "Les commentaires ne sont plus ouverts.",
    "members": "Les commentaires sont ouverts aux personnes qui ont un compte.",
    "visitors": "Les commentaires sont ouverts à tous, avec une adresse confirmée.",
}


def set_version(
    session: Session, consultation: Consultation, version_id: int, *, actor_id: int, now: datetime
) -> None:
    """Choose the questionnaire of a draft, a published version."""
    if consultation.state == "published":
        raise Refused("version_id", "Une consultation publiée ne change plus de modèle")
    consultation.version_id = version_id
    details = {"version_id": version_id}
    _journal(session, consultation, "set_version", actor_id, now, details)


def replace_version(
    session: Session,
    consultation: Consultation,
    version_id: int,
    sentence: str,
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Ask another published version from now on; once published, the public reads ``sentence``.

    Raise :class:`Refused` when the consultation is over.
    """
    if phase(consultation, now) == "closed":
        over = "La consultation est terminée, son questionnaire ne change plus"
        raise Refused("version_id", over)
    before = consultation.version_id
    consultation.version_id = version_id
    if before is not None:
        tell(session, consultation, "questionnaire", sentence, now)
    details = {"version_id": version_id, "before": before}
    _journal(session, consultation, "replace_version", actor_id, now, details)


def publish(session: Session, consultation: Consultation, *, actor_id: int, now: datetime) -> None:
    """Publish a draft; raise :class:`NotPublishable` with everything it lacks."""
    if consultation.state == "published":
        raise NotPublishableError([Refused("state", "Cette consultation est déjà publiée")])
    kinds = [document.kind for document in consultation.documents]
    if lacking := promises.missing(consultation, kinds, now):
        raise NotPublishableError(lacking)
    consultation.state = "published"
    consultation.published_at = now
    _journal(session, consultation, "publish_consultation", actor_id, now)


class NotPublishableError(Exception):
    """A consultation cannot be published yet; ``lacking`` says why, one refusal each."""

    def __init__(self, lacking: list[Refused]) -> None:
        super().__init__("; ".join(refused.sentence for refused in lacking))
        self.lacking = lacking


def tell(
    session: Session, consultation: Consultation, kind: str, sentence: str, now: datetime
) -> None:
    """Add a line to the public history of a published consultation; a draft has none."""
    if consultation.state == "published":
        session.add(
            Change(
                consultation_id=consultation.id, at=now, kind=kind, sentence=sentence, details={}
            )
        )


def _columns(schedule: Schedule) -> dict[str, Any]:
    return {column: getattr(schedule, column) for column in Schedule.__slots__}


def _moments(schedule: Schedule) -> dict[str, Any]:
    return {
        "mode": schedule.mode,
        "opens_at": schedule.opens_at.isoformat(),
        "closes_at": schedule.closes_at.isoformat(),
    }


def _differs(consultation: Consultation, field: str, texts: Mapping[str, Any]) -> bool:
    return bool(getattr(consultation, field) != texts[field])


def _refuse_first(refusals: Any) -> None:
    for refused in refusals:
        raise refused


def _journal(
    session: Session,
    consultation: Consultation,
    verb: str,
    actor_id: int,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    record(
        session,
        actor_id=actor_id,
        verb=verb,
        subject="consultation",
        subject_id=consultation.id,
        consultation_id=consultation.id,
        now=now,
        details=details,
    )
