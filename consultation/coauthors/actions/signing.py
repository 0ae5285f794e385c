"""Ask for a signature, and give a draft back to its authors. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.coauthors.actions.noting import add_note
from consultation.coauthors.models import SharedResponse
from consultation.coauthors.rules.signing import check_asking
from consultation.coauthors.rules.writing import WHOLE
from consultation.db import upsert
from consultation.responses.draft import Draft


def ask_signature(
    session: Session,
    draft: Draft,
    *,
    consultation_id: int,
    user_id: int,
    changed: bool,
    now: datetime,
) -> None:
    """Keep that a co-author asks for a signature, and the state of the draft they ask it for.

    ``changed``: whether the draft differs from what was signed last.

    Raises:
        Refused: there is nothing to sign.
    """
    check_asking(draft, changed)
    asked = {"asked_at": now, "asked_by": user_id, "asked_state": draft.state()}
    statement = upsert(session, SharedResponse).values(response_id=draft.response_id, **asked)
    statement = statement.on_conflict_do_update(index_elements=["response_id"], set_=asked)
    session.execute(statement)
    _record(session, "ask_signature", draft, consultation_id, user_id, now)


def send_back(
    session: Session,
    draft: Draft,
    *,
    consultation_id: int,
    user_id: int,
    text: str,
    now: datetime,
) -> None:
    """Withdraw the signature asked for, and say why in a note on the whole response.

    Raises:
        Refused: the note is empty or too long.
    """
    add_note(
        session,
        response_id=draft.response_id,
        author_id=user_id,
        target=WHOLE,
        text=text,
        now=now,
    )
    statement = (
        update(SharedResponse)
        .where(SharedResponse.response_id == draft.response_id)
        .values(asked_at=None, asked_by=None, asked_state=None)
    )
    session.execute(statement, execution_options={"synchronize_session": False})
    _record(session, "send_back_response", draft, consultation_id, user_id, now)


def _record(
    session: Session, verb: str, draft: Draft, consultation_id: int, user_id: int, now: datetime
) -> None:
    record(
        session,
        actor_id=user_id,
        verb=verb,
        subject="response",
        subject_id=draft.response_id,
        now=now,
        consultation_id=consultation_id,
    )
