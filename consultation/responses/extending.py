"""Tell those who have a draft that the closing moved: one statement for any number of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, cast, exists, literal, or_, select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.mail.actions import post_to_each
from consultation.questionnaires.kinds.question import say
from consultation.responses.models import CoAuthor, Response
from consultation.responses.queries import own_of
from consultation.web.typography import moment_fr, spaced


def tell_drafts(
    session: Session, consultation: Consultation, reason: str, public_url: str, now: datetime
) -> int:
    """Post a letter to each person whose draft is not sent, their own or shared; return how many.

    It speaks of their own draft and invites nobody: unsubscribing from invitations does not stop
    it. One letter for each new closing.
    """
    moment = int(consultation.closes_at.timestamp())
    shared = exists().where(CoAuthor.response_id == Response.id, CoAuthor.user_id == User.id)
    people = (
        select(
            literal(f"extension:{consultation.id}:{moment}:") + cast(User.id, String),
            User.email,
        )
        .join(Response, or_(own_of(User.id.expression), shared))
        .where(
            Response.consultation_id == consultation.id,
            Response.status == "draft",
            Response.merged_into.is_(None),
            User.email_confirmed_at.is_not(None),
        )
        .distinct()
    )
    subject, text = letter(consultation, reason, public_url)
    return post_to_each(session, people, subject=subject, text=text, now=now)


def letter(consultation: Consultation, reason: str, public_url: str) -> tuple[str, str]:
    """Return the subject and the text that say until when a draft can be sent."""
    title = say(consultation.title)
    until = moment_fr(consultation.closes_at)
    address = f"{public_url}/consultations/{consultation.slug}/contribution"
    text = (
        f"Bonjour,\n\nLa consultation « {title} » est prolongée jusqu’au {until} (heure de "
        f"Paris).\nRaison : {reason}\n\nVotre brouillon est conservé. Seules les contributions "
        "envoyées sont prises en compte : vous pouvez le compléter et l’envoyer jusque-là.\n"
    )
    return spaced(f"La consultation est prolongée : {title}"), f"{spaced(text)}{address}\n"
