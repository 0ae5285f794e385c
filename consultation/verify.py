"""Verify offline: ``python -m consultation.verify receipt.json heads.json``.

With ``--since earlier.json heads.json``, say whether the log only grew since a list of heads that
was kept. Needs neither the database nor the network. Exit code 0 when it is proved, 1 when it is
not, 2 when a file cannot be read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from consultation.transparency.verifying import compare, verify

LARGEST = 200_000_000
"""Bytes of a file: more than a hundred thousand heads with their proofs."""

USAGE = """Usage: python -m consultation.verify receipt.json heads.json
       python -m consultation.verify --since earlier-heads.json heads.json"""


def main(arguments: list[str]) -> int:
    """Print one sentence and return the exit code."""
    since = arguments[:1] == ["--since"]
    files = arguments[1:] if since else arguments
    if len(files) != 2:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        first, heads = (_read(Path(file)) for file in files)
    except (OSError, ValueError, RecursionError) as error:
        print(f"Cannot read the file: {error}", file=sys.stderr)
        return 2
    verdict = compare(first, heads) if since else verify(first, heads)
    print(("Proved. " if verdict.proved else "Not proved. ") + verdict.sentence)
    if verdict.proved:
        print(f"Signed with the key {heads['key']}: compare it with the one that the site shows.")
    return 0 if verdict.proved else 1


def _read(path: Path) -> dict[str, Any]:
    """Read a file in any of the encodings of JSON, with or without a mark at its start."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"{path} is larger than {LARGEST // 1_000_000} MB")
    found = json.loads(data, object_pairs_hook=_once)
    if not isinstance(found, dict):
        raise ValueError(f"{path} does not hold an object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; one that says the same name twice shows one thing and proves another."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object of the file has a name twice")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
