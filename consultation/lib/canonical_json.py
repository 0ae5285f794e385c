"""Canonical JSON: one text for one value, so that a digest means something.

The subset of RFC 8785 that our documents need: sorted keys, no white space, UTF-8, no NaN.
Keys are sorted by UTF-16 code units, as the RFC says; whole floats are written as integers.
"""

from __future__ import annotations

import json
import re
from typing import Any

_WHOLE = re.compile(r"\.0(?:[,}\]]|$)")
"""What the writing of a whole float ends with (and, harmlessly, some texts too)."""


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of ``value`` in UTF-8.

    Raises:
        ValueError: a number is not finite, or a text has a lone surrogate.
    """
    text = _written(value, sort_keys=True)
    if len(text.encode("utf-16-le")) > 2 * len(text):
        # Characters whose two orders differ: the slow, sure way.
        text = _written(_ordered(value), sort_keys=False)
    elif _WHOLE.search(text):
        text = _written(_without_whole_floats(value), sort_keys=True)
    return text.encode("utf-8")


def _written(value: Any, *, sort_keys: bool) -> str:
    separators = (",", ":")
    return json.dumps(
        value, ensure_ascii=False, separators=separators, allow_nan=False, sort_keys=sort_keys
    )


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=_code_units)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    return _whole(value)


def _without_whole_floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_whole_floats(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_whole_floats(part) for part in value]
    return _whole(value)


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _code_units(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
