"""What co-authors need beside the draft: their door, their shares, their notes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier


class SharedResponse(Base):
    """How people come to a shared response, and whether its signature is asked for.

    Whoever has an address of ``domain`` may join by themselves; nobody when it is empty.
    ``asked_state`` is the state of the draft (``Draft.state``) when the signature was asked for.
    """

    __tablename__ = "shared_responses"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True
    )
    domain: Mapped[str | None] = mapped_column(String(255))
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[int | None] = mapped_column(Identifier)
    asked_state: Mapped[str | None] = mapped_column(String(4000))


class CoAuthorInvitation(Base):
    """An invitation to write, sent to an address; the link is kept as the SHA-256 of its secret.

    An address has one pending invitation to a response at most.
    """

    __tablename__ = "co_author_invitations"
    __table_args__ = (
        CheckConstraint("role IN ('signatory', 'author')", name="role"),
        Index(
            "uq_co_author_invitations_pending",
            "response_id",
            "email",
            unique=True,
            sqlite_where=text("accepted_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str] = mapped_column(String(320))
    role: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    invited_by: Mapped[int | None] = mapped_column(Identifier)
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(Identifier)


class JoinRequest(Base):
    """A person who asks to write with the others; a signatory accepts or declines."""

    __tablename__ = "join_requests"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    asked_at: Mapped[datetime]
    message: Mapped[str] = mapped_column(String(500), default="")


class Assignment(Base):
    """A section or a question that a co-author looks after; ``target`` as in :class:`Note`."""

    __tablename__ = "assignments"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True
    )
    target: Mapped[str] = mapped_column(String(80), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Note(Base):
    """What a co-author says to the others; never sent, never counted, never exported.

    ``target`` is ``section:`` or ``question:`` and a key of the questionnaire.
    """

    __tablename__ = "co_author_notes"
    __table_args__ = (Index("ix_co_author_notes_response_id_target", "response_id", "target"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    target: Mapped[str] = mapped_column(String(80))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(String(2000))
    written_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(Identifier)
