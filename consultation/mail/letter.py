"""The message as it travels: headers and body, from a row of the outbox. Pure."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy

import idna


class _WholeAddresses(EmailPolicy):
    """Folds long headers, but never cuts nor encodes the address of a page: ``<https://…>``.

    A subject with accents is encoded whole (RFC 2047): encoded in part, a long one was cut inside
    an encoded word, which people then read as it is.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        text = str(value)
        if name.lower() == "subject" and not text.isascii():
            encoded = Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {encoded}{self.linesep}".encode("ascii")
        if text.startswith("<http") and text.isascii() and " " not in text:
            return f"{name}: {text}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _WholeAddresses(linesep="\r\n")


def compose(
    *,
    key: str,
    sender: str,
    to: str,
    subject: str,
    body: str,
    headers: dict[str, str],
    posted_at: datetime,
) -> EmailMessage:
    """Build the message; raise ``ValueError`` when an address cannot be one.

    The Message-ID depends on ``key`` alone: sent twice after a crash, it is one message.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = address(sender)
    message["To"] = address(to)
    message["Subject"] = subject
    message["Date"] = posted_at.astimezone(UTC)
    message["Message-ID"] = message_id(key, sender)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    for name, value in headers.items():
        message[name] = value
    message.set_content(body, charset="utf-8")
    return message


def message_id(key: str, sender: str) -> str:
    """Return the identifier of the message of ``key``, the same at each sending."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:40]
    return f"<{digest}@{address(sender).domain}>"


def address(text: str) -> Address:
    """Read ``text`` as one address, its domain in ASCII; raise ``ValueError`` otherwise."""
    local, at, domain = text.rpartition("@")
    if not (at and local and domain) or not local.isascii() or "," in text:
        raise ValueError(f"not an address: {text!r}")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode()
        return Address(addr_spec=f"{local}@{ascii_domain}")
    except (idna.IDNAError, IndexError, LookupError) as error:
        raise ValueError(f"not an address: {text!r}") from error
