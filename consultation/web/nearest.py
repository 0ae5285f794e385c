"""Where to lead whoever opens, in the address bar, an address that only a form may reach."""

from __future__ import annotations

from urllib.parse import quote

from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from consultation.web.asking import is_local


def nearest_page(adapter: MapAdapter) -> str | None:
    """Return the page above the address asked for, or ``None`` when only the home page is.

    A form that was refused is shown under its own address: reloaded, or followed from the
    history, that address leads to the page that holds the form. Whether the person may see that
    page is its own affair.
    """
    above = request.path
    while above := above.rpartition("/")[0]:
        if _opens(adapter, above) and is_local(above):
            query = request.query_string.decode("ascii", "replace")
            return quote(above) + (f"?{query}" if query else "")
    return None


def _opens(adapter: MapAdapter, path: str) -> bool:
    try:
        adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True
