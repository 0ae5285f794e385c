"""Where attached files are kept: under random names, outside what the web server shows."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{32}")


def new_name() -> str:
    """Return a random name: it says nothing of the file, and nobody can guess it."""
    return secrets.token_hex(16)


def path(folder: Path, name: str) -> Path:
    """Return where the file ``name`` is kept under ``folder``, the folder of all files.

    Raises:
        ValueError: ``name`` is not one of ours.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of an attached file: {name!r}")
    return folder / "attachments" / name[:2] / name


def keep(folder: Path, name: str, data: bytes) -> None:
    """Write a file, whole or not at all."""
    target = path(folder, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def forget(folder: Path, name: str) -> None:
    """Remove a file; one that is no longer there is no mistake."""
    path(folder, name).unlink(missing_ok=True)
