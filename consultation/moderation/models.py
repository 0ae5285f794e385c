"""The tables of moderation: decisions, reports, appeals, and who examines what just now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier
from consultation.moderation.rules import OUTCOMES, REASONS


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Decision(Base):
    """What a moderator decided about a comment, once and for all.

    ``revision`` is that of the comment that was read, ``grounds`` are keys of
    ``comments.rules.GROUNDS``, ``waited_seconds`` the time since the author sent the comment (or
    since the first report, or the appeal).
    """

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(_one_of("outcome", tuple(OUTCOMES)), name="outcome"),
        CheckConstraint("waited_seconds >= 0", name="waited_seconds"),
        Index("ix_decisions_consultation_id_decided_at", "consultation_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    moderator_id: Mapped[int | None] = mapped_column(Identifier)
    outcome: Mapped[str] = mapped_column(String(16))
    grounds: Mapped[list[str]]
    message: Mapped[str] = mapped_column(default="")
    revision: Mapped[int]
    decided_at: Mapped[datetime]
    waited_seconds: Mapped[int]


class Report(Base):
    """A reader's notice about a published comment. The name and the address are never shown.

    ``reporter_key`` is what makes two reports the same person's: they count once. ``decision_id``
    is empty until a moderator has decided.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("comment_id", "reporter_key"),
        CheckConstraint(_one_of("reason", tuple(REASONS)), name="reason"),
        Index("ix_reports_open", "comment_id", "decision_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reporter_key: Mapped[str] = mapped_column(String(80))
    reporter_name: Mapped[str | None] = mapped_column(String(120))
    reporter_email: Mapped[str | None] = mapped_column(String(320))
    reason: Mapped[str] = mapped_column(String(16))
    minors: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))


class Appeal(Base):
    """An author contests a decision; another moderator answers."""

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'upheld', 'rejected')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    judge_id: Mapped[int | None] = mapped_column(Identifier)
    answer: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


class Claim(Base):
    """A moderator examines a comment; colleagues see it and wait, until it expires."""

    __tablename__ = "claims"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    moderator_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    since: Mapped[datetime]
    until: Mapped[datetime]
