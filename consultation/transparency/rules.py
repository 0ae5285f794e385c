"""What a head says, what a receipt file holds, and how both are verified. Pure and offline.

A leaf of the tree is the RFC 6962 leaf hash of the 32 bytes of a submission's ``leaf_hash``
(SHA-256 of the canonical JSON of the document, salt included). A head is signed with Ed25519
(RFC 8032) over the canonical JSON of ``{"root", "signed_at", "size"}``; a closing says as well
which consultation closed, when, and with how many submissions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from consultation.lib import merkle
from consultation.lib.canonical_json import canonical
from consultation.responses.proof import receipt as number_of

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a receipt is proved, and one sentence that says why."""

    proved: bool
    sentence: str


def verify(receipt: Mapping[str, Any], heads: Mapping[str, Any]) -> Verdict:
    """Verify a receipt file against published heads, with no access to anything else."""
    try:
        return _verify(receipt, heads)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return Verdict(False, "The receipt or the list of heads is not in the expected format.")


def _verify(receipt: Mapping[str, Any], heads: Mapping[str, Any]) -> Verdict:
    if receipt["format"] != RECEIPT_FORMAT or heads["format"] != HEADS_FORMAT:
        return Verdict(False, "The receipt or the list of heads is not in the expected format.")
    published = [h for h in heads["heads"] if h["size"] == receipt["head"]["size"]]
    if any(h["root"] != published[0]["root"] for h in published):
        return Verdict(False, "Two published heads of the same size contradict each other.")
    if not published or published[0] != receipt["head"]:
        return Verdict(False, "The head of this receipt is not among the published heads.")
    head = published[0]
    if head["key"] != heads["key"] or not is_signed(head):
        return Verdict(False, "The signature of the head is not valid.")
    entry = sha256(canonical(receipt["document"])).digest()
    proof = [bytes.fromhex(step) for step in receipt["proof"]]
    root, size, position = bytes.fromhex(head["root"]), _whole(head["size"]), receipt["position"]
    if not merkle.includes(root, size, _whole(position), merkle.leaf_hash(entry), proof):
        return Verdict(False, "The document of this receipt is not in the log: it was altered.")
    if receipt["receipt"] != number_of(entry.hex()):
        return Verdict(False, "The number of this receipt is not that of its document.")
    if wrong := _wrong_closing(receipt, heads):
        return Verdict(False, wrong)
    when = receipt["document"]["submitted_at"]
    return Verdict(True, f"Received on {when}, in the log at the head of {head['signed_at']}.")


def _whole(value: Any) -> int:
    """Return a whole number; raise ``TypeError`` on what only looks like one: ``"7"``, 7.0, true"""
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


def _wrong_closing(receipt: Mapping[str, Any], heads: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the closing of the consultation of a receipt, if it closed."""
    consultation = receipt["document"]["consultation"]
    for closing in heads.get("closings", []):
        if closing["consultation"] != consultation:
            continue
        if closing["key"] != heads["key"] or not is_signed(closing):
            return "The signature of the closing of this consultation is not valid."
        if _whole(receipt["position"]) >= _whole(closing["size"]):
            return "This document entered the log after the closing of its consultation."
    return None
