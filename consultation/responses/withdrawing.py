"""Take back what was sent, or drop a draft that never was. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.mail.actions import post
from consultation.responses import letter
from consultation.responses.draft import LastSent
from consultation.responses.models import (
    Attachment,
    CoAuthor,
    Response,
    ResponseSection,
    Submission,
    Withdrawal,
)


def withdraw(
    session: Session, *, response_id: int, submission_id: int, user_id: int, now: datetime
) -> bool:
    """Stop counting the submission ``submission_id``; its row, its leaf and the draft stay.

    ``False``, and nothing is written, when it no longer counts: it was withdrawn or corrected in
    between. Whether the person may is the caller's question.
    """
    statement = (
        update(Response)
        .where(
            Response.id == response_id,
            Response.submission_id == submission_id,
            Response.status == "sent",
        )
        .values(status="withdrawn", submission_id=None, updated_at=now)
        .returning(Response.consultation_id)
        .execution_options(synchronize_session=False)
    )
    consultation_id = session.scalar(statement)
    if consultation_id is None:
        return False
    row = {"submission_id": submission_id, "response_id": response_id, "withdrawn_at": now}
    session.execute(insert(Withdrawal).values(**row, withdrawn_by=user_id))
    record(
        session,
        actor_id=user_id,
        verb="withdraw_response",
        subject="response",
        subject_id=response_id,
        now=now,
        consultation_id=consultation_id,
        details={"submission": submission_id},
    )
    return True


def is_everybodys(session: Session, response_id: int, user_id: int) -> bool:
    """Whether other people write the response, or it took another one over."""
    others = select(CoAuthor.user_id).where(
        CoAuthor.response_id == response_id, CoAuthor.user_id != user_id
    )
    taken = select(Response.id).where(Response.merged_into == response_id)
    return session.scalar(select(or_(others.exists(), taken.exists()))) or False


def delete_draft(
    session: Session, *, response_id: int, user_id: int, now: datetime
) -> list[str] | None:
    """Delete a response that was never sent, its answers and its files.

    Return the names of the files whose bytes can go after the commit; ``None``, and nothing is
    deleted, when it was sent meanwhile.
    """
    consultation_id = _draft_never_sent(session, response_id, now)
    if consultation_id is None:
        return None
    files = select(Attachment.id).where(Attachment.response_id == response_id)
    names = list(session.scalars(files))
    for table in (Attachment, ResponseSection):
        session.execute(
            delete(table).where(table.response_id == response_id),
            execution_options={"synchronize_session": False},
        )
    session.execute(
        delete(Response).where(Response.id == response_id),
        execution_options={"synchronize_session": False},
    )
    record(
        session,
        actor_id=user_id,
        verb="delete_draft",
        subject="response",
        subject_id=response_id,
        now=now,
        consultation_id=consultation_id,
    )
    return names


def _draft_never_sent(session: Session, response_id: int, now: datetime) -> int | None:
    """Return the consultation of a draft never sent, its row held until the end; else ``None``.

    A sending of this very second has its rows already, or waits and finds nothing to send.
    """
    held = select(Response.id).where(Response.id == response_id).with_for_update()
    session.execute(held).all()
    sent = select(Submission.id).where(Submission.response_id == response_id).exists()
    statement = (
        update(Response)
        .where(Response.id == response_id, Response.status == "draft", ~sent)
        .values(updated_at=now)
        .returning(Response.consultation_id)
        .execution_options(synchronize_session=False)
    )
    found: int | None = session.scalar(statement)
    return found


def confirm_withdrawal(
    session: Session,
    sent: LastSent,
    *,
    to: Sequence[str],
    title: Mapping[str, str],
    closes_at: datetime,
    address: str,
    now: datetime,
    signatory: str = "",
    organisation: str = "",
) -> None:
    """Post the letter that says the submission ``sent`` no longer counts; once for each.

    ``to``: the addresses of the respondent, or of every co-author. ``title`` is that of the
    consultation by language, ``address`` where it can be sent again. ``signatory`` took back the
    response of ``organisation``; nothing for one's own.
    """
    shared = {
        "done": f"{signatory} a retiré la contribution de {organisation}",
        "again": "Un signataire peut les envoyer à nouveau",
    }
    text = letter.withdrawal(
        consultation=title,
        receipt=sent.receipt,
        number=sent.number,
        withdrawn_at=now,
        closes_at=closes_at,
        address=address,
        **(shared if organisation else {}),
    )
    for place, one in enumerate(to):
        post(
            session,
            key=f"withdrawal:{sent.receipt}" + (f":{place}" if place else ""),
            to=one,
            subject=letter.withdrawal_subject(title),
            text=text,
            now=now,
        )
