"""Keep withdrawals, and until when a person has read what happened to them.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from consultation.db import Identifier, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("submission_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("response_id", Identifier, nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=False),
        sa.Column("withdrawn_by", Identifier, nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_withdrawals_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_withdrawals_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_withdrawals")),
    )
    op.create_index(
        op.f("ix_withdrawals_response_id"), "withdrawals", ["response_id"], unique=False
    )
    op.add_column("users", sa.Column("notices_read_at", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "notices_read_at")
    op.drop_index(op.f("ix_withdrawals_response_id"), table_name="withdrawals")
    op.drop_table("withdrawals")
