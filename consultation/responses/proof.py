"""What proves a submission: its leaf, and the receipt that the respondent keeps. Pure.

The leaf is the SHA-256 of the canonical JSON of what was sent, with a random salt: whoever holds
the document and its salt can compute it again; whoever holds the leaf alone learns nothing. The
receipt writes the first 160 bits of the leaf in 32 characters that people can read aloud.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from consultation.lib.canonical_json import canonical

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: neither I, L nor O, which are read as 1, 1 and 0; nor U."""

_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile(r"[\s\-\u00a0\u202f\u2010-\u2015.]+")


def document(
    *,
    consultation_id: int,
    version: str,
    number: int,
    answers: Mapping[str, Any],
    profile: Mapping[str, Any],
    submitted_at: datetime,
    salt: str,
    counted: str,
    signed_by: int | None = None,
) -> dict[str, Any]:
    """Return what the leaf is computed from; ``version`` is the digest of the questionnaire.

    ``counted`` is the :func:`counted` digest of the same submission. ``signed_by`` is there for an
    organisation alone: the number of the account that signed.
    """
    signature = {} if signed_by is None else {"signed_by": signed_by}
    return {
        **signature,
        "answers": dict(answers),
        "consultation": consultation_id,
        "counted": counted,
        "number": number,
        "profile": dict(profile),
        "salt": salt,
        "submitted_at": submitted_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "version": version,
    }


def counted(*, response_id: int, codes: bytes, unit: int, individual: bool) -> str:
    """Return the SHA-256, in hexadecimal, of what results read of a submission.

    They read the packed vector and never the answers: the leaf has to cover it too.
    """
    head = f"{response_id}:{unit}:{int(individual)}:".encode()
    return hashlib.sha256(head + codes).hexdigest()


def leaf_hash(found: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of the canonical JSON of a :func:`document`."""
    return hashlib.sha256(canonical(found)).hexdigest()


def receipt(leaf: str) -> str:
    """Return the receipt of a leaf: 32 characters in 8 groups of 4, joined by hyphens."""
    bits = int(leaf[:40], 16)
    characters = "".join(ALPHABET[bits >> shift & 31] for shift in range(155, -1, -5))
    return "-".join(characters[i : i + 4] for i in range(0, 32, 4))


def read_receipt(typed: str) -> str | None:
    """Return the receipt that a person typed, however grouped; ``None`` when it cannot be one."""
    bare = _SEPARATORS.sub("", typed).upper().translate(_LOOK_ALIKE)
    if len(bare) != 32 or any(character not in ALPHABET for character in bare):
        return None
    return "-".join(bare[i : i + 4] for i in range(0, 32, 4))
