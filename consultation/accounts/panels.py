"""What the rooms above add to a person's own space, which knows none of them.

A room registers a callable when its views are imported. It takes (session, user, now) and returns
``None``, or a dictionary with ``title``, ``template`` (included in the page, where it finds the
dictionary under the name ``panel``) and whatever the template needs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from consultation.accounts.models import User

Panel = Callable[[Session, User, datetime], dict[str, Any] | None]
_panels: dict[str, tuple[int, Panel]] = {}


def register(name: str, panel: Panel, *, place: int = 50) -> None:
    """Add ``panel`` to everybody's space; the smallest ``place`` comes first."""
    _panels[name] = place, panel


def panels_of(session: Session, user: User, now: datetime) -> list[dict[str, Any]]:
    """Return what every room has to show to ``user``."""
    ordered = sorted(_panels.values(), key=lambda registered: registered[0])
    shown = (panel(session, user, now) for _, panel in ordered)
    return [panel for panel in shown if panel is not None]
