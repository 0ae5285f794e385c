"""Load the demonstration: territories, accounts, consultations, respondents, comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from consultation.accounts.hashing import Hashing
from consultation.db import db
from consultation.demo import cast
from consultation.demo.defaults import COMMENTS, RESPONDENTS, SEED, RefusedError
from consultation.demo.staging import Amount, Staging
from consultation.lib.file_store import FileStore
from consultation.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["DemoAccounts", "RefusedError", "load"]


@dataclass(frozen=True, slots=True)
class DemoAccounts:
    """The accounts of the demonstration and their common password.

    ``loaded`` is false when the demonstration was already there.
    """

    password: str
    parts: tuple[cast.Part, ...]
    loaded: bool


def load(
    app: Flask,
    respondents: int = RESPONDENTS,
    seed: int = SEED,
    password: str | None = None,
    now: datetime | None = None,
    progress: bool = True,
    *,
    comments: int = COMMENTS,
    again: bool = False,
) -> DemoAccounts:
    """Load the demonstration into the database of ``app``, which is migrated.

    ``respondents`` (1 to a million) send in the closed consultation, and a fifth as many, 2,000 at
    the most, in the open one. When the demonstration is already there nothing changes but the
    passwords, unless ``again`` adds another one beside it. ``password`` is else that of the
    settings, else a fresh one.

    Raises:
        RefusedError: this is production, or an earlier load stopped half-way.
    """
    settings: Settings = app.extensions["settings"]
    if settings.production:
        raise RefusedError(
            "Production never loads the demonstration: set ENVIRONMENT to demonstration."
        )
    with app.app_context():
        staging = Staging(
            session=db.session,
            files=FileStore(settings.files_path / "documents"),
            secret=settings.secret_key,
            public_url=settings.public_url,
            now=now or app.extensions["clock"](),
            progress=progress,
        )
        wanted = Amount(respondents, comments, seed)
        loaded = _stage(staging, wanted, again)
        chosen = password or settings.demo_password or cast.random_password()
        hashing: Hashing = app.extensions["vault"].hashing
        cast.set_password(db.session, hashing, chosen, staging.now)
        db.session.commit()
    return DemoAccounts(chosen, cast.PARTS, loaded)


def _stage(staging: Staging, wanted: Amount, again: bool) -> bool:
    complete, broken = staging.earlier()
    if broken and not again:
        raise RefusedError(
            "An earlier load stopped half-way: start from an empty database, "
            "or add --again to load beside it."
        )
    if complete and not again:
        return False
    staging.load(wanted, complete + broken + 1)
    return True
