"""Verify receipts and lists of heads with nothing but these files. Pure and offline.

A list that carries the proofs of RFC 6962 2.1.2 from each head to the next shows that nothing was
taken out of the log, nor changed in it, since the first head. A list made before these proofs were
published is read all the same, and the sentence says what it does not show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any

from consultation.lib import merkle
from consultation.lib.canonical_json import canonical
from consultation.responses.proof import receipt as number_of
from consultation.transparency.rules import HEADS_FORMAT, RECEIPT_FORMAT, is_signed

UNREADABLE = "The receipt or the list of heads is not in the expected format."
CONTRADICTION = "Two published heads of the same size contradict each other."
NOT_SHOWN = "This list does not show that later heads only add to it: take a more recent one."


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
        return Verdict(False, UNREADABLE)


def _verify(receipt: Mapping[str, Any], heads: Mapping[str, Any]) -> Verdict:
    if receipt["format"] != RECEIPT_FORMAT or heads["format"] != HEADS_FORMAT:
        return Verdict(False, UNREADABLE)
    published = [h for h in heads["heads"] if h["size"] == receipt["head"]["size"]]
    if any(h["root"] != published[0]["root"] for h in published):
        return Verdict(False, CONTRADICTION)
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
    if wrong := _wrong_closing(receipt, heads) or _wrong_list(heads):
        return Verdict(False, wrong)
    when = receipt["document"]["submitted_at"]
    said = f"Received on {when}, in the log at the head of {head['signed_at']}."
    later = len({h["size"] for h in heads["heads"] if h["size"] > size})
    if not later:
        return Verdict(True, said)
    if _unproved(heads, size):
        return Verdict(True, f"{said} {NOT_SHOWN}")
    return Verdict(True, f"{said} The {later} later heads only add to it.")


def compare(earlier: Mapping[str, Any], heads: Mapping[str, Any]) -> Verdict:
    """Say whether the log of ``heads`` only added to the one of a list that was kept earlier."""
    try:
        return _compare(earlier, heads)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return Verdict(False, UNREADABLE)


def _compare(earlier: Mapping[str, Any], heads: Mapping[str, Any]) -> Verdict:
    if earlier["format"] != HEADS_FORMAT or heads["format"] != HEADS_FORMAT:
        return Verdict(False, UNREADABLE)
    if earlier["key"] != heads["key"]:
        return Verdict(False, "The two lists do not name the same key.")
    for name, held in (("head", "heads"), ("closing", "closings")):
        published = {canonical(one) for one in heads.get(held, [])}
        for one in earlier.get(held, []):
            if canonical(one) not in published:
                signed = one["signed_at"]
                return Verdict(False, f"The {name} signed on {signed} is no longer published.")
    if wrong := _wrong_list(heads):
        return Verdict(False, wrong)
    known, now = (
        max((_whole(h["size"]) for h in of["heads"]), default=0) for of in (earlier, heads)
    )
    if _unproved(heads, known):
        return Verdict(False, NOT_SHOWN)
    added = len({h["size"] for h in heads["heads"] if h["size"] > known})
    return Verdict(True, f"The log only grew, from {known} to {now} entries. New heads: {added}.")


def _wrong_list(heads: Mapping[str, Any]) -> str | None:
    """Return what is wrong in a list: a root, a step to the next, a closing, a signature."""
    roots: dict[int, bytes] = {0: merkle.EMPTY}
    for head in heads["heads"]:
        size, top = _whole(head["size"]), bytes.fromhex(head["root"])
        if roots.setdefault(size, top) != top:
            return CONTRADICTION
    links, missing = _links(heads), None
    for old, new in pairwise(sorted(roots.keys() - {0})):
        proof = links.get((old, new))
        if proof is None:
            missing = (
                missing or f"The proof from the head of {old} entries to that of {new} is missing."
            )
            continue
        if missing is not None:  # the site writes them in order: this one was taken out
            return missing
        if not merkle.extends(roots[old], old, roots[new], new, proof):
            return (
                f"The head of {new} entries does not follow from that of {old}: one was rewritten."
            )
    for closing in heads.get("closings", []):
        if roots.get(_whole(closing["size"])) != bytes.fromhex(closing["root"]):
            return (
                f"The closing of consultation {closing['consultation']} is under no published head."
            )
    return _wrong_signature(heads)


def _wrong_signature(heads: Mapping[str, Any]) -> str | None:
    """Return which head or closing is not signed by the site.

    A site whose secret changed has older heads, each signed with the key it names; once the key of
    today signs, no other does.
    """
    ours, known = heads["key"], {heads["key"]}
    seen = False
    for head in sorted(heads["heads"], key=lambda head: _whole(head["size"])):
        seen = seen or head["key"] == ours
        if (seen and head["key"] != ours) or not is_signed(head):
            return f"The signature of the head of {head['size']} entries is not valid."
        known.add(head["key"])
    if heads["heads"] and not seen:
        return "No head is signed with the key of this list."
    for closing in heads.get("closings", []):
        if closing["key"] not in known or not is_signed(closing):
            return (
                f"The signature of the closing of consultation {closing['consultation']} "
                "is not valid."
            )
    return None


def _unproved(heads: Mapping[str, Any], since: int) -> int:
    """Return the number of steps from one head to the next, ``since`` a size, without a proof."""
    sizes = sorted({head["size"] for head in heads["heads"] if head["size"] >= since})
    links = _links(heads)
    return sum((old, new) not in links for old, new in pairwise(sizes))


def _links(heads: Mapping[str, Any]) -> dict[tuple[int, int], Sequence[bytes]]:
    return {
        (_whole(step["old"]), _whole(step["new"])): [bytes.fromhex(one) for one in step["proof"]]
        for step in heads.get("consistency", [])
    }


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
