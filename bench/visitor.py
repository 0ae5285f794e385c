"""A browser inside the process: only what the application does is measured, never the client."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from lxml import html
from sqlalchemy import Engine, event

from bench.site import BASE

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the application: status, body, CPU seconds spent on it."""

    status: int
    body: bytes
    cpu: float


class Visitor:
    """Somebody whose cookie is kept; signed in when they have an identifier."""

    def __init__(self, app: Flask, user_id: int | None = None) -> None:
        self._app, self._client = app, app.test_client()
        if user_id is not None:
            with self._client.session_transaction(base_url=BASE) as session:
                session["_user_id"], session["_fresh"] = f"{user_id}:1", True
                session["since"] = int(time.time())

    def form(self, path: str, holding: str = "_revision") -> dict[str, list[str]]:
        """Open a page and return the fields of the form that holds the field ``holding``."""
        page = self._client.get(path, base_url=BASE)
        if page.status_code != 200:
            raise RuntimeError(f"GET {path} answered {page.status_code}")
        document = html.document_fromstring(page.get_data(as_text=True))
        forms: list[Any] = document.xpath(  # type: ignore[assignment]
            f"//form[.//*[@name='{holding}']]"
        )
        form = forms[0]
        fields: dict[str, list[str]] = {}
        for name, value in form.form_values():
            fields.setdefault(name, []).append(value)
        return fields

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return ask(self._app, self._environ("GET", path, b""))

    def post(self, path: str, fields: Fields) -> Answer:
        """Send a form."""
        body = urlencode(fields, doseq=True).encode()
        return ask(self._app, self._environ("POST", path, body))

    def _environ(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        host = BASE.removeprefix("https://")
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": self._cookie(host),
            "HTTP_HOST": host,
            "HTTP_REFERER": BASE + path,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": host,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SCRIPT_NAME": "",
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def _cookie(self, host: str) -> str:
        name = self._app.config["SESSION_COOKIE_NAME"]
        cookie = self._client.get_cookie(name, host)
        return f"{name}={cookie.value}" if cookie else ""


def ask(app: Any, environ: dict[str, Any]) -> Answer:
    """Send one request to a WSGI application and read its answer to the end."""
    status: list[str] = []
    start = time.process_time()
    chunks = app(environ, lambda line, _headers, _error=None: status.append(line))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    return Answer(int(status[0][:3]), body, time.process_time() - start)


def median_ms(answers: Sequence[Answer]) -> float:
    """Return the median CPU time, in milliseconds."""
    return 1000 * median(answer.cpu for answer in answers)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Give the list that fills with the SQL statements sent until the block ends."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
