"""Tell the team when a consultation opens and when it closes; each once.

Opening and closing happen by themselves: the phase is a function of the clock, at the second, and
waits for no worker. This only writes it down and says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.consultations.models import Consultation
from consultation.consultations.panels import panel
from consultation.consultations.rules import phase
from consultation.consultations.team.queries import members
from consultation.mail.actions import post
from consultation.web.typography import moment_fr, plural, spaced

FRESH = timedelta(days=1)
"""Older news is marked and not told: it would only surprise."""


def announce(session: Session, public_url: str, now: datetime) -> int:
    """Tell the teams of what opened or closed since the last call; return how many phases."""
    told = 0
    for consultation in _news(session, now):
        where = phase(consultation, now)
        at = consultation.opens_at if where == "open" else consultation.closes_at
        if _claim(session, consultation, where) and now - at <= FRESH:
            _tell(session, consultation, where, at, public_url, now)
            told += 1
    return told


def _news(session: Session, now: datetime) -> Sequence[Consultation]:
    statement = select(Consultation).where(
        Consultation.state == "published",
        or_(
            and_(Consultation.opens_at <= now, Consultation.announced == ""),
            and_(Consultation.closes_at < now, Consultation.announced != "closed"),
        ),
    )
    return session.scalars(statement.order_by(Consultation.id)).all()


def _claim(session: Session, consultation: Consultation, where: str) -> bool:
    """Mark the phase as told; ``False`` when another worker does it."""
    claimed = session.execute(
        update(Consultation)
        .where(Consultation.id == consultation.id, Consultation.announced != where)
        .values(announced=where)
        .returning(Consultation.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return claimed is not None


def _tell(
    session: Session,
    consultation: Consultation,
    where: str,
    at: datetime,
    public_url: str,
    now: datetime,
) -> None:
    record(
        session,
        actor_id=None,
        verb="open_consultation" if where == "open" else "close_consultation",
        subject="consultation",
        subject_id=consultation.id,
        consultation_id=consultation.id,
        now=now,
        details={"at": at.isoformat()},
    )
    received = panel("received", session, [consultation.id]) or {}
    subject, text = letter(consultation, where, received.get(consultation.id, 0), public_url)
    for member in members(session, consultation.id):
        key = f"{where}:{consultation.id}:{int(at.timestamp())}:{member.id}"
        post(session, key=key, to=member.email, subject=subject, text=text, now=now)


def letter(
    consultation: Consultation, where: str, received: int, public_url: str
) -> tuple[str, str]:
    """Return the subject and the text that tell the team of a phase; ``received`` counts."""
    title = consultation.title.get("fr", "")
    closing = f"{moment_fr(consultation.closes_at)} (heure de Paris)"
    if where == "open":
        subject = f"La consultation est ouverte : {title}"
        what = (
            f"La consultation « {title} » est ouverte depuis le "
            f"{moment_fr(consultation.opens_at)} (heure de Paris).\nElle se termine le {closing}."
        )
    else:
        subject = f"La consultation est terminée : {title}"
        what = (
            f"La consultation « {title} » est terminée depuis le {closing}.\n"
            f"{plural(received, 'contribution est reçue', 'contributions sont reçues')}. Les "
            "brouillons non envoyés restent lisibles par leurs auteurs."
        )
    page = f"{public_url}/espace/{consultation.slug}"
    return spaced(subject), f"Bonjour,\n\n{spaced(what)}\n\nLe tableau de bord :\n{page}\n".replace(
        "bord :", "bord\u00a0:"
    )
