"""The pages of the accounts, gathered for the factory."""

from __future__ import annotations

from consultation.accounts.views import letter, sign_in, sign_up
from consultation.accounts.views.desk import blueprint

__all__ = ["blueprint", "letter", "sign_in", "sign_up"]
