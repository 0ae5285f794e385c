"""Keep with each signed head the proof that it only adds to the one before.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from consultation.db import Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty: the next extension of the log fills it, a few hundred heads at a time.
    op.add_column("log_heads", sa.Column("consistency", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("log_heads", "consistency")
