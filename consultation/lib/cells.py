"""Cells of a spreadsheet that stay text, whatever they begin with."""

from __future__ import annotations

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def formula_safe(text: str) -> str:
    """Return ``text``, after an apostrophe when a spreadsheet could run it as a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
