"""Headers of every answer, and what makes a request unacceptable before any view reads it."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from consultation.web import access
from consultation.web.asking import comes_from_elsewhere
from consultation.web.refusals import refuse
from consultation.web.typed import kept

LONGEST_QUERY = 8000
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
CACHE = "private, no-cache"
"""A page is asked for again, and the « back » button still finds what was typed in it."""
UNREADABLE = (
    "Votre texte contient des caractères illisibles. "
    "Revenez en arrière, retapez ce passage, puis envoyez à nouveau."
)
HSTS = ("Strict-Transport-Security", "max-age=63072000")


def init_app(app: Flask) -> None:
    """Refuse what cannot be read before the views, and set the headers after them."""
    headers = (*HEADERS, HSTS) if app.config["SESSION_COOKIE_SECURE"] else HEADERS

    @app.before_request
    def refuse_what_cannot_be_read() -> None:
        _check_address()
        if request.query_string:
            request.args = kept(request.args)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            _check_origin()
            _check_body()
            request.form = kept(request.form)

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.extend(headers)
        response.headers.setdefault("Cache-Control", CACHE)
        if _hidden_from_search_engines(response):
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response


def leave_out_of_search_engines() -> None:
    """Ask search engines, for this answer, not to list the page."""
    g.unlisted = True


def _hidden_from_search_engines(response: Response) -> bool:
    if response.status_code >= 400 or g.get("unlisted", False):
        return True
    rule = access.rule_of(request.endpoint)
    return rule is not None and not rule.public


def _check_address() -> None:
    path, query = request.environ.get("PATH_INFO", ""), request.query_string
    if len(query) > LONGEST_QUERY:
        refuse(414, "Cette adresse est trop longue. Revenez à la page précédente.")
    readable = path.isascii() or _is_utf8(path.encode("latin-1", "replace"))
    if b"%" in query and readable:
        typed = unquote_to_bytes(query)
        readable = b"\0" not in typed and _is_utf8(typed)
    if not readable or "\0" in path or b"\0" in query:
        refuse(400, "Cette adresse contient des caractères illisibles. Vérifiez le lien suivi.")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_origin() -> None:
    if comes_from_elsewhere():
        refuse(403, "Cette demande vient d’un autre site. Revenez sur nos pages pour la refaire.")


def _check_body() -> None:
    if request.mimetype == "application/x-www-form-urlencoded":
        _check_plain_form()
    try:
        typed: Any = request.get_json(silent=True) if request.is_json else request.form.lists()
        readable = _is_readable(typed)
    except RecursionError:
        readable = False
    if not readable:
        refuse(400, UNREADABLE)


def _check_plain_form() -> None:
    """Bound a form without files: the framework bounds only those that may have some."""
    request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    data = request.get_data()
    if data.count(b"&") >= current_app.config["MAX_FORM_PARTS"]:
        raise RequestEntityTooLarge
    if not _is_utf8(data):
        refuse(400, UNREADABLE)


def _is_readable(typed: Any, depth: int = 0) -> bool:
    if isinstance(typed, str):
        return "\0" not in typed and (typed.isascii() or _has_no_surrogate(typed))
    if typed is None or isinstance(typed, int | float):
        return True
    if depth > 50:
        return False
    values = [*typed.keys(), *typed.values()] if isinstance(typed, dict) else typed
    return all(_is_readable(value, depth + 1) for value in values)


def _has_no_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
