"""The tables of the log. A leaf outlives the submission: it says nothing without the salt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from consultation.db import Base, Identifier, Json


class LogLeaf(Base):
    """One entry of the log, at its place for ever. ``submission_id`` has no foreign key."""

    __tablename__ = "log_leaves"

    position: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    submission_id: Mapped[int] = mapped_column(Identifier, unique=True)
    entry: Mapped[str] = mapped_column(String(64))


class LogTile(Base):
    """The hash of a full subtree of 256, 65,536… leaves, so that a proof reads few rows."""

    __tablename__ = "log_tiles"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))


class LogState(Base):
    """Where the log stands: one row, locked by whoever extends it.

    ``pending`` are the full subtrees ``[level, hash]`` of the tree, largest first; submissions up
    to ``settled_id`` are all in the log.
    """

    __tablename__ = "log_state"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(Identifier)
    settled_id: Mapped[int] = mapped_column(Identifier)
    pending: Mapped[list[Any]] = mapped_column(Json)


class LogClosing(Base):
    """The signed head of a consultation that closed: what was received, once and for all.

    ``submissions`` counts those of the consultation, corrections included. No foreign key: it
    outlives what it speaks of.
    """

    __tablename__ = "log_closings"

    consultation_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    closed_at: Mapped[datetime]
    submissions: Mapped[int]
    size: Mapped[int] = mapped_column(Identifier)
    root: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))


class LogHead(Base):
    """A signed head: the root of the tree at a size, and when it was signed.

    ``consistency`` proves that it only adds to the head before it, in hexadecimal; empty for the
    first one, and for those signed before the proofs were kept, until the next extension.
    """

    __tablename__ = "log_heads"

    size: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    consistency: Mapped[list[str] | None] = mapped_column(Json)
