"""The table of snapshots: what was counted and what was masked, kept until something changes."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier


class Snapshot(Base):
    """A part of the results of a consultation, as packed arrays, true while ``state`` is.

    ``part`` is ``counts``, or ``section:N`` for the masks of the questions of a section. It can be
    deleted at any time: it is computed again when read.
    """

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("consultation_id", "part"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary)
