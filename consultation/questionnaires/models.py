"""The table of versions: a draft may change, a published version never does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier


class QuestionnaireVersion(Base):
    """One version of a questionnaire. ``lineage`` is what its successive versions share."""

    __tablename__ = "questionnaire_versions"
    __table_args__ = (
        UniqueConstraint("lineage", "number"),
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        CheckConstraint(
            "(state = 'published') = (digest IS NOT NULL)", name="published_has_digest"
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    lineage: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="draft")
    definition: Mapped[dict[str, Any]]
    digest: Mapped[str | None] = mapped_column(String(64), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    edited_by: Mapped[int | None] = mapped_column(Identifier)
