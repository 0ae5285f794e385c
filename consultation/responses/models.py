"""The tables of answers: a response, its draft by section, its immutable submissions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier


class Response(Base):
    """The participation of a person, or of an organisation, in one consultation.

    A personal response has no organisation: ``user_id`` answers. An organisation's is shared by its
    co-authors, whoever opened it; its ``organisation_id`` is a row of its own, that no profile
    changes, and ``siren`` makes it the only official one of the consultation. ``merged_into``
    names the response that took it over when two organisations became one; its ``siren`` then leads
    there, until the organisers free it. ``submission_id``
    points at the submission that counts (no foreign key: the two tables would need each other to
    be created).
    """

    __tablename__ = "responses"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'sent', 'withdrawn')", name="status"),
        CheckConstraint(
            "(status = 'sent') = (submission_id IS NOT NULL)", name="sent_has_submission"
        ),
        Index(
            "uq_responses_personal",
            "consultation_id",
            "user_id",
            unique=True,
            sqlite_where=text("organisation_id IS NULL"),
            postgresql_where=text("organisation_id IS NULL"),
        ),
        Index(
            "uq_responses_organisation",
            "consultation_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("organisation_id IS NOT NULL"),
            postgresql_where=text("organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_responses_official",
            "consultation_id",
            "siren",
            unique=True,
            sqlite_where=text("siren IS NOT NULL"),
            postgresql_where=text("siren IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    status: Mapped[str] = mapped_column(String(16), default="draft")
    submission_id: Mapped[int | None] = mapped_column(Identifier)
    siren: Mapped[str | None] = mapped_column(String(9))
    merged_into: Mapped[int | None] = mapped_column(Identifier)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CoAuthor(Base):
    """One of the people who write the response of an organisation.

    ``role``: a ``signatory`` signs and sends, and may write like any ``author``. ``entry`` says how
    the person came: as ``founder``, by the ``domain`` of their address, by ``invitation``, after a
    ``request``, by a ``merger``, or because the ``team`` of the consultation named them.
    ``section`` and ``seen_at`` tell which section they had open, and when they last showed it.
    """

    __tablename__ = "co_authors"
    __table_args__ = (
        CheckConstraint("role IN ('signatory', 'author')", name="role"),
        CheckConstraint(
            "entry IN ('founder', 'domain', 'invitation', 'request', 'merger', 'team')",
            name="entry",
        ),
    )

    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(16))
    entry: Mapped[str] = mapped_column(String(16))
    joined_at: Mapped[datetime]
    section: Mapped[str | None] = mapped_column(String(64))
    seen_at: Mapped[datetime | None]


class ResponseSection(Base):
    """The draft of one section: one row, one upsert, one revision."""

    __tablename__ = "response_sections"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True
    )
    section: Mapped[str] = mapped_column(String(64), primary_key=True)
    answers: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None] = mapped_column(Identifier)


class Submission(Base):
    """What was sent, once and for all. A correction is another submission.

    ``codes`` is the vector that results count (``questionnaires.layout``), ``unit`` a keyed
    hash of the SIREN or of the person on which distinct units are counted, ``individual``
    whether that unit is a person. ``leaf_hash`` is SHA-256 of the salted canonical JSON.
    ``signed_by`` is the person who signed for an organisation.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("response_id", "number"),
        Index("ix_submissions_version_id_id", "version_id", "id"),
        # The log remembers a submission by its number: no other may ever have it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    answers: Mapped[dict[str, Any]]
    profile: Mapped[dict[str, Any]]
    codes: Mapped[bytes] = mapped_column(LargeBinary)
    unit: Mapped[int] = mapped_column(Identifier)
    individual: Mapped[bool]
    salt: Mapped[str] = mapped_column(String(64))
    leaf_hash: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(40), unique=True)
    submitted_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(Identifier)


class Withdrawal(Base):
    """A submission that counted until its respondent took it back. It stays readable to them.

    While the response is not sent again its status is ``withdrawn``; its draft can still change.
    """

    __tablename__ = "withdrawals"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    withdrawn_at: Mapped[datetime]
    withdrawn_by: Mapped[int | None] = mapped_column(Identifier)


class Attachment(Base):
    """A file attached to an answer; its bytes are kept in the files store under ``id``."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    question: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(Identifier)
