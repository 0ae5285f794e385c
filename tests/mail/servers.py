"""Real SMTP servers for the tests, with the moods that servers have."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Postmaster:
    """Receives messages, unless told to refuse, to make wait or to hang up."""

    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)
    refuse: dict[str, str] = field(default_factory=dict)
    """Recipient -> the answer given instead of accepting it."""
    refuse_content: list[str] = field(default_factory=list)
    """Answers given to the next contents, one each."""
    hang_up: int = 0
    """How many of the next contents are answered by closing the connection."""
    slow: float = 0.0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections.add(id(session))
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hang_up:
            self.hang_up -= 1
            assert server.transport is not None
            server.transport.abort()
            return "421 bye"
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.refuse_content:
            return self.refuse_content.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        self.recipients += envelope.rcpt_tos
        return "250 accepted"


@contextmanager
def smtp_server(postmaster: Postmaster, **options: Any) -> Iterator[int]:
    """Run a server around ``postmaster``; give its port."""
    controller = Controller(postmaster, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def guillotine(most: int = 1) -> Iterator[tuple[int, list[int]]]:
    """Run a server that cuts the line in the middle of a letter; give its port and what it read.

    It takes ``most`` connections: each says yes to everything, reads a few hundred bytes of the
    letter, and closes. Those that follow are refused.
    """
    read: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = Thread(target=_cut, args=(door, most, read), daemon=True)
        thread.start()
        yield door.getsockname()[1], read
    thread.join(timeout=10)


def _cut(door: socket.socket, most: int, read: list[int]) -> None:
    for _ in range(most):
        try:
            line, _address = door.accept()
        except OSError:
            return
        with line, line.makefile("rb") as words:
            line.sendall(b"220 ready\r\n")
            for word in words:
                if word.upper().startswith(b"DATA"):
                    line.sendall(b"354 go on\r\n")
                    read.append(len(words.read(200)))
                    break
                line.sendall(b"250 yes\r\n")
    door.close()


@contextmanager
def mute(said: Sequence[bytes]) -> Iterator[tuple[int, list[int]]]:
    """Run a server that gives the answers ``said``, one for each line, and then never another.

    Give its port, and the numbers of the connections it took.
    """
    taken: list[int] = []
    lines: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = Thread(target=_fall_silent, args=(door, said, taken, lines), daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1], taken
        finally:
            door.shutdown(socket.SHUT_RDWR)
            for line in lines:
                line.close()
    thread.join(timeout=10)


def _fall_silent(
    door: socket.socket, said: Sequence[bytes], taken: list[int], lines: list[socket.socket]
) -> None:
    while True:
        try:
            line, _address = door.accept()
        except OSError:
            return
        lines.append(line)
        taken.append(len(taken))
        words = line.makefile("rb")
        for answer in said:
            line.sendall(answer + b"\r\n")
            words.readline()


def free_port() -> int:
    """Return a port that nobody listened to a moment ago."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def accept_only(user: str, password: str) -> Any:
    """Return what checks the user and the password of a connection."""

    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, data: Any
    ) -> AuthResult:
        given = LoginPassword(user.encode(), password.encode())
        return AuthResult(success=data == given, handled=False)

    return check


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for 127.0.0.1; return its file and the context of a server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
