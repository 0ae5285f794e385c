"""What the demonstration holds when nothing else is asked. Imports nothing, for the commands."""

from __future__ import annotations

RESPONDENTS, SEED, COMMENTS = 800, 2022, 60
MOST = 1_000_000
"""Respondents at the most."""


class RefusedError(Exception):
    """The demonstration cannot be loaded here; the message is a sentence."""
