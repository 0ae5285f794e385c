"""Change responses: begin, save a section, attach a file, send. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.db import upsert
from consultation.mail.actions import post, post_to_each
from consultation.questionnaires.kinds.question import Answer
from consultation.questionnaires.path import submitted
from consultation.responses import letter, statements
from consultation.responses.draft import Draft
from consultation.responses.models import Attachment, Response, Submission
from consultation.responses.queries import copies_to_co_authors, last_submission
from consultation.responses.submission import Receipt, Sending, submission_row


class Overtaken(Exception):
    """Somebody sent this response at the same moment: nothing was written, read it again."""


def start(
    session: Session, *, consultation_id: int, version_id: int, user_id: int, now: datetime
) -> bool:
    """Begin the response of a person; tell whether it was not begun before."""
    statement = (
        upsert(session, Response)
        .values(
            consultation_id=consultation_id,
            user_id=user_id,
            version_id=version_id,
            status="draft",
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Response.id)
    )
    response_id = session.scalar(statement)
    if response_id is None:
        return False
    record(
        session,
        actor_id=user_id,
        verb="start_response",
        subject="response",
        subject_id=response_id,
        now=now,
        consultation_id=consultation_id,
    )
    return True


def save_section(
    session: Session,
    *,
    response_id: int,
    user_id: int,
    section: str,
    answers: Mapping[str, Answer],
    seen: int,
    now: datetime,
) -> int | None:
    """Save the draft of one section, in one statement; return its new revision.

    ``seen`` is the revision that the person had before their eyes, 0 for a section never saved.
    ``None`` when somebody saved it since, or when the response is neither this person's nor one
    they share: nothing is written. Two people who save different sections never meet.
    """
    row = {
        "response": response_id,
        "owner": user_id,
        "part": section,
        "typed": dict(answers),
        "moment": now,
        "seen": seen,
    }
    revision: int | None = session.execute(statements.save(session), row).scalar()
    return revision


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file already checked and written; ``name`` is that of the person, ``id`` ours."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str

    def as_answer(self) -> dict[str, Any]:
        """Return the file as the answer to a question keeps it."""
        return {
            "id": self.id,
            "name": self.name,
            "size": self.size,
            "media_type": self.media_type,
            "sha256": self.sha256,
        }


def attach(
    session: Session,
    files: list[tuple[str, KeptFile]],
    *,
    response_id: int,
    user_id: int,
    now: datetime,
) -> None:
    """Add files, each with the key of its question, to a response."""
    rows = [
        {
            **file.as_answer(),
            "response_id": response_id,
            "question": question,
            "added_at": now,
            "added_by": user_id,
        }
        for question, file in files
    ]
    session.execute(insert(Attachment), rows)


def detach(session: Session, *, response_id: int, name: str) -> bool:
    """Remove a file that was never sent; tell whether its bytes can go too.

    A file that was sent stays with its submission: only the draft forgets it.
    """
    was_sent = select(Submission.id).where(Submission.response_id == response_id).exists()
    statement = delete(Attachment).where(
        Attachment.id == name, Attachment.response_id == response_id, ~was_sent
    )
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1


def submit(
    session: Session, draft: Draft, sending: Sending, *, secret: str, now: datetime
) -> Receipt:
    """Send what the draft holds; the same draft sent twice is one submission and one receipt.

    Gaps are the caller's business: it has shown them. ``secret`` keys the hash of the unit.

    Raises:
        Overtaken: another request has just sent or deleted this response; roll back, read again.
    """
    answers = submitted(sending.version, sending.path)
    last = last_submission(session, draft.response_id)
    if last is not None and _is_same(last, draft, sending, answers):
        return Receipt(last.number, last.receipt, last.submitted_at, answers, new=False)
    row = submission_row(
        draft.response_id, sending, answers, last.number + 1 if last else 1, secret, now
    )
    try:
        submission_id = session.execute(statements.submission(session), row).scalar()
    except IntegrityError as error:  # its draft was deleted this very second
        raise Overtaken from error
    if submission_id is None or not _point_at(session, draft, sending, submission_id, now):
        raise Overtaken
    record(
        session,
        actor_id=sending.person.user_id,
        verb="submit_response",
        subject="response",
        subject_id=draft.response_id,
        now=now,
        consultation_id=sending.consultation_id,
        details={"number": row["number"], "submission": submission_id},
    )
    return Receipt(row["number"], row["receipt"], now, answers, new=True)


def _is_same(last: Submission, draft: Draft, sending: Sending, answers: Mapping[str, Any]) -> bool:
    return (
        last.id == draft.submission_id
        and last.version_id == sending.version_id
        and last.answers == answers
        and last.profile == sending.person.profile
    )


def _point_at(
    session: Session, draft: Draft, sending: Sending, submission_id: int, now: datetime
) -> bool:
    whose = {
        "response": draft.response_id,
        "signatory": sending.person.user_id,
        "pointed": draft.submission_id,
        "submission": submission_id,
        "version": sending.version_id,
        "moment": now,
    }
    result = session.execute(statements.pointing(draft.shared is not None), whose)
    return isinstance(result, CursorResult) and result.rowcount == 1


def send_copy(
    session: Session,
    receipt: Receipt,
    sending: Sending,
    *,
    response_id: int,
    to: str | None,
    title: Mapping[str, str],
    closes_at: datetime,
    address: str,
    signature: str = "",
) -> None:
    """Post the receipt and the copy of the answers to the respondent; once for each receipt.

    ``to``: the address of the respondent; ``None`` for every co-author. ``title`` is that of the
    consultation by language, ``address`` where the response can be changed until ``closes_at``.
    ``signature`` says who signed for an organisation.
    """
    copy = letter.copy(sending.version, sending.path, receipt.answers, sending.today)
    text = letter.text(
        consultation=title,
        receipt=receipt.receipt,
        number=receipt.number,
        submitted_at=receipt.submitted_at,
        closes_at=closes_at,
        address=address,
        answers=copy,
        signature=signature,
    )
    subject, key, now = letter.subject(title), f"receipt:{receipt.receipt}", receipt.submitted_at
    if to is None:
        people = copies_to_co_authors(key, response_id)
        post_to_each(session, people, subject=subject, text=text, now=now)
    else:
        post(session, key=key, to=to, subject=subject, text=text, now=now)
