"""Verify a receipt offline: ``python -m consultation.verify receipt.json heads.json``.

Needs neither the database nor the network. Exit code 0 when the receipt is proved, 1 when it is
not, 2 when a file cannot be read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from consultation.transparency.rules import verify

USAGE = "Usage: python -m consultation.verify receipt.json heads.json"


def main(arguments: list[str]) -> int:
    """Print one sentence and return the exit code."""
    if len(arguments) != 2:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        receipt, heads = (_read(Path(argument)) for argument in arguments)
    except (OSError, ValueError) as error:
        print(f"Cannot read the file: {error}", file=sys.stderr)
        return 2
    verdict = verify(receipt, heads)
    print(("Proved. " if verdict.proved else "Not proved. ") + verdict.sentence)
    return 0 if verdict.proved else 1


def _read(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path} does not hold an object")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
