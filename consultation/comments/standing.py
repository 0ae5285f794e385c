"""What the room above says of a comment on its author's own page, which does not know it.

Moderation registers a callable (session, comment, the query string that proves who the visitor is)
which returns ``{"template": str, …}``, drawn with the dictionary under the name ``standing``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from consultation.comments.models import Comment

Standing = Callable[[Session, Comment, str], dict[str, Any]]
_registered: list[Standing] = []


def register(standing: Standing) -> None:
    """Answer for the standing of comments from now on."""
    _registered[:] = [standing]


def standing_of(session: Session, comment: Comment, proof: str) -> dict[str, Any] | None:
    """Return what there is to say, or ``None`` when no room answers."""
    return _registered[0](session, comment, proof) if _registered else None
