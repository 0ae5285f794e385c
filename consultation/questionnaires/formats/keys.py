"""Names of other tools made into our keys: lower case, plain, unique, always the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


class Keys:
    """Gives each name its key, in the order the names come."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}

    def give(self, name: str, fallback: str = "q") -> str:
        """Return a new key for ``name``, with a number when another name took it."""
        key = first = plain_key(name, fallback)
        number = self._numbers.get(first, 2)
        while key in self._taken:
            tail = f"_{number}"
            key, number = first[: 63 - len(tail)] + tail, number + 1
        self._numbers[first] = number
        self._taken.add(key)
        return key


def plain_key(name: str, fallback: str = "q") -> str:
    """Return ``name`` as a key, without asking whether it is taken."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
    if not key:
        return fallback
    return (key if key[0].isalpha() else f"{fallback}_{key}")[:63].rstrip("_")
