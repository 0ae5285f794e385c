"""The triggers that make the journal append-only, for each database."""

from __future__ import annotations

FROZEN = ("id", "at", "actor_id", "verb", "subject", "subject_id", "consultation_id", "details")
"""Columns that never change; the three of the chain are written once, by the sealing."""

REFUSAL = "audit_events is append-only"


def statements(dialect_name: str) -> tuple[str, ...]:
    """Return the statements that create the triggers on ``sqlite`` or ``postgresql``."""
    return _SQLITE if dialect_name == "sqlite" else _POSTGRESQL


def _changed(operator: str) -> str:
    return " OR ".join(f"NEW.{name} {operator} OLD.{name}" for name in FROZEN)


def _sqlite_trigger(name: str, moment: str, condition: str) -> str:
    return (
        f"CREATE TRIGGER audit_events_{name} BEFORE {moment} ON audit_events {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


_SQLITE = (
    _sqlite_trigger("keep", "DELETE", ""),
    _sqlite_trigger("freeze", "UPDATE", f"WHEN OLD.hash IS NOT NULL OR {_changed('IS NOT')}"),
    # REPLACE deletes without firing the delete trigger.
    _sqlite_trigger("add", "INSERT", "WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)"),
)

_POSTGRESQL = (
    "CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    "CREATE TRIGGER audit_events_keep BEFORE DELETE ON audit_events "
    "FOR EACH ROW EXECUTE FUNCTION audit_events_refuse()",
    "CREATE TRIGGER audit_events_whole BEFORE TRUNCATE ON audit_events "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse()",
    "CREATE TRIGGER audit_events_freeze BEFORE UPDATE ON audit_events FOR EACH ROW "
    f"WHEN (OLD.hash IS NOT NULL OR {_changed('IS DISTINCT FROM')}) "
    "EXECUTE FUNCTION audit_events_refuse()",
)
