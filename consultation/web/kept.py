"""What was typed and could not be accepted because the session was over.

The form is written under the folder of files, encrypted with a key that only the cookie of
the browser that typed it holds. It lives twelve hours, and the whole stays under a fixed size:
the oldest gives way. After the sign-in, a view marked ``@refills`` finds it with
:func:`waiting_for`; for the others a page shows the text and sends it again.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from flask import Flask, Response, after_this_request, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import TooManyRequests

from consultation.web.asking import this_page
from consultation.web.cookies import cookie_name, forget_cookie, set_cookie
from consultation.web.limits import limiter

COOKIE = "brouillon"
LIFE_SECONDS = 12 * 3600
LARGEST_FOLDER = 200_000_000
RESUME = "/reprise"
SECRET_WORDS = ("passe", "password", "code", "csrf_token")
View = TypeVar("View", bound=Callable[..., Any])


class KeptForm(msgspec.Struct, frozen=True):
    """A form as it was typed: the address it was sent to, its fields, the names of its files."""

    path: str
    fields: list[tuple[str, str]]
    secrets: list[str]
    files: list[tuple[str, str]]

    def values(self) -> MultiDict[str, str]:
        """Return the fields as ``request.form`` gave them."""
        return MultiDict(self.fields)


_READER = msgspec.json.Decoder(KeptForm)
"""Made with the module: two threads that first meet a type at the same moment end the process."""


def refills(view: View) -> View:
    """Say that the GET of ``view`` shows again what :func:`waiting_for` returns."""
    view.refills = True  # type: ignore[attr-defined]
    return view


def posted() -> KeptForm:
    """Return the form of this request, without its passwords, codes and token."""
    fields = list(request.form.items(multi=True))
    return KeptForm(
        path=request.full_path if request.query_string else request.path,
        fields=[(name, value) for name, value in fields if not _is_secret(name)],
        secrets=[name for name, _ in fields if _is_secret(name) and name != "csrf_token"],
        files=[(name, file.filename or "") for name, file in request.files.items(multi=True)],
    )


def _is_secret(name: str) -> bool:
    if _is_refilled():  # the keys of questions name the fields: « code_postal » is no secret
        return name == "csrf_token"
    return any(word in name.lower() for word in SECRET_WORDS)


def _is_refilled() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "refills", False))


class NotKeptError(Exception):
    """The form could not be written: its only copy is in this request."""


def put_aside() -> str:
    """Keep the posted form and return the local address that gives it back after the sign-in.

    Raise :class:`NotKeptError` when the disk refuses, or when this address keeps too many forms.
    """
    # Here and not above: it weighs 7 MB, and a session that is over alone asks for it.
    from cryptography.fernet import Fernet

    key = Fernet.generate_key()
    try:
        _write(key, msgspec.json.encode(posted()))
    except (OSError, TooManyRequests) as error:
        raise NotKeptError from error

    @after_this_request
    def remember(response: Response) -> Response:
        set_cookie(response, COOKIE, key.decode(), LIFE_SECONDS)
        return response

    return this_page() if _is_refilled() else RESUME


@limiter.shared_limit("60 per hour", scope="kept")
def _write(key: bytes, form: bytes) -> None:
    from cryptography.fernet import Fernet

    folder = _folder()
    _make_room(folder)
    (folder / _file_name(key)).write_bytes(Fernet(key).encrypt(form))


def waiting() -> KeptForm | None:
    """Return the form that this browser left, or ``None``."""
    key = _key()
    if key is None:
        return None
    from cryptography.fernet import Fernet, InvalidToken

    try:
        file = _folder() / _file_name(key)
        if file.stat().st_mtime < time.time() - LIFE_SECONDS:
            return None
        return _READER.decode(Fernet(key).decrypt(file.read_bytes()))
    except (OSError, ValueError, InvalidToken):
        return None


def waiting_for(path: str) -> MultiDict[str, str] | None:
    """Return what this browser had typed at ``path`` before its session was over, or ``None``."""
    form = waiting() if _key() is not None else None
    return form.values() if form is not None and form.path.partition("?")[0] == path else None


def forget(response: Response) -> Response:
    """Throw away the form that this browser left."""
    key = _key()
    if key is not None:
        (_folder() / _file_name(key)).unlink(missing_ok=True)
        forget_cookie(response, COOKIE)
    return response


def init_app(app: Flask) -> None:
    """Forget a form as soon as it has been sent again."""
    app.after_request(_forget_when_sent)


def _forget_when_sent(response: Response) -> Response:
    if request.method != "POST" or response.status_code >= 400 or _key() is None:
        return response
    form = waiting()
    sent = form is not None and form.path.partition("?")[0] == request.path
    return forget(response) if sent and not _to_sign_in(response) else response


def _to_sign_in(response: Response) -> bool:
    return response.headers.get("Location", "").startswith("/connexion")


def _key() -> bytes | None:
    value = request.cookies.get(cookie_name(COOKIE))
    return value.encode(errors="replace") if value else None


def _file_name(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()


def _folder() -> Path:
    folder: Path = current_app.extensions["settings"].files_path / "kept"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _make_room(folder: Path) -> None:
    oldest = time.time() - LIFE_SECONDS
    size = 0
    for file, status in sorted(_files(folder), key=lambda pair: -pair[1].st_mtime):
        size += status.st_size
        if status.st_mtime < oldest or size > LARGEST_FOLDER:
            file.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for entry in os.scandir(folder):
        try:
            yield Path(entry.path), entry.stat()
        except FileNotFoundError:
            continue
