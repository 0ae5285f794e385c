"""What a request asks for and where it comes from."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request

from consultation.lib.legible import legible

LONGEST_PATH = 2000


def wants_json() -> bool:
    """Tell whether the page's script asks (autosave), rather than a person with a browser."""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def comes_from_elsewhere() -> bool:
    """Tell whether the browser says that another site sent this request."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    return urlsplit(origin).netloc not in _own_hosts()


def _own_hosts() -> tuple[str, str]:
    return request.host, urlsplit(current_app.extensions["settings"].public_url).netloc


def is_local(path: str | None) -> bool:
    """Tell whether ``path`` leads to this site whatever the browser makes of it.

    Browsers drop tabs and line ends, and read a backslash as a slash: none is accepted, nor is
    what no page can hold, since a page holds the address to come back to.
    """
    if not path or len(path) > LONGEST_PATH or path[0] != "/" or path[1:2] == "/":
        return False
    if any(character <= " " or character == "\\" for character in path) or legible(path) != path:
        return False
    try:
        path.encode()
        parts = urlsplit(path)
    except (UnicodeEncodeError, ValueError):
        return False
    return not parts.scheme and not parts.netloc


def local_path(path: str | None, default: str = "/") -> str:
    """Return ``path`` when it is safe to redirect to, ``default`` otherwise."""
    return path if path is not None and is_local(path) else default


def this_page() -> str:
    """Return the local address where the person can come back to this page by a GET."""
    if request.method == "GET":
        address = request.full_path if request.query_string else request.path
    elif request.url_rule is not None and "GET" in (request.url_rule.methods or ()):
        address = request.path
    else:
        address = "/"
    return local_path(address)
