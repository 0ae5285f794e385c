"""Static files: kept a year by browsers, under an address that changes when a file does."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from consultation.web.access import public

YEAR = 365 * 24 * 3600
TEXT = {".css", ".js", ".svg"}


def init_app(app: Flask) -> None:
    """Serve ``static/`` under its digest and give ``static_url(name)`` to the templates."""
    folder = Path(app.static_folder or "static")
    prefix = f"/static/v-{digest(folder)}/"
    packed = {name: gzip.compress(data, mtime=0) for name, data in _texts(folder).items()}

    @public
    def asset(version: str, name: str) -> Response:
        response = send_from_directory(folder, name, max_age=YEAR if version in prefix else 60)
        if name in packed:
            response.vary.add("Accept-Encoding")
            if "gzip" in request.headers.get("Accept-Encoding", "") and not request.range:
                response = _pack(response, packed[name])
        if version in prefix:
            response.cache_control.public = True
            response.cache_control.immutable = True
        return response

    app.add_url_rule("/static/v-<string(length=12):version>/<path:name>", "asset", asset)
    if "static" in app.view_functions:
        public(app.view_functions["static"])
    app.jinja_env.globals["static_url"] = _addresses(prefix)


def digest(folder: Path) -> str:
    """Return twelve hexadecimal digits that change when a file of ``folder`` does."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            total.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:12]


def _addresses(prefix: str) -> Callable[[str], str]:
    def static_url(name: str) -> str:
        return prefix + name

    return static_url


def _texts(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.suffix in TEXT)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def _pack(response: Response, data: bytes) -> Response:
    response.close()
    response.direct_passthrough = False
    response.set_data(data)
    response.headers["Content-Encoding"] = "gzip"
    return response
