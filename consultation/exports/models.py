"""The table of exports: who asked for what, why, and what became of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier
from consultation.exports.rules import KINDS, STATES


class ExportJob(Base):
    """One export. ``asked_by`` is a plain integer: the journal of exports outlives people.

    ``digest`` names the file in the store once it is made; ``done`` of ``total`` is the progress.
    """

    __tablename__ = "export_jobs"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(state = 'done') = (digest IS NOT NULL)", name="done_has_file"),
        Index("ix_export_jobs_listing", "consultation_id", "created_at"),
        Index("ix_export_jobs_state", "state"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    asked_by: Mapped[int] = mapped_column(Identifier)
    asker_name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
