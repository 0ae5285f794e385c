"""The journal's one table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier


class AuditEvent(Base):
    """Who did what to what, and when.

    ``actor_id`` is a plain number: the journal outlives the accounts it names. ``position``,
    ``previous_hash`` and ``hash`` stay empty until the event is sealed into the chain; triggers
    refuse every other change.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_consultation_id_at", "consultation_id", "at"),
        Index(
            "ix_audit_events_unsealed",
            "id",
            sqlite_where=text("hash IS NULL"),
            postgresql_where=text("hash IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    verb: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[str] = mapped_column(String(200))
    consultation_id: Mapped[int | None] = mapped_column(Identifier)
    details: Mapped[dict[str, Any]]
    position: Mapped[int | None] = mapped_column(Identifier, unique=True)
    previous_hash: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))
