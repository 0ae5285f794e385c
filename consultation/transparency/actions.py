"""Extending the log: new submissions become leaves, then the head is signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, insert, select, update
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.db import upsert
from consultation.lib import merkle
from consultation.responses.models import Submission
from consultation.transparency.models import LogClosing, LogHead, LogLeaf, LogState, LogTile
from consultation.transparency.queries import hash_of
from consultation.transparency.rules import (
    CLOSING_SETTLES,
    TILE,
    Closing,
    entry_hash,
    sign,
    sign_closing,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

BATCH = 5000
CHAINED = 200
"""Heads that one extension proves: more than one only after an upgrade."""

SETTLED_AFTER = timedelta(hours=1)
"""No transaction lasts that long: an older submission can no longer appear from one."""

Pending = list[tuple[int, bytes]]


def extend(session: Session, key: Ed25519PrivateKey, now: datetime) -> int:
    """Add every submission that is not in the log yet and sign the head; return the number added.

    A consultation that closed gets a head of its own, whether or not anything was added.
    Two workers take turns on the row of the state; what one adds, the other finds added.
    """
    state = _locked_state(session)
    pending: Pending = [(level, bytes.fromhex(text)) for level, text in state.pending]
    added = 0
    while new := _not_in_log(session, state.settled_id):
        pending = _append(session, state.size + added, pending, new)
        added += len(new)
    if added:
        state.size += added
        state.pending = [[level, top.hex()] for level, top in pending]
        _sign(session, key, state.size, merkle.close(pending), now)
    _chain(session)
    _close(session, key, state.size, merkle.close(pending), now)
    state.settled_id = _settled(session, state.settled_id, now)
    session.flush()
    return added


def _locked_state(session: Session) -> LogState:
    """Return the one row, made if needed, locked until the end of the transaction."""
    first = upsert(session, LogState).values(id=1, size=0, settled_id=0, pending=[])
    session.execute(first.on_conflict_do_nothing())
    session.execute(update(LogState).where(LogState.id == 1).values(size=LogState.size))
    return session.scalars(select(LogState).execution_options(populate_existing=True)).one()


def _not_in_log(session: Session, settled: int) -> Sequence[tuple[int, str]]:
    known = exists().where(LogLeaf.submission_id == Submission.id)
    statement = (
        select(Submission.id, Submission.leaf_hash)
        .where(Submission.id > settled, ~known)
        .order_by(Submission.id)
        .limit(BATCH)
    )
    return [(row.id, row.leaf_hash) for row in session.execute(statement)]


def _append(
    session: Session, size: int, pending: Pending, new: Sequence[tuple[int, str]]
) -> Pending:
    tiles = []
    for place, (_, entry) in enumerate(new, size):
        pending, finished = _with_leaf(pending, entry_hash(entry))
        tiles += [
            {"level": level, "position": place >> level, "hash": top.hex()}
            for level, top in finished
        ]
    leaves = [
        {"position": place, "submission_id": identifier, "entry": entry}
        for place, (identifier, entry) in enumerate(new, size)
    ]
    session.execute(insert(LogLeaf), leaves)
    if tiles:
        session.execute(insert(LogTile), tiles)
    return pending


def _with_leaf(pending: Pending, leaf: bytes) -> tuple[Pending, Pending]:
    """Return the full subtrees after one more leaf, and those of tile levels it finished."""
    level, top, finished = 0, leaf, []
    pending = list(pending)
    while pending and pending[-1][0] == level:
        top = merkle.node_hash(pending.pop()[1], top)
        level += 1
        if level % TILE == 0:
            finished.append((level, top))
    return [*pending, (level, top)], finished


def _sign(session: Session, key: Ed25519PrivateKey, size: int, root: bytes, now: datetime) -> None:
    head = sign(key, size, root, now)
    session.add(
        LogHead(size=size, root=head.root, signed_at=now, key=head.key, signature=head.signature)
    )


def _chain(session: Session) -> None:
    """Prove that each head without a proof, the new one above all, only adds to the one before."""
    session.flush()
    unproved = select(LogHead).where(LogHead.consistency.is_(None)).order_by(LogHead.size)
    for head in session.scalars(unproved.limit(CHAINED)):
        before = session.scalar(select(func.max(LogHead.size)).where(LogHead.size < head.size))
        steps = merkle.consistency_proof(hash_of(session), before, head.size) if before else []
        head.consistency = [step.hex() for step in steps]


def _close(session: Session, key: Ed25519PrivateKey, size: int, root: bytes, now: datetime) -> None:
    """Sign the closing of each consultation that is over; everything it received is in the log."""
    received = (
        select(func.count())
        .where(Submission.consultation_id == Consultation.id)
        .correlate(Consultation)
        .scalar_subquery()
    )
    statement = select(Consultation.id, Consultation.closes_at, received.label("received")).where(
        Consultation.state == "published",
        Consultation.closes_at < now - CLOSING_SETTLES,
        ~exists().where(LogClosing.consultation_id == Consultation.id),
    )
    for row in session.execute(statement).all():
        closing = sign_closing(
            key, Closing(row.id, row.closes_at, row.received, size, root.hex(), now)
        )
        session.add(
            LogClosing(
                consultation_id=row.id,
                closed_at=row.closes_at,
                submissions=row.received,
                size=size,
                root=closing.root,
                signed_at=now,
                key=closing.key,
                signature=closing.signature,
            )
        )


def _settled(session: Session, settled: int, now: datetime) -> int:
    old = select(func.max(Submission.id)).where(
        Submission.id > settled, Submission.submitted_at < now - SETTLED_AFTER
    )
    return session.scalar(old) or settled
