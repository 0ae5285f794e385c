"""The tables of a consultation: what it is, its documents, its phases, its public history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultation.db import Base, Identifier
from consultation.questionnaires.models import QuestionnaireVersion


class Consultation(Base):
    """One consultation. Texts are ``{language: text}``; instants are UTC.

    The nine modalities that must be filled before publication are listed in ``rules.MODALITIES``.
    ``announced`` is the last phase that the team was told about: empty, ``open`` or ``closed``.
    """

    __tablename__ = "consultations"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        CheckConstraint("mode IN ('open', 'commission')", name="mode"),
        CheckConstraint("comments_mode IN ('closed', 'members', 'visitors')", name="comments_mode"),
        CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
        CheckConstraint("minimum_organisations >= 3", name="minimum_organisations"),
        CheckConstraint("minimum_individuals >= 11", name="minimum_individuals"),
        CheckConstraint(
            "legal_basis IN ('legitimate_interest', 'public_task', 'consent')", name="legal_basis"
        ),
        CheckConstraint("target IS NULL OR target > 0", name="target"),
        Index("ix_consultations_listing", "state", "closes_at"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    mode: Mapped[str] = mapped_column(String(16), default="open")
    title: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]] = mapped_column(default=dict)
    presentation: Mapped[dict[str, str]] = mapped_column(default=dict)
    theme: Mapped[str] = mapped_column(String(80), default="")
    purpose: Mapped[str] = mapped_column(default="")
    organiser: Mapped[str] = mapped_column(String(200), default="")
    audience: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    answers_visibility: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(String(320), default="")
    privacy_notice: Mapped[str] = mapped_column(default="")
    recipients: Mapped[str] = mapped_column(default="")
    retention: Mapped[str] = mapped_column(default="")
    data_protection_contact: Mapped[str] = mapped_column(String(320), default="")
    legal_basis: Mapped[str] = mapped_column(String(32), default="legitimate_interest")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    results_on: Mapped[date | None]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("questionnaire_versions.id"))
    comments_mode: Mapped[str] = mapped_column(String(16), default="members")
    minimum_organisations: Mapped[int] = mapped_column(default=3)
    minimum_individuals: Mapped[int] = mapped_column(default=11)
    dominance: Mapped[float] = mapped_column(default=0.85)
    target: Mapped[int | None]
    demonstration: Mapped[bool] = mapped_column(default=False)
    announced: Mapped[str] = mapped_column(String(8), default="", server_default=text("''"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    version: Mapped[QuestionnaireVersion | None] = relationship()
    documents: Mapped[list[Document]] = relationship(
        order_by="Document.position", cascade="all, delete-orphan"
    )
    milestones: Mapped[list[Milestone]] = relationship(
        order_by="Milestone.position", cascade="all, delete-orphan"
    )


class Document(Base):
    """A document made available to read before answering.

    Its bytes are kept under ``sha256`` in the files store (``consultation.lib.file_store``).
    ``kind`` names the three that a consultation replacing a commission must give.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("consultation_id", "position"),
        CheckConstraint(
            "kind IN ('other', 'decision', 'draft_act', 'explanatory_note')", name="kind"
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20), default="other")
    title: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class Milestone(Base):
    """One phase of the consultation, shown in order on its page."""

    __tablename__ = "milestones"
    __table_args__ = (UniqueConstraint("consultation_id", "position"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(String(400), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Change(Base):
    """A change made after opening, listed publicly with its date (dates, wording)."""

    __tablename__ = "consultation_changes"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    sentence: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
