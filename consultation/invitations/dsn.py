"""Read what mail servers send back: delivery status notifications. Pure.

Sources: RFC 3464, and QSBMF (D. J. Bernstein, « The qmail-send Bounce Message Format ») for the
servers that never wrote it. Anything may arrive in the mailbox of bounces: what is no such
notification is ``None``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, message_from_string
from email.message import Message

LARGEST = 2_000_000
"""Bytes that are read: the notification and the headers it quotes come first."""

MOST_PARTS, MOST_RECIPIENTS, MOST_REFERENCES = 50, 50, 20
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?:^|;)\s*([245])\d\d\b")
"""The answer of an old server, without an enhanced status: ``smtp; 550 unknown user``."""

MOST_TEXT = 200_000
"""Characters that are read of one part."""

_STATUSES, _HEADERS = "text/x-delivery-status", "text/rfc822-headers"
_RENAMED = re.compile(
    rb"message/(delivery-status|global-delivery-status|global-headers|global)\b", re.I
)
_NAMES = {
    b"delivery-status": _STATUSES.encode(),
    b"global-delivery-status": _STATUSES.encode(),
    b"global-headers": _HEADERS.encode(),
    b"global": _HEADERS.encode(),
}
"""Parts read as plain text: the standard parser takes them for messages, which are never encoded.

Servers do encode them, in base64 or quoted-printable. The second names are those of RFC 6533, for
addresses beyond ASCII.
"""

_QMAIL = "Hi. This is the"
_QMAIL_RECIPIENT = re.compile(r"<([^<>\s]{1,320})>:[ \t]*\n(.*)", re.S)
_QMAIL_STATUS = re.compile(r"\(#([245])\.(\d{1,3})\.(\d{1,3})\)")
_QMAIL_CODE = re.compile(r"(?:said|response):\s*([245])\d\d\b")

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
        message = message_from_bytes(_RENAMED.sub(_renamed, data))
        return _read(message, _digest(data))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The standard parser has no error of its own for what strangers may write.
        return None


def _renamed(found: re.Match[bytes]) -> bytes:
    return _NAMES[found[1].lower()]


def _digest(data: bytes) -> str:
    """Return what names a message, whatever the mailbox did to the ends of its lines."""
    return hashlib.sha256(b"\n".join(data.strip().splitlines())).hexdigest()


def _read(message: Message, digest: str) -> Notification | None:
    parts = list(_parts(message))
    statuses = [part for part in parts if part.get_content_type() == _STATUSES]
    if statuses:
        verdicts = [verdict for part in statuses for verdict in _verdicts(_text(part))]
        quoted = list(_quoted(parts[1:]))
    elif message.get_content_maintype() == "text" and _text(message).lstrip().startswith(_QMAIL):
        said, _, original = _text(message).partition("\n--- ")
        verdicts, quoted = list(_qmail_verdicts(said)), [original]
    else:
        return None
    references = tuple(dict.fromkeys(_references(message, quoted)))[:MOST_REFERENCES]
    return Notification(references, tuple(verdicts[:MOST_RECIPIENTS]), digest)


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _text(part: Message) -> str:
    """Return what a part of text says, whatever its encoding, with one kind of line end."""
    payload = part.get_payload(decode=True)
    data = payload[: 4 * MOST_TEXT] if isinstance(payload, bytes) else b""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text[:MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n")


def _groups(text: str) -> Iterator[Message]:
    """Yield the groups of fields, which blank lines separate."""
    for number, group in enumerate(re.split(r"\n[ \t]*\n", text.strip("\n"))):
        if number > 2 * MOST_RECIPIENTS:
            return
        yield message_from_string(group.strip("\n") + "\n\n")


def _verdicts(text: str) -> Iterator[Verdict]:
    """Yield the verdict of each group of fields that names a recipient."""
    for group in _groups(text):
        recipients = frozenset(
            found
            for name in ("Final-Recipient", "Original-Recipient")
            if (found := _address(_field(group, name)))
        )
        action = re.split(r"[\s(;]", _field(group, "Action").lower(), maxsplit=1)[0]
        if recipients and action in ("failed", "delayed", "delivered", "relayed", "expanded"):
            done = action in ("delivered", "relayed", "expanded")
            yield Verdict(recipients, "delivered" if done else action, _status(group), _said(group))


def _qmail_verdicts(text: str) -> Iterator[Verdict]:
    """Yield the verdict of each paragraph that names a recipient: qmail writes when it gave up."""
    for paragraph in re.split(r"\n[ \t]*\n", text)[: 2 * MOST_RECIPIENTS]:
        if not (found := _QMAIL_RECIPIENT.match(paragraph.strip("\n") + "\n")):
            continue
        said = found[2].strip()
        code = _QMAIL_CODE.search(said)
        enhanced = _QMAIL_STATUS.search(said) or (code and _STATUS.search(said, code.start()))
        status = ".".join(enhanced.groups()) if enhanced else f"{code[1]}.0.0" if code else ""
        yield Verdict(frozenset([found[1].lower()]), "failed", status, _printable(said))


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
    return _printable(text)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:500]


def _quoted(parts: list[Message]) -> Iterator[str]:
    """Yield the headers of the message that came back."""
    for part in parts:
        if part.get_content_type() == _HEADERS:
            yield _text(part)[:100_000]
        yield str(part.get("Message-ID", ""))


def _references(message: Message, quoted: list[str]) -> Iterator[str]:
    """Yield what may be the start of our Message-ID: in what is quoted first, then around it."""
    for text in quoted:
        yield from _REFERENCE.findall(text)
    for name in ("In-Reply-To", "References"):
        yield from _REFERENCE.findall(str(message.get(name, ""))[:10_000])
