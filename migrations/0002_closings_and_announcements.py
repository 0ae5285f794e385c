"""Sign the closing of each consultation; announce what opens; send a campaign at the opening.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from consultation.db import Identifier, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_closings",
        sa.Column("consultation_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("closed_at", Instant(), nullable=False),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("size", Identifier, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("signed_at", Instant(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_log_closings")),
    )
    op.add_column(
        "consultations",
        sa.Column("announced", sa.String(length=8), server_default=sa.text("''"), nullable=False),
    )
    op.add_column(
        "campaigns",
        sa.Column("at_opening", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("campaigns", "at_opening")
    op.drop_column("consultations", "announced")
    op.drop_table("log_closings")
