"""Constraints that are only bounds, as the bounds of our questions."""

from __future__ import annotations

import re
from typing import Any

_NUMBER = re.compile(r"\.\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)")
_DAY = re.compile(r"\.\s*(>=|<=)\s*date\(\s*['\"](\d{4}(?:-\d\d(?:-\d\d)?)?)['\"]\s*\)")
_COUNT = re.compile(r"count-selected\(\s*\.\s*\)\s*(>=|<=)\s*(\d+)")
_FIELDS = {
    "integer": ("minimum", "maximum"), "decimal": ("minimum", "maximum"),
    "date": ("minimum", "maximum"), "select_multiple": ("min_choices", "max_choices"),
    "rank": ("min_ranked", "max_ranked"),
}  # fmt: skip


def bounds(kind: str, source: str) -> dict[str, Any] | None:
    """Return the fields that say a constraint of a type, ``None`` when it says anything else."""
    if kind not in _FIELDS:
        return None
    found: dict[str, Any] = {}
    for part in re.split(r"\s+and\s+", _bare(source)):
        bound = _bound(kind, _bare(part))
        if bound is None or bound[0] in found:
            return None
        found[bound[0]] = bound[1]
    return found


def _bare(source: str) -> str:
    text = source.strip()
    inner = text[1:-1]
    return inner.strip() if text[:1] == "(" and text[-1:] == ")" and "(" not in inner else text


def _bound(kind: str, part: str) -> tuple[str, Any] | None:
    low, high = _FIELDS[kind]
    if kind == "date":
        match = _DAY.fullmatch(part)
        return (low if match[1] == ">=" else high, match[2]) if match else None
    if kind in ("select_multiple", "rank"):
        match = _COUNT.fullmatch(part)
        return (low if match[1] == ">=" else high, int(match[2])) if match else None
    match = _NUMBER.fullmatch(part)
    if not match or (kind == "decimal" and match[1] in "<>"):
        return None
    value = float(match[2])
    if match[1] in "<>" and not value.is_integer():
        return None
    value += {"<": -1, ">": 1}.get(match[1], 0)
    return low if match[1].startswith(">") else high, value
