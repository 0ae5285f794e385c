"""What the platform keeps about a person, told by each room for its own tables.

A room registers a callable (session, user) when its views are imported. It returns a
:class:`Known`: lines to read on a page, and the whole as plain values for the JSON file. Secrets
(passwords, keys, hashes) are never in it, nor what other people typed, but in what they share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from consultation.accounts.models import User


@dataclass(frozen=True, slots=True)
class Known:
    """What one room keeps: a title, lines (label, value), dated entries, and the data."""

    title: str
    lines: Sequence[tuple[str, str]]
    data: Any
    entries: Sequence[tuple[datetime, str]] = field(default_factory=list)


Source = Callable[[Session, User], Known]
_sources: dict[str, tuple[int, Source]] = {}


def register(name: str, source: Source, *, place: int = 50) -> None:
    """Tell what ``source`` knows under ``name``; the smallest ``place`` comes first."""
    _sources[name] = place, source


def known_of(session: Session, user: User) -> dict[str, Known]:
    """Return what every room keeps about ``user``, by name."""
    ordered = sorted(_sources.items(), key=lambda each: each[1][0])
    return {name: source(session, user) for name, (_, source) in ordered}


def as_json(value: Any) -> Any:
    """Return ``value`` as JSON data: moments in ISO 8601, UTC."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    return value
