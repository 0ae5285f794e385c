"""One of the writers: saves sections, then sends responses, as fast as it can.

Started by ``bench.writing`` with its task in JSON; says ``ready``, then waits for a line before
each of its two turns and answers with the number of writes it made and their CPU seconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from typing import Any

from sqlalchemy.orm import Session

from consultation.app import create_app
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.path import walk
from consultation.questionnaires.queries import compiled
from consultation.responses import actions, drafts
from consultation.responses.draft import Draft
from consultation.responses.rules import Respondent
from consultation.responses.submission import Sending
from consultation.settings import load

Write = Callable[[Session], None]


@dataclass(frozen=True)
class Writer:
    """Writes for its own people in one consultation."""

    consultation: Consultation
    version: CompiledVersion
    drafts: list[Draft]
    secret: str

    def saves(self) -> Iterator[Write]:
        """Yield one save of a section after the other, for one person after the other."""
        revisions = {draft.response_id: 1 for draft in self.drafts}
        for turn, draft in enumerate(cycle(self.drafts)):
            yield partial(self._save, revisions, draft, turn)

    def _save(self, revisions: dict[int, int], draft: Draft, turn: int, session: Session) -> None:
        section = self.version.sections[4].section.key
        answers = {**draft.sections[section].answers, "regionalisation_pourquoi": f"Version {turn}"}
        revision = actions.save_section(
            session,
            response_id=draft.response_id,
            user_id=draft.user_id or 0,
            section=section,
            answers=answers,
            seen=revisions[draft.response_id],
            now=datetime.now(UTC),
        )
        if revision is None:
            raise RuntimeError("a save was refused")
        revisions[draft.response_id] = revision
        session.commit()

    def sendings(self) -> Iterator[Write]:
        """Yield one submission after the other, each with another proposal."""
        for turn, draft in enumerate(cycle(self.drafts)):
            yield partial(self._send, draft, turn)

    def _send(self, known: Draft, turn: int, session: Session) -> None:
        now, user_id = datetime.now(UTC), known.user_id or 0
        draft = drafts.draft(session, self.consultation.id, user_id)
        if draft is None:
            raise RuntimeError("a draft has gone")
        answers = {**draft.answers, "proposition": f"Proposition {turn}"}
        sending = Sending(
            consultation_id=self.consultation.id,
            version_id=draft.version_id,
            version=self.version,
            path=walk(self.version, answers, now.date()),
            person=Respondent(user_id, None, None, "entreprise_pme", "84"),
            today=now.date(),
        )
        receipt = actions.submit(session, draft, sending, secret=self.secret, now=now)
        actions.send_copy(
            session,
            receipt,
            sending,
            response_id=draft.response_id,
            to=f"{user_id}@example.org",
            title=self.consultation.title,
            closes_at=self.consultation.closes_at,
            address="https://bench.example.org/",
        )
        session.commit()


def main(task: dict[str, Any]) -> None:
    """Do the two turns of ``task``."""
    app = create_app(load(task["environ"]))
    with app.app_context():
        writer = _writer(db.session, task)
        db.session.rollback()
        print("ready", flush=True)
        for turns in (writer.saves(), writer.sendings()):
            sys.stdin.readline()
            print(_work(turns, task["seconds"]), flush=True)


def _writer(session: Session, task: dict[str, Any]) -> Writer:
    consultation = session.get_one(Consultation, task["consultation_id"])
    version = compiled(session, consultation.version_id or 0)
    begun = [drafts.draft(session, consultation.id, user_id) for user_id in task["users"]]
    session.expunge(consultation)
    return Writer(consultation, version, [d for d in begun if d], task["environ"]["SECRET_KEY"])


def _work(turns: Iterator[Write], seconds: float) -> str:
    """Write until the time is over; return how often, and the seconds of CPU it took."""
    done, start, end = 0, time.process_time(), time.monotonic() + seconds
    while time.monotonic() < end:
        with Session(db.engine) as session:
            next(turns)(session)
        done += 1
    return f"{done} {time.process_time() - start}"


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
