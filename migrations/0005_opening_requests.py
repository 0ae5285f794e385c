"""Tell those who asked that a consultation opens.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from consultation.db import Identifier, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opening_requests",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("consultation_id", Identifier, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_opening_requests_consultation_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_requests")),
        sa.UniqueConstraint(
            "consultation_id", "email", name=op.f("uq_opening_requests_consultation_id_email")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_opening_requests_email"), "opening_requests", ["email"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_opening_requests_email"), table_name="opening_requests")
    op.drop_table("opening_requests")
