"""Make comments for a test, in any state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.comments.models import Comment
from consultation.consultations.models import Consultation
from tests.consultations.making import DURING


def a_comment(
    session: Session,
    consultation: Consultation,
    author: User | None,
    text: str = "Il faut un calendrier unique.",
    *,
    state: str = "published",
    at: datetime = DURING,
    **changes: Any,
) -> Comment:
    """Add a comment by ``author``, or by a visitor when there is none."""
    columns: dict[str, Any] = {
        "author_id": author.id if author else None,
        "author_name": author.display_name if author else "Paul Visiteur",
        "author_email": None if author else "paul@secret.example",
        "published_at": at if state == "published" else None,
        **changes,
    }
    comment = Comment(
        consultation_id=consultation.id, text=text, state=state, created_at=at, **columns
    )
    session.add(comment)
    session.commit()
    return comment
