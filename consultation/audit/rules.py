"""The hash chain of the journal: pure functions over plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
"""The hash that precedes the first event."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What an event says, without its place in the chain."""

    id: int
    at: datetime
    actor_id: int | None
    verb: str
    subject: str
    subject_id: str
    consultation_id: int | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A sealed event: its fact and its place in the chain."""

    fact: Fact
    position: int
    previous_hash: str
    hash: str


def fact_hash(fact: Fact, position: int, previous_hash: str) -> str:
    """Return the hexadecimal SHA-256 of the event at ``position`` after ``previous_hash``."""
    document = {
        "id": fact.id,
        "at": fact.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": fact.actor_id,
        "verb": fact.verb,
        "subject": fact.subject,
        "subject_id": fact.subject_id,
        "consultation_id": fact.consultation_id,
        "details": fact.details,
        "position": position,
        "previous_hash": previous_hash,
    }
    text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(links: Iterable[Link]) -> int | None:
    """Return the position of the first link that does not hold, or ``None``.

    ``links`` come in the order of their positions, from the first one.
    """
    previous, expected = GENESIS, 1
    for link in links:
        whole = link.position == expected and link.previous_hash == previous
        if not whole or link.hash != fact_hash(link.fact, link.position, link.previous_hash):
            return expected
        previous, expected = link.hash, expected + 1
    return None
