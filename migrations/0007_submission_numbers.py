"""Never give the number of a submission twice, on SQLite.

The log remembers submissions by their number for ever. SQLite gives the number of the last row
again once that row is gone; PostgreSQL never does.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE submissions_rebuilt (
    id INTEGER NOT NULL {key},
    response_id INTEGER NOT NULL,
    consultation_id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    number SMALLINT NOT NULL,
    answers JSON NOT NULL,
    profile JSON NOT NULL,
    codes BLOB NOT NULL,
    unit INTEGER NOT NULL,
    individual BOOLEAN NOT NULL,
    salt VARCHAR(64) NOT NULL,
    leaf_hash VARCHAR(64) NOT NULL,
    receipt VARCHAR(40) NOT NULL,
    submitted_at DATETIME NOT NULL,
    signed_by INTEGER,
    CONSTRAINT fk_submissions_consultation_id_consultations
        FOREIGN KEY(consultation_id) REFERENCES consultations (id),
    CONSTRAINT fk_submissions_response_id_responses
        FOREIGN KEY(response_id) REFERENCES responses (id),
    CONSTRAINT fk_submissions_version_id_questionnaire_versions
        FOREIGN KEY(version_id) REFERENCES questionnaire_versions (id),
    CONSTRAINT uq_submissions_receipt UNIQUE (receipt),
    CONSTRAINT uq_submissions_response_id_number UNIQUE (response_id, number)
)
"""
COPY = """
INSERT INTO submissions_rebuilt (
    id, response_id, consultation_id, version_id, number, answers, profile, codes, unit,
    individual, salt, leaf_hash, receipt, submitted_at, signed_by
)
SELECT
    id, response_id, consultation_id, version_id, number, answers, profile, codes, unit,
    individual, salt, leaf_hash, receipt, submitted_at, signed_by
FROM submissions
"""
LAST_GIVEN = """
INSERT INTO sqlite_sequence (name, seq)
SELECT 'submissions', max(
    coalesce((SELECT max(id) FROM submissions), 0),
    coalesce((SELECT max(submission_id) FROM log_leaves), 0)
)
"""


def upgrade() -> None:
    _rebuild("PRIMARY KEY AUTOINCREMENT", LAST_GIVEN)


def downgrade() -> None:
    _rebuild("CONSTRAINT pk_submissions PRIMARY KEY")


def _rebuild(key: str, after: str | None = None) -> None:
    """Rebuild the table as https://www.sqlite.org/lang_altertable.html says, section 7.

    Keys are not enforced meanwhile: dropping the table would delete what points to it. That is
    only heeded outside a transaction, and everything else is in one.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    with op.get_context().autocommit_block():
        op.execute("PRAGMA foreign_keys=OFF")
        op.execute("BEGIN IMMEDIATE")
        try:
            _replace(key, after)
        except BaseException:
            op.execute("ROLLBACK")
            raise
        op.execute("COMMIT")
        op.execute("PRAGMA foreign_keys=ON")


def _replace(key: str, after: str | None) -> None:
    op.execute(TABLE.format(key=key))
    op.execute(COPY)
    op.execute("DROP TABLE submissions")
    op.execute("ALTER TABLE submissions_rebuilt RENAME TO submissions")
    op.execute("CREATE INDEX ix_submissions_consultation_id ON submissions (consultation_id)")
    op.execute("CREATE INDEX ix_submissions_version_id_id ON submissions (version_id, id)")
    if after is not None:
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'submissions'")
        op.execute(after)
    broken = op.get_bind().exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"{len(broken)} rows would point to nothing: nothing was changed")
