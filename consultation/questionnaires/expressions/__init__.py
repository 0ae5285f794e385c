"""The expression language: conditions, constraints and computed values, read by people."""
