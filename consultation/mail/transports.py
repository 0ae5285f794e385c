"""Where messages go: a real SMTP server, or the console and a folder in the demonstration."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from consultation.web.typography import NBSP

TIMEOUT_SECONDS = 20.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")

HUNG = f"Le serveur de courrier n’a rien répondu pendant {TIMEOUT_SECONDS:.0f}{NBSP}secondes"
FAILED = "Le serveur de courrier ne peut pas être joint"
NO_ENCRYPTION = (
    f"Le serveur de courrier ne propose pas de chiffrement{NBSP}: le mot de passe ne lui est pas "
    "donné"
)
ASCII_ONLY = "Le mot de passe du serveur de courrier a un accent, que SMTP ne transporte pas"
SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "Le certificat du serveur de courrier n’est pas reconnu"),
    (ssl.SSLError, "La connexion chiffrée au serveur de courrier a échoué"),
    (ConnectionRefusedError, "Le serveur de courrier refuse la connexion"),
    (socket.gaierror, "Le nom du serveur de courrier est inconnu"),
    (smtplib.SMTPServerDisconnected, "Le serveur de courrier a coupé la connexion"),
    (ConnectionError, "Le serveur de courrier a coupé la connexion"),
    (smtplib.SMTPNotSupportedError, "Le serveur de courrier ne sait pas faire ce qui est demandé"),
)
"""What is said of each failure that is no answer of a server, the narrowest first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one sending.

    ``refused``: never again. ``later``: try again. ``unreachable``: the server is out of reach,
    and the message has nothing to do with it. ``dropped``: its room no longer wants it sent.

    ``reason`` is what the server answered, or a sentence in French when it answered nothing.
    ``hung``: it kept us waiting until the end of our patience.
    """

    kind: Literal["sent", "refused", "later", "unreachable", "dropped"]
    reason: str = ""
    hung: bool = False


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
            return Outcome("unreachable", _said(error), _hung(error))
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
            raise smtplib.SMTPException(NO_ENCRYPTION)
        try:
            connection.login(unquote(url.username), unquote(url.password or ""))
        except UnicodeEncodeError:
            raise smtplib.SMTPException(ASCII_ONLY) from None


def _outcome(error: Exception) -> Outcome:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return Outcome("refused" if code >= 500 else "later", _said(error))
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500:
        return Outcome("refused", _said(error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Outcome("refused", _said(error))
    return Outcome("later", _said(error), _hung(error))


def _hung(error: BaseException | None) -> bool:
    """Whether nothing came for the whole of our patience, whatever smtplib made of it."""
    while error is not None:
        if isinstance(error, TimeoutError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return f"{code} {answer.decode(errors='replace')}"
    if isinstance(error, smtplib.SMTPResponseException):
        said: bytes | str = error.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        return f"{error.smtp_code} {text}"
    if _hung(error):
        return HUNG
    found = next((words for kind, words in SENTENCES if isinstance(error, kind)), "")
    return found or (str(error) if type(error) is smtplib.SMTPException else f"{FAILED} ({error})")
