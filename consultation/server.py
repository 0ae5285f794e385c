"""granian with the application already imported, so that its workers share what they read.

A worker is born as a copy of this process. What was imported before stays in the same memory for
all of them, and a worker that replaces another one starts at once. Nothing is opened here: no
application, no database, no thread.
"""

from __future__ import annotations

import gc
from importlib import import_module

from granian.cli import entrypoint

from consultation.app import ROOMS_WITH_MODELS, VIEWS


def main() -> None:
    """Import every room, then become granian."""
    for name in (*(f"consultation.{room}.models" for room in ROOMS_WITH_MODELS), *VIEWS):
        import_module(name)
    # What is never collected is never written to, and so never copied.
    gc.collect()
    gc.freeze()
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
