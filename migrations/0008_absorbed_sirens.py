"""Let a SIREN that was merged belong to the response that absorbed it.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = "uq_responses_official"
FREE_AFTER_A_MERGER = sa.text("siren IS NOT NULL AND merged_into IS NULL")
HELD = sa.text("siren IS NOT NULL")


def upgrade() -> None:
    # A SIREN that was opened again after a merger stays with the response that stands.
    op.execute(
        "UPDATE responses SET siren = NULL"
        " WHERE merged_into IS NOT NULL AND siren IS NOT NULL AND EXISTS ("
        "SELECT 1 FROM responses AS other"
        " WHERE other.consultation_id = responses.consultation_id"
        " AND other.siren = responses.siren AND other.id <> responses.id"
        " AND (other.merged_into IS NULL OR other.id > responses.id))"
    )
    _replace(HELD)


def downgrade() -> None:
    _replace(FREE_AFTER_A_MERGER)


def _replace(where: sa.TextClause) -> None:
    op.drop_index(NAME, table_name="responses")
    op.create_index(
        NAME,
        "responses",
        ["consultation_id", "siren"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
