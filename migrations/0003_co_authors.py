"""Let an organisation answer with several people.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from consultation.db import Identifier, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("response_id", Identifier, nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("user_id", Identifier, nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_assignments_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_assignments_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "target", "user_id", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_user_id"), "assignments", ["user_id"], unique=False)
    op.create_table(
        "co_author_invitations",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("response_id", Identifier, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("invited_by", Identifier, nullable=True),
        sa.Column("invited_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("accepted_at", Instant(), nullable=True),
        sa.Column("accepted_by", Identifier, nullable=True),
        sa.CheckConstraint(
            "role IN ('signatory', 'author')", name=op.f("ck_co_author_invitations_role")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_co_author_invitations_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_author_invitations")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_co_author_invitations_secret_hash")),
    )
    op.create_index(
        op.f("ix_co_author_invitations_response_id"),
        "co_author_invitations",
        ["response_id"],
        unique=False,
    )
    op.create_index(
        "uq_co_author_invitations_pending",
        "co_author_invitations",
        ["response_id", "email"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL"),
    )
    op.create_table(
        "co_author_notes",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("response_id", Identifier, nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("author_id", Identifier, nullable=True),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("resolved_by", Identifier, nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_co_author_notes_author_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_co_author_notes_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_author_notes")),
    )
    op.create_index(
        "ix_co_author_notes_response_id_target",
        "co_author_notes",
        ["response_id", "target"],
        unique=False,
    )
    op.create_table(
        "co_authors",
        sa.Column("response_id", Identifier, nullable=False),
        sa.Column("user_id", Identifier, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.String(length=16), nullable=False),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.Column("section", sa.String(length=64), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "entry IN ('founder', 'domain', 'invitation', 'request', 'merger', 'team')",
            name=op.f("ck_co_authors_entry"),
        ),
        sa.CheckConstraint("role IN ('signatory', 'author')", name=op.f("ck_co_authors_role")),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_co_authors_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_co_authors_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "user_id", name=op.f("pk_co_authors")),
    )
    op.create_index(op.f("ix_co_authors_user_id"), "co_authors", ["user_id"], unique=False)
    op.create_table(
        "join_requests",
        sa.Column("response_id", Identifier, nullable=False),
        sa.Column("user_id", Identifier, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_join_requests_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_join_requests_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "user_id", name=op.f("pk_join_requests")),
    )
    op.create_index(op.f("ix_join_requests_user_id"), "join_requests", ["user_id"], unique=False)
    op.create_table(
        "shared_responses",
        sa.Column("response_id", Identifier, nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=True),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.Column("asked_by", Identifier, nullable=True),
        sa.Column("asked_state", sa.String(length=4000), nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_shared_responses_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_shared_responses")),
    )
    op.add_column("responses", sa.Column("siren", sa.String(length=9), nullable=True))
    op.add_column("responses", sa.Column("merged_into", Identifier, nullable=True))
    op.create_index(
        "uq_responses_official",
        "responses",
        ["consultation_id", "siren"],
        unique=True,
        sqlite_where=sa.text("siren IS NOT NULL AND merged_into IS NULL"),
        postgresql_where=sa.text("siren IS NOT NULL AND merged_into IS NULL"),
    )
    op.add_column("submissions", sa.Column("signed_by", Identifier, nullable=True))


def downgrade() -> None:
    op.drop_column("submissions", "signed_by")
    op.drop_index(
        "uq_responses_official",
        table_name="responses",
        sqlite_where=sa.text("siren IS NOT NULL AND merged_into IS NULL"),
        postgresql_where=sa.text("siren IS NOT NULL AND merged_into IS NULL"),
    )
    op.drop_column("responses", "merged_into")
    op.drop_column("responses", "siren")
    op.drop_table("shared_responses")
    op.drop_index(op.f("ix_join_requests_user_id"), table_name="join_requests")
    op.drop_table("join_requests")
    op.drop_index(op.f("ix_co_authors_user_id"), table_name="co_authors")
    op.drop_table("co_authors")
    op.drop_index("ix_co_author_notes_response_id_target", table_name="co_author_notes")
    op.drop_table("co_author_notes")
    op.drop_index(
        "uq_co_author_invitations_pending",
        table_name="co_author_invitations",
        sqlite_where=sa.text("accepted_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL"),
    )
    op.drop_index(op.f("ix_co_author_invitations_response_id"), table_name="co_author_invitations")
    op.drop_table("co_author_invitations")
    op.drop_index(op.f("ix_assignments_user_id"), table_name="assignments")
    op.drop_table("assignments")
