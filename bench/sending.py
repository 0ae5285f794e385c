"""What sending costs, and how much of it is for the log that proves what was received.

Sending writes the entry of the log in the row of the submission; a worker gives it its place in
the tree afterwards. So the part of the log is in the same statement: it is measured alone, on the
submission that has just been stored.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.questionnaires import REAL
from bench.site import build, invite, open_consultation
from bench.visitor import Answer, Visitor, median_ms, statements
from consultation.db import db
from consultation.questionnaires.compiled import CompiledVersion
from consultation.responses import proof
from consultation.responses.models import Submission
from consultation.transparency.actions import extend
from consultation.transparency.rules import signing_key

REPEATS, WARM_UP = 40, 5
TABLES_OF_THE_LOG = ("log_leaves", "log_tiles", "log_state", "log_heads", "log_closings")


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that sends; ``later`` is what the worker does for it, once answered."""

    statements: int
    of_the_log: int
    cpu_ms: float
    leaf_ms: float
    later_ms: float
    later_statements: float


def measure_sending() -> Sent:
    """Send ``REPEATS`` whole drafts through the application, on SQLite, and let the worker pass."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(Path(folder))
        with app.app_context():
            consultation, version = open_consultation(db.session, REAL)
            names = [f"sender-{number}" for number in range(WARM_UP + REPEATS + 1)]
            users = invite(db.session, consultation, version, names)
            visitors = [Visitor(app, user) for user in users]
            root = f"/consultations/{consultation.slug}/contribution"
        answers = [_send(visitor, root) for visitor in visitors[:-1]][WARM_UP:]
        with statements() as asked:
            _send(visitors[-1], root, asked)
        with app.app_context():
            leaf = _leaf_ms(db.session, version)
            later_ms, later = _later(db.session)
    of_the_log = sum(any(table in one for table in TABLES_OF_THE_LOG) for one in asked)
    return Sent(len(asked), of_the_log, median_ms(answers), leaf, later_ms, later)


def _send(visitor: Visitor, root: str, asked: list[str] | None = None) -> Answer:
    form = visitor.form(f"{root}/relire", holding="_etat")
    if asked is not None:
        asked.clear()
    answer = visitor.post(f"{root}/envoyer", form)
    if answer.status != 303:
        raise RuntimeError(f"sending answered {answer.status}")
    return answer


def _leaf_ms(session: Session, version: CompiledVersion) -> float:
    """Return the CPU of the entry of the log of one submission: salt, document, hash, receipt."""
    sent = session.scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()
    taken = []
    for _ in range(REPEATS):
        start = time.process_time()
        secrets.token_hex(16)
        leaf = _leaf(sent, version.digest)
        proof.receipt(leaf)
        taken.append(time.process_time() - start)
        if leaf != sent.leaf_hash:
            raise RuntimeError("what is measured is not what sending computes")
    return 1000 * median(taken)


def _leaf(sent: Submission, digest: str) -> str:
    return proof.leaf_hash(
        proof.document(
            consultation_id=sent.consultation_id,
            version=digest,
            number=sent.number,
            answers=sent.answers,
            profile=sent.profile,
            submitted_at=sent.submitted_at,
            salt=sent.salt,
            counted=proof.counted(
                response_id=sent.response_id,
                codes=sent.codes,
                unit=sent.unit,
                individual=sent.individual,
            ),
        )
    )


def _later(session: Session) -> tuple[float, float]:
    """Return the CPU ms and the statements of the worker for each submission it adds."""
    key = signing_key("a key for measures, long enough and kept by nobody")
    with statements() as asked:
        start = time.process_time()
        added = extend(session, key, datetime.now(UTC))
        session.commit()
    return 1000 * (time.process_time() - start) / added, len(asked) / added
