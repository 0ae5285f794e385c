"""The table of comments: public words under a consultation, pending until moderated."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier


class Comment(Base):
    """One comment. ``author_email`` belongs to a visitor and is never published.

    ``state`` is set by moderation only, through ``comments.actions.set_state``; a refused or
    removed comment leaves a dated placeholder, and its replies stay.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint(
            "state IN ('unconfirmed', 'pending', 'published', 'refused', 'removed')", name="state"
        ),
        CheckConstraint(
            "position IS NULL OR position IN ('favourable', 'reserved', 'unfavourable')",
            name="position",
        ),
        CheckConstraint("(author_id IS NULL) <> (author_email IS NULL)", name="one_author"),
        Index("ix_comments_listing", "consultation_id", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    author_name: Mapped[str] = mapped_column(String(120))
    author_email: Mapped[str | None] = mapped_column(String(320))
    confirmation_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    organisation_name: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str]
    position: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="pending")
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
