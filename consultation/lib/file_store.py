"""Files kept under the SHA-256 of their bytes: the same file twice is kept once."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


class FileStore:
    """A folder of files named by their digest, spread over 256 sub-folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, data: bytes) -> str:
        """Keep ``data`` and return its SHA-256 in hexadecimal."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, data)
        return digest

    def path(self, digest: str) -> Path:
        """Return where the file of ``digest`` is, or would be."""
        if len(digest) != 64 or not digest.isalnum():
            raise ValueError(f"not a digest: {digest!r}")
        return self._folder / digest[:2] / digest

    def read(self, digest: str) -> bytes:
        """Return the bytes of ``digest``; raise ``FileNotFoundError`` when they are not kept."""
        return self.path(digest).read_bytes()


def _write_whole(target: Path, data: bytes) -> None:
    # Under its final name a file is always whole, even if the machine stops half-way.
    handle, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(target)
