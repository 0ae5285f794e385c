"""What a head says, what a receipt file holds, and how both are signed. Pure.

A leaf of the tree is the RFC 6962 leaf hash of the 32 bytes of a submission's ``leaf_hash``
(SHA-256 of the canonical JSON of the document, salt included). A head is signed with Ed25519
(RFC 8032) over the canonical JSON of ``{"root", "signed_at", "size"}``; a closing says as well
which consultation closed, when, and with how many submissions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from consultation.lib import merkle
from consultation.lib.canonical_json import canonical

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

RECEIPT_FORMAT = "consultation-receipt/1"
HEADS_FORMAT = "consultation-log-heads/1"
TILE = 8
"""Levels between two stored tiles: 256 leaves or tiles under each."""


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head as it is published; bytes are written in hexadecimal."""

    size: int
    root: str
    signed_at: datetime
    key: str
    signature: str

    def as_json(self) -> dict[str, Any]:
        """Return the head as published."""
        return {**_signed(self.size, self.root, self.signed_at), "key": self.key,
                "signature": self.signature}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Closing:
    """The head signed when a consultation closed, as it is published."""

    consultation: int
    closed_at: datetime
    submissions: int
    size: int
    root: str
    signed_at: datetime
    key: str = ""
    signature: str = ""

    def signed(self) -> dict[str, Any]:
        """Return what the signature is over."""
        return {
            **_signed(self.size, self.root, self.signed_at),
            "closed_at": self.closed_at.astimezone(UTC).isoformat(timespec="seconds"),
            "consultation": self.consultation,
            "submissions": self.submissions,
        }

    def as_json(self) -> dict[str, Any]:
        """Return the closing as published."""
        return {**self.signed(), "key": self.key, "signature": self.signature}


CLOSING_SETTLES = timedelta(minutes=1)
"""What was sent in the last second is stored by then."""


def _signed(size: int, root: str, signed_at: datetime) -> dict[str, Any]:
    at = signed_at.astimezone(UTC).isoformat(timespec="seconds")
    return {"root": root, "signed_at": at, "size": size}


def signing_key(secret: str) -> Ed25519PrivateKey:
    """Derive the signing key of the site from its secret (HKDF, RFC 5869)."""
    # Here and not above: it weighs 7 MB, and few pages ask for a signature.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"transparency/head/1")
    return Ed25519PrivateKey.from_private_bytes(kdf.derive(secret.encode()))


def sign(key: Ed25519PrivateKey, size: int, root: bytes, now: datetime) -> Head:
    """Return the signed head of a tree."""
    message = canonical(_signed(size, root.hex(), now))
    public = key.public_key().public_bytes_raw().hex()
    return Head(size, root.hex(), now, public, key.sign(message).hex())


def sign_closing(key: Ed25519PrivateKey, closing: Closing) -> Closing:
    """Return the same closing with its signature."""
    public = key.public_key().public_bytes_raw().hex()
    return replace(closing, key=public, signature=key.sign(canonical(closing.signed())).hex())


def is_signed(head: Mapping[str, Any]) -> bool:
    """Say whether a published head, or closing, carries the signature of the key it names."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(head["key"])))
        said = {name: head[name] for name in head if name not in ("key", "signature")}
        message = canonical(said)
        key.verify(bytes.fromhex(str(head["signature"])), message)
    except (InvalidSignature, KeyError, ValueError, TypeError):
        return False
    return True


def entry_hash(entry: str) -> bytes:
    """Return the hash in the tree of a submission's ``leaf_hash``."""
    return merkle.leaf_hash(bytes.fromhex(entry))


def receipt_file(
    receipt: str, document: Mapping[str, Any], position: int, proof: Sequence[bytes], head: Head
) -> dict[str, Any]:
    """Return what a respondent keeps to prove, without us, that the submission was received."""
    return {
        "format": RECEIPT_FORMAT,
        "receipt": receipt,
        "document": dict(document),
        "position": position,
        "proof": [step.hex() for step in proof],
        "head": head.as_json(),
    }
