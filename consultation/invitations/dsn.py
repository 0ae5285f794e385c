"""Read what mail servers send back: delivery status notifications (RFC 3464). Pure.

Anything may arrive in the mailbox of bounces: what is not such a notification is ``None``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message

LARGEST = 2_000_000
"""Bytes that are read: the notification and the headers it quotes come first."""

MOST_PARTS, MOST_RECIPIENTS, MOST_REFERENCES = 50, 50, 20
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?:^|;)\s*([245])\d\d\b")
"""The answer of an old server, without an enhanced status: ``smtp; 550 unknown user``."""

_INTERNATIONAL = re.compile(rb"message/(global-delivery-status|global-headers|global)\b", re.I)
_USUAL = {
    b"global-delivery-status": b"message/delivery-status",
    b"global-headers": b"text/rfc822-headers",
    b"global": b"message/rfc822",
}
"""The same parts for addresses beyond ASCII (RFC 6533), which the standard parser ignores."""

_REFERENCE = re.compile(r"<([0-9a-f]{40})@[^<>\s]{1,255}>")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a notification says of one recipient. ``status`` is like ``5.1.1``."""

    recipients: frozenset[str]
    action: str
    status: str
    said: str

    @property
    def permanent(self) -> bool:
        return self.action == "failed" and condemns(self.status)


def condemns(status: str) -> bool:
    """Whether a status says that an address is no good.

    A mailbox that is full, a letter that is too large or taken for spam (RFC 3463: 5.2.2, 5.2.3,
    5.3.4, 5.7) say it of this letter, on this day.
    """
    passing = ("5.2.2", "5.2.3", "5.3.4")
    return status.startswith("5") and not status.startswith("5.7.") and status not in passing


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification: the message it is about, by the start of its Message-ID, and its verdicts.

    ``digest`` names the notification itself: the same one read twice is one.
    """

    references: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    digest: str

    def about(self, address: str) -> Verdict | None:
        """Return the verdict on ``address``; ``None`` when nothing failed.

        An address may stand for several people: when none of them is it, it failed for good only
        if it did for all of them.
        """
        named = [verdict for verdict in self.verdicts if address.lower() in verdict.recipients]
        group = named or list(self.verdicts)
        failed = [verdict for verdict in group if verdict.action != "delivered"]
        permanent = [verdict for verdict in failed if verdict.permanent]
        if permanent and (named or len(permanent) == len(group)):
            return permanent[0]
        return replace(failed[0], action="delayed") if failed else None


def read_notification(data: bytes) -> Notification | None:
    """Return the notification that a message is, or ``None`` when it is something else."""
    data = data[:LARGEST]
    try:
        message = message_from_bytes(_INTERNATIONAL.sub(_as_usual, data))
        return _read(message, _digest(data))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The standard parser has no error of its own for what strangers may write.
        return None


def _as_usual(found: re.Match[bytes]) -> bytes:
    return _USUAL[found[1].lower()]


def _digest(data: bytes) -> str:
    """Return what names a message, whatever the mailbox did to the ends of its lines."""
    return hashlib.sha256(b"\n".join(data.strip().splitlines())).hexdigest()


def _read(message: Message, digest: str) -> Notification | None:
    parts = list(_parts(message))
    statuses = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not statuses:
        return None
    verdicts = tuple(verdict for part in statuses for verdict in _verdicts(part))
    references = tuple(dict.fromkeys(_references(message, parts)))[:MOST_REFERENCES]
    return Notification(references, verdicts[:MOST_RECIPIENTS], digest)


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _verdicts(part: Message) -> Iterator[Verdict]:
    """Yield the verdict of each group of fields that names a recipient."""
    groups = part.get_payload()
    for group in groups if isinstance(groups, list) else []:
        if not isinstance(group, Message):
            continue
        recipients = frozenset(
            found
            for name in ("Final-Recipient", "Original-Recipient")
            if (found := _address(_field(group, name)))
        )
        action = re.split(r"[\s(;]", _field(group, "Action").lower(), maxsplit=1)[0]
        if recipients and action in ("failed", "delayed", "delivered", "relayed", "expanded"):
            done = action in ("delivered", "relayed", "expanded")
            yield Verdict(recipients, "delivered" if done else action, _status(group), _said(group))


def _field(group: Message, name: str) -> str:
    return " ".join(str(group.get(name, "")).split())


def _address(field: str) -> str:
    """Return the address of ``rfc822; somebody@example.org``, in small letters."""
    return field.rpartition(";")[2].strip(" <>").lower()


def _status(group: Message) -> str:
    for name in ("Status", "Diagnostic-Code"):
        found = _STATUS.search(_field(group, name))
        if found:
            return ".".join(found.groups())
    code = _CODE.search(_field(group, "Diagnostic-Code"))
    return f"{code[1]}.0.0" if code else ""


def _said(group: Message) -> str:
    text = _field(group, "Diagnostic-Code").partition(";")[2].strip() or _field(group, "Status")
    return "".join(c if c.isprintable() else " " for c in text)[:500]


def _references(message: Message, parts: list[Message]) -> Iterator[str]:
    """Yield what may be the start of our Message-ID: in what is quoted first, then around it."""
    for part in parts[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            head = payload[:100_000].decode("latin-1") if isinstance(payload, bytes) else ""
            yield from _REFERENCE.findall(head)
        yield from _REFERENCE.findall(str(part.get("Message-ID", "")))
    for name in ("In-Reply-To", "References"):
        yield from _REFERENCE.findall(str(message.get(name, ""))[:10_000])
