"""Reading the log: heads, positions, proofs. A proof reads at most 256 rows a level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, cast

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.lib import merkle
from consultation.questionnaires.models import QuestionnaireVersion
from consultation.responses.models import Submission
from consultation.responses.proof import counted, document, leaf_hash, receipt
from consultation.transparency.models import LogClosing, LogHead, LogLeaf, LogState, LogTile
from consultation.transparency.rules import (
    HEADS_FORMAT,
    TILE,
    Closing,
    Head,
    entry_hash,
    receipt_file,
)


def heads(session: Session, *, limit: int | None = None, offset: int = 0) -> list[Head]:
    """Return the heads, latest first."""
    statement = select(LogHead).order_by(LogHead.size.desc()).offset(offset).limit(limit)
    return [_head(row) for row in session.scalars(statement)]


def count_heads(session: Session) -> int:
    """Return the number of heads."""
    return session.scalar(select(func.count()).select_from(LogHead)) or 0


def count_erased(session: Session) -> int:
    """Return the number of leaves whose submission was erased."""
    gone = ~exists().where(Submission.id == LogLeaf.submission_id)
    return session.scalar(select(func.count()).select_from(LogLeaf).where(gone)) or 0


def published(session: Session, key: str) -> dict[str, Any]:
    """Return every head as the file that verification reads; ``key`` is the public key.

    ``consistency`` proves that each head only adds to the one before it (RFC 6962 2.1.2).
    """
    rows = session.scalars(select(LogHead).order_by(LogHead.size.desc())).all()
    return {
        "format": HEADS_FORMAT,
        "key": key,
        "heads": [_head(row).as_json() for row in rows],
        "consistency": [
            {"old": before.size, "new": row.size, "proof": row.consistency}
            for row, before in pairwise(rows)
            if row.consistency is not None
        ],
        "closings": [closing.as_json() for closing in closings(session)],
    }


def closings(session: Session) -> list[Closing]:
    """Return the closings, latest first."""
    statement = select(LogClosing).order_by(LogClosing.closed_at.desc(), LogClosing.consultation_id)
    return [
        Closing(
            row.consultation_id,
            row.closed_at,
            row.submissions,
            row.size,
            row.root,
            row.signed_at,
            row.key,
            row.signature,
        )
        for row in session.scalars(statement)
    ]


def titles(session: Session, identifiers: Iterable[int]) -> Mapping[int, tuple[str, Any]]:
    """Return the address and the title of consultations, by identifier."""
    columns = (Consultation.id, Consultation.slug, Consultation.title)
    rows = session.execute(select(*columns).where(Consultation.id.in_(list(identifiers))))
    return {row.id: (row.slug, row.title) for row in rows}


def _head(row: LogHead) -> Head:
    return Head(row.size, row.root, row.signed_at, row.key, row.signature)


def hash_of(session: Session) -> merkle.Ranged:
    """Return the range hash of the log, read from tiles where they are full."""

    def ranged(first: int, last: int) -> bytes:
        size = last - first
        if size <= 1 << TILE:
            return merkle.root(_leaves(session, first, last))
        level = size.bit_length() - 1
        if size == 1 << level and first % size == 0:
            return merkle.root(_tiles(session, first, last, level // TILE * TILE))
        middle = first + merkle.split(size)
        return merkle.node_hash(ranged(first, middle), ranged(middle, last))

    return ranged


def _leaves(session: Session, first: int, last: int) -> list[bytes]:
    statement = (
        select(LogLeaf.entry)
        .where(LogLeaf.position >= first, LogLeaf.position < last)
        .order_by(LogLeaf.position)
    )
    return [entry_hash(entry) for entry in session.scalars(statement)]


def _tiles(session: Session, first: int, last: int, level: int) -> list[bytes]:
    statement = (
        select(LogTile.hash)
        .where(
            LogTile.level == level,
            LogTile.position >= first >> level,
            LogTile.position < last >> level,
        )
        .order_by(LogTile.position)
    )
    return [bytes.fromhex(tile) for tile in session.scalars(statement)]


def receipt_of(session: Session, submission_id: int) -> dict[str, Any] | None:
    """Return the receipt file of a submission; ``None`` while no head covers it."""
    leaf = session.scalar(select(LogLeaf).where(LogLeaf.submission_id == submission_id))
    submission = session.get(Submission, submission_id)
    if leaf is None or submission is None:
        return None
    row = session.scalar(
        select(LogHead).where(LogHead.size > leaf.position).order_by(LogHead.size).limit(1)
    )
    if row is None:
        return None
    proof = merkle.inclusion_proof(hash_of(session), leaf.position, row.size)
    held = _document(submission, _digests(session)[submission.version_id])
    return receipt_file(submission.receipt, held, leaf.position, proof, _head(row))


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """Return the proof that the log of ``new`` leaves only added to that of ``old``.

    Raises:
        ValueError: the sizes are not those of two heads, in order.
    """
    known = set(session.scalars(select(LogHead.size).where(LogHead.size.in_((old, new)))))
    if not {old, new} <= known:
        raise ValueError("no such head")
    return merkle.consistency_proof(hash_of(session), old, new)


def _digests(session: Session) -> Mapping[int, str]:
    rows = session.execute(select(QuestionnaireVersion.id, QuestionnaireVersion.digest))
    return {row.id: row.digest or "" for row in rows}


def _document(submission: Submission, version: str) -> dict[str, Any]:
    return document(
        consultation_id=submission.consultation_id,
        version=version,
        number=submission.number,
        answers=submission.answers,
        profile=submission.profile,
        submitted_at=submission.submitted_at,
        salt=submission.salt,
        counted=counted(
            response_id=submission.response_id,
            codes=submission.codes,
            unit=submission.unit,
            individual=submission.individual,
        ),
        signed_by=submission.signed_by,
    )


def altered(session: Session) -> Iterator[int]:
    """Yield the identifier of each stored submission that is no longer what its leaf says.

    Every column counts: the leaf covers what was sent and what results read, the receipt comes
    from the leaf, and an identifier that changed has no leaf, or another's.
    """
    digests = _digests(session)
    settled = session.scalar(select(LogState.settled_id)) or 0
    twice = _entries_met_twice(session)
    statement = (
        select(Submission, LogLeaf.entry)
        .outerjoin(LogLeaf, LogLeaf.submission_id == Submission.id)
        .order_by(Submission.id)
        .execution_options(yield_per=500)
    )
    rows = cast("Iterator[tuple[Submission, str | None]]", session.execute(statement))
    for submission, entry in rows:
        found = leaf_hash(_document(submission, digests[submission.version_id]))
        kept = (submission.leaf_hash, submission.receipt) == (found, receipt(found))
        lost = entry is None and (submission.id <= settled or _is_entry(session, found))
        if not kept or lost or entry not in (None, found) or found in twice:
            yield submission.id


def _is_entry(session: Session, found: str) -> bool:
    return session.scalar(select(exists().where(LogLeaf.entry == found))) or False


def _entries_met_twice(session: Session) -> set[str]:
    statement = select(LogLeaf.entry).group_by(LogLeaf.entry).having(func.count() > 1)
    return set(session.scalars(statement))


def broken_heads(session: Session) -> Iterator[int]:
    """Yield the size of each head whose root the leaves no longer give, or whose proof is wrong."""
    heads = session.scalars(select(LogHead).order_by(LogHead.size)).all()
    yield from (row.size for before, row in pairwise(heads) if not _follows(before, row))
    sizes = {row.size: row.root for row in heads}
    for closing in session.scalars(select(LogClosing)):
        if sizes.setdefault(closing.size, closing.root) != closing.root:
            yield closing.size
    if sizes.pop(0, None) not in (None, merkle.EMPTY.hex()):
        yield 0
    pending: list[tuple[int, bytes]] = []
    statement = select(LogLeaf.entry).order_by(LogLeaf.position)
    entries = session.scalars(statement.execution_options(yield_per=5000))
    for size, entry in enumerate(entries, 1):
        pending = merkle.append(pending, entry_hash(entry))
        root = sizes.pop(size, None)
        if root is not None and merkle.close(pending).hex() != root:
            yield size
    yield from sorted(sizes)


def _follows(before: LogHead, head: LogHead) -> bool:
    if head.consistency is None:
        return True
    tops, steps = (
        [bytes.fromhex(one.root) for one in (before, head)],
        map(bytes.fromhex, head.consistency),
    )
    return merkle.extends(tops[0], before.size, tops[1], head.size, list(steps))
