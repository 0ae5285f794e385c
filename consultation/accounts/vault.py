"""What signing in needs beside the database: the keys of the site and the hashing of passwords."""

from __future__ import annotations

from dataclasses import dataclass

from consultation.accounts.hashing import Hashing
from consultation.accounts.keys import Keys


@dataclass(frozen=True, slots=True)
class Vault:
    """Made once per application, from its settings."""

    keys: Keys
    hashing: Hashing
