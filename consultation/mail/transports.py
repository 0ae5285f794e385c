"""Where messages go: a real SMTP server, or the console and a folder in the demonstration."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 20.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one sending.

    ``refused``: never again. ``later``: try again. ``unreachable``: the server is out of reach,
    and the message has nothing to do with it. ``dropped``: its room no longer wants it sent.
    """

    kind: Literal["sent", "refused", "later", "unreachable", "dropped"]
    reason: str = ""


class Transport(Protocol):
    """Takes messages one at a time and keeps its connection between them."""

    def send(self, message: EmailMessage, number: int) -> Outcome:
        """Send ``message``; ``number`` is its number in the outbox."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class Folder:
    """Writes each message to the console and to a file, for people who try the platform."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage, number: int) -> Outcome:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{number:06}.eml").write_bytes(bytes(_readable(message)))
        body = message.get_content().replace("\r\n", "\n")
        print(f"--- Mail to {message['To']}: {message['Subject']}\n{body}---", flush=True)
        return Outcome("sent")

    def close(self) -> None:
        """Nothing to give back."""


def _readable(message: EmailMessage) -> EmailMessage:
    """Return ``message`` with its text as it is, for people who open the file and copy a link."""
    plain = deepcopy(message)
    with suppress(ValueError):  # a line too long for the format stays encoded
        plain.set_content(message.get_content(), charset="utf-8", cte="8bit")
    return plain


class Server:
    """One SMTP connection, opened at the first message and opened again when it is cut.

    ``smtps://`` is encrypted from the start; ``smtp://`` uses STARTTLS when it is offered, and
    never gives a password to another machine without it.
    """

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, number: int) -> Outcome:
        try:
            connection = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("unreachable", _said(error))
        try:
            connection.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            self._drop_if_cut(error)
            return _outcome(error)
        return Outcome("sent")

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and not _answers(self._connection):
            self.close()
        if self._connection is None:
            self._connection = _open(self._url)
        return self._connection

    def _drop_if_cut(self, error: Exception) -> None:
        connection = self._connection
        cut = isinstance(error, OSError | smtplib.SMTPServerDisconnected)
        if connection is not None and (cut or connection.sock is None):
            connection.close()
            self._connection = None


def _open(url: SplitResult) -> smtplib.SMTP:
    host = url.hostname or ""
    connection: smtplib.SMTP
    if url.scheme == "smtps":
        connection = smtplib.SMTP_SSL(
            host, url.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(host, url.port or 587, timeout=TIMEOUT_SECONDS)
    try:
        _introduce(connection, url)
    except BaseException:
        connection.close()
        raise
    return connection


def _answers(connection: smtplib.SMTP) -> bool:
    """Whether the server has kept the connection open since the message before."""
    try:
        return connection.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _introduce(connection: smtplib.SMTP, url: SplitResult) -> None:
    connection.ehlo()
    encrypted = url.scheme == "smtps"
    if not encrypted and connection.has_extn("starttls"):
        # Made when it serves: reading the certificates of the machine takes 25 ms.
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
        encrypted = True
    if url.username:
        if not encrypted and url.hostname not in LOOPBACK:
            raise smtplib.SMTPException("the server offers no encryption: no password was given")
        try:
            connection.login(unquote(url.username), unquote(url.password or ""))
        except UnicodeEncodeError:
            raise smtplib.SMTPException("SMTP carries ASCII passwords only") from None


def _outcome(error: Exception) -> Outcome:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return Outcome("refused" if code >= 500 else "later", _said(error))
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500:
        return Outcome("refused", _said(error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Outcome("refused", _said(error))
    return Outcome("later", _said(error))


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return f"{code} {answer.decode(errors='replace')}"
    if isinstance(error, smtplib.SMTPResponseException):
        said: bytes | str = error.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        return f"{error.smtp_code} {text}"
    return f"{type(error).__name__}: {error}"
