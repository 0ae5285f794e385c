"""Aggregate: counts, cross tables and the disclosure gate."""
