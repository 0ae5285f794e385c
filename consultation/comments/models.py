"""The table of comments: public words under a consultation, pending until moderated."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consultation.comments.rules import POSITIONS, TRANSITIONS
from consultation.db import Base, Identifier


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Comment(Base):
    """One comment. ``author_email`` belongs to a visitor and is never published.

    ``state`` is set by moderation only, through ``comments.actions.set_state``; ``revision`` rises
    with every change of text or state. A refused or removed comment leaves a dated placeholder
    that names ``ground``, and its replies stay. ``parent_id`` is always a comment that answers
    none. ``ticket`` comes from the form: the same form sent twice adds one comment.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint(_one_of("state", tuple(TRANSITIONS)), name="state"),
        CheckConstraint(
            f"position IS NULL OR {_one_of('position', tuple(POSITIONS))}", name="position"
        ),
        CheckConstraint("(author_id IS NULL) <> (author_email IS NULL)", name="one_author"),
        Index("ix_comments_listing", "consultation_id", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    author_name: Mapped[str] = mapped_column(String(120))
    author_email: Mapped[str | None] = mapped_column(String(320), index=True)
    organisation_name: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str]
    position: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="pending")
    revision: Mapped[int] = mapped_column(default=1)
    ground: Mapped[str | None] = mapped_column(String(20))
    ticket: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
