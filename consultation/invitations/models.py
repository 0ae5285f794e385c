"""The tables of invitations: who is invited, by which link, what was sent, what came back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultation.db import Base, Identifier


class Contact(Base):
    """A person of the address book of one consultation.

    ``user_id`` is the account that used the personal link; ``opened_account`` says that the link
    created it, ``entered_at`` when the link last let somebody in. ``invited_at`` is when the
    first invitation left. ``bounced_at`` (a permanent refusal of the address) and
    ``unsubscribed_at`` stop every further message.
    """

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("consultation_id", "email"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    actor_type: Mapped[str | None] = mapped_column(String(40))
    region_code: Mapped[str | None] = mapped_column(String(14))
    siret: Mapped[str | None] = mapped_column(String(14))
    attributes: Mapped[dict[str, str]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    opened_account: Mapped[bool] = mapped_column(default=False)
    entered_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    last_message_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    temporary_bounces: Mapped[int] = mapped_column(default=0)


class Invitation(Base):
    """A personal link. Only the keyed hash of what the letter holds is kept.

    ``nonce`` and the secret key of the site make the link again for each letter: whoever reads
    the database alone cannot. At most one link of a contact is alive.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_alive",
            "contact_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), index=True
    )
    nonce: Mapped[str] = mapped_column(String(32))
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    contact: Mapped[Contact] = relationship()


class Campaign(Base):
    """One message to many people: an invitation, or a reminder to one of two audiences.

    Planned either for a moment (``send_at``), or for the opening (``at_opening``), or for a whole
    hour of Paris (``hour``) so many days before the closing (``days_before``): the last two follow
    the dates of the consultation.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'not_started', 'draft')", name="kind"),
        CheckConstraint("state IN ('draft', 'scheduled', 'done', 'cancelled')", name="state"),
        CheckConstraint("send_at IS NULL OR days_before IS NULL", name="one_schedule"),
        CheckConstraint("(days_before IS NULL) = (hour IS NULL)", name="day_and_hour"),
        Index("ix_campaigns_state", "state"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str]
    send_at: Mapped[datetime | None]
    days_before: Mapped[int | None]
    hour: Mapped[int | None]
    at_opening: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(String(10), default="draft")
    created_by: Mapped[int | None] = mapped_column(Identifier)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Sending(Base):
    """One campaign to one person: posted once, whatever happens to the worker.

    ``outbox_key`` is the key of the message in the outbox, ``reference`` the part of its
    Message-ID before the @, by which what comes back is recognised.
    """

    __tablename__ = "sendings"
    __table_args__ = (
        UniqueConstraint("campaign_id", "contact_id"),
        CheckConstraint(
            "state IN ('posted', 'sent', 'refused', 'given_up', 'dropped', 'bounced')",
            name="state",
        ),
        Index(
            "ix_sendings_waiting",
            "id",
            sqlite_where=text("state = 'posted'"),
            postgresql_where=text("state = 'posted'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), index=True
    )
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), index=True
    )
    outbox_key: Mapped[str] = mapped_column(String(200), unique=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="posted")
    reason: Mapped[str] = mapped_column(String(500), default="")
    posted_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()
    contact: Mapped[Contact] = relationship()


class Bounce(Base):
    """What a mail server said of an address: at delivery, or later by a report.

    ``digest`` names the report (or the refusal), so that the same one counts once.
    """

    __tablename__ = "bounces"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), index=True
    )
    sending_id: Mapped[int] = mapped_column(
        ForeignKey("sendings.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    permanent: Mapped[bool]
    status: Mapped[str] = mapped_column(String(12))
    said: Mapped[str] = mapped_column(String(500))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class Unsubscription(Base):
    """An address that asked for no more invitations: to one consultation, or to any (empty).

    A keyed hash outlives the contact, so that importing the address again changes nothing.
    """

    __tablename__ = "unsubscriptions"
    __table_args__ = (
        UniqueConstraint("consultation_id", "address_hash"),
        Index(
            "uq_unsubscriptions_everywhere",
            "address_hash",
            unique=True,
            sqlite_where=text("consultation_id IS NULL"),
            postgresql_where=text("consultation_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE")
    )
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    at: Mapped[datetime]


class ContactImport(Base):
    """A file of contacts, from its preview to its report.

    ``data`` is emptied once imported; ``report`` holds the counts and the lines to correct
    (see ``reading.report``).
    """

    __tablename__ = "contact_imports"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    report: Mapped[dict[str, Any]]
    created_by: Mapped[int | None] = mapped_column(Identifier)
    created_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]


class InvitationSettings(Base):
    """How a consultation invites: how fast, and whether only invited people may answer."""

    __tablename__ = "invitation_settings"
    __table_args__ = (CheckConstraint("per_minute BETWEEN 1 AND 600", name="per_minute"),)

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    per_minute: Mapped[int] = mapped_column(default=60)
    invited_only: Mapped[bool] = mapped_column(default=False)


class OpeningRequest(Base):
    """An address that wants to know when a consultation opens, erased once it does.

    A letter confirms it first (``confirmed_at``); the numbers are never given twice, because the
    keys of its letters are made of them.
    """

    __tablename__ = "opening_requests"
    __table_args__ = (
        UniqueConstraint("consultation_id", "email"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320), index=True)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
