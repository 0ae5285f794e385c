"""How many SQL statements a page may send."""

from __future__ import annotations

DEFAULT = 30

BY_ENDPOINT: dict[str, int] = {}
"""Endpoint to its own budget: smaller on the hot path, larger with a reason beside it."""


def budget_of(endpoint: str | None) -> int:
    """Return the number of statements that ``endpoint`` may send for one request."""
    return BY_ENDPOINT.get(endpoint or "", DEFAULT)
