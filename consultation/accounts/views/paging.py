"""Pages of a long list, by the address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

SIZE = 50
LAST = 100_000


@dataclass(frozen=True, slots=True)
class Paging:
    """The page ``number`` (from 1) of a list of ``total`` lines."""

    number: int
    total: int
    size: int = SIZE

    @classmethod
    def asked(cls, total: int) -> Paging:
        """Return the page the address asks for, or the nearest one."""
        typed = request.args.get("page", "1")
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
        return cls(max(1, min(number, max(1, -(-total // SIZE)), LAST)), total)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    def address(self, number: int) -> str:
        """Return the address of another page of the same list."""
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
        return f"{request.path}?{urlencode([*kept, ('page', str(number))])}"
