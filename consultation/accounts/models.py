"""People, organisations, what a person may do, and how one signs in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultation.accounts.rules.organisations import SIZES
from consultation.accounts.rules.roles import ROLES, allow
from consultation.db import Base, Identifier


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Organisation(Base):
    """Who a person answers for. ``siren`` is the first nine digits of ``siret``."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint(_one_of("size", tuple(SIZES)), name="size"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    actor_type: Mapped[str] = mapped_column(String(40))
    region_code: Mapped[str | None] = mapped_column(String(14))
    size: Mapped[str | None] = mapped_column(String(10))
    siret: Mapped[str | None] = mapped_column(String(14))
    siren: Mapped[str | None] = mapped_column(String(9), index=True)
    created_at: Mapped[datetime]


class User(Base):
    """A person with an account. ``email`` is lower-case and unique.

    Raising ``session_version`` ends every session of the person. What happened to them until
    ``notices_read_at`` is read.
    """

    __tablename__ = "users"
    # The number of an erased account never serves again, not even on SQLite.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    email_confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    actor_type: Mapped[str | None] = mapped_column(String(40))
    region_code: Mapped[str | None] = mapped_column(String(14))
    session_version: Mapped[int] = mapped_column(default=1)
    notices_read_at: Mapped[datetime | None]

    grants: Mapped[list[Grant]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="Grant.id"
    )
    membership: Mapped[Membership | None] = relationship(
        back_populates="user", cascade="all, delete-orphan"
    )

    @property
    def organisation(self) -> Organisation | None:
        """The organisation the person answers for, if any."""
        return self.membership.organisation if self.membership else None

    @property
    def staff(self) -> bool:
        """Whether the person holds any role anywhere."""
        return bool(self.grants)

    def holds(self, role: str, consultation_id: int | None = None) -> bool:
        """Whether the person holds ``role`` on the consultation, or on the whole site.

        ``None`` asks about the site. Costs no statement: grants come with the person.
        """
        held = ((grant.role, grant.consultation_id) for grant in self.grants)
        return allow(held, role, consultation_id)

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the session cookie keeps: the identifier and the session version."""
        return f"{self.id}:{self.session_version}"


class Membership(Base):
    """A person belongs to one organisation at most."""

    __tablename__ = "memberships"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(back_populates="membership")
    organisation: Mapped[Organisation] = relationship()


class Grant(Base):
    """A role given to a person, on one consultation or (``consultation_id`` empty) on the site.

    ``consultation_id`` has no foreign key: consultations live in a room above.
    """

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint(_one_of("role", tuple(ROLES)), name="role"),
        UniqueConstraint("user_id", "role", "consultation_id", name="uq_grants_user_role"),
        Index(
            "uq_grants_user_role_site",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("consultation_id IS NULL"),
            postgresql_where=text("consultation_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    consultation_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    granted_by: Mapped[int | None] = mapped_column(Identifier)
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(back_populates="grants")


class Credential(Base):
    """How a person proves who they are: a password, a second factor, recovery codes.

    ``secret`` is an argon2id hash (password), an encrypted key (totp) or a SHA-256 (recovery).
    ``counter`` is the last time step accepted from a second factor, so that no code serves twice.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        CheckConstraint(_one_of("kind", ("password", "totp", "recovery")), name="kind"),
        Index(
            "uq_credentials_user_kind",
            "user_id",
            "kind",
            unique=True,
            sqlite_where=text("kind != 'recovery'"),
            postgresql_where=text("kind != 'recovery'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    secret: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    counter: Mapped[int | None] = mapped_column(Identifier)


class SignInToken(Base):
    """A sign-in link and its six-digit code, both stored hashed, for one use.

    ``browser_hash`` is the hash of a random value kept in the session that asked for it.
    """

    __tablename__ = "sign_in_tokens"
    __table_args__ = (CheckConstraint(_one_of("purpose", ("sign_in", "sign_up")), name="purpose"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    browser_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    destination: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)

    user: Mapped[User] = relationship()


class AttemptCount(Base):
    """How often something was tried lately, under a keyed hash of what and who.

    Unknown addresses are counted exactly like known ones.
    """

    __tablename__ = "attempt_counts"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    number: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
