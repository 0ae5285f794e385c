"""Territories and competitiveness clusters, by their official codes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier


class Territory(Base):
    """A territory of a kind, known by its official code between two dates.

    ``valid_from`` is included and ``valid_until`` is not; ``None`` means without a limit.
    """

    __tablename__ = "territories"
    __table_args__ = (
        UniqueConstraint("kind", "code", name="uq_territories_kind_code"),
        CheckConstraint("kind IN ('region', 'epci', 'petr')", name="kind"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(14))
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str | None] = mapped_column(String(120))
    seat: Mapped[str | None] = mapped_column(String(120))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class Cluster(Base):
    """A competitiveness cluster; ``region_codes`` are the regions it works in, its seat's first."""

    __tablename__ = "clusters"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    other_name: Mapped[str | None] = mapped_column(String(200))
    seat: Mapped[str] = mapped_column(String(120))
    seat_region_code: Mapped[str] = mapped_column(String(14), index=True)
    region_codes: Mapped[list[str]]
    sector: Mapped[str] = mapped_column(String(80))
    theme: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(300))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
