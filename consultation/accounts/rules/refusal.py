"""How a rule says no."""

from __future__ import annotations


class Refusal(Exception):
    """A rule says no; the message is a French sentence that says what to do."""
