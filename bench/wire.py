"""A browser on a socket, as light as can be: the one who measures shares the machine.

One connection kept open, one cookie, HTTP/1.1. Nothing is parsed but what a journey needs.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.site import BASE

Fields = Mapping[str, Sequence[str]]
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r\n]+)", re.I)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r\n]+)", re.I)


class Unexpected(Exception):
    """The server answered something else than what a journey meets."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; ``location`` is where it leads, without its anchor."""

    status: int
    location: str
    body: bytes


@dataclass
class Browser:
    """Somebody with a session; ``seconds`` is how long each request took to be answered whole."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> bytes:
        """Open a page and return it."""
        reply = await self._ask(f"GET {path}", path, b"")
        if reply.status != 200:
            raise Unexpected(f"GET {path} answered {reply.status}")
        return reply.body

    async def post(self, path: str, fields: Fields) -> str:
        """Send a form and return where the answer leads."""
        reply = await self._ask(f"POST {path}", path, urlencode(fields, doseq=True).encode())
        if reply.status not in (302, 303):
            raise Unexpected(f"POST {path} answered {reply.status}")
        return reply.location

    async def close(self) -> None:
        """Close the connection."""
        if self._streams:
            self._streams[1].close()
            await self._streams[1].wait_closed()

    async def _ask(self, line: str, path: str, body: bytes) -> Reply:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        reader, writer = self._streams
        start = time.perf_counter()
        writer.write(self._head(line, path, len(body)) + body)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is None:
            raise Unexpected(f"{line} was answered without a length")
        content = await reader.readexactly(int(length[1]))
        self.seconds.append(time.perf_counter() - start)
        self._keep_cookies(head)
        place = _LOCATION.search(head)
        location = place[1].decode().removeprefix(BASE).partition("#")[0] if place else ""
        return Reply(int(head[9:12]), location, content)

    def _head(self, line: str, path: str, length: int) -> bytes:
        """Return what nginx would send in the name of a browser."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        typed = "Content-Type: application/x-www-form-urlencoded\r\n" if length else ""
        return (
            f"{line} HTTP/1.1\r\nHost: {BASE.removeprefix('https://')}\r\n"
            f"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n"
            f"Referer: {BASE}{path}\r\nCookie: {cookies}\r\n"
            f"{typed}Content-Length: {length}\r\n\r\n"
        ).encode()

    def _keep_cookies(self, head: bytes) -> None:
        for cookie in _COOKIE.findall(head):
            name, _, value = cookie.decode().partition("=")
            self.cookies[name] = value
