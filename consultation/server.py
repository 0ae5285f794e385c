"""granian with the application already imported, so that its workers share what they read.

A worker is born as a copy of this process. What was imported before stays in the same memory for
all of them, and a worker that replaces another one starts at once. Nothing is opened here: no
application, no database, no thread.

The server runs without the texts of documentation (``python -OO``), 6 MB of each worker, where the
installation has compiled what it imports in that way: see :func:`compiled`.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path

DRIVER = "psycopg"
"""The queue loads it where it finds it: 10 MB, which serve nothing on SQLite."""

_UNUSED = "regex"
"""The reader of conditions loads it where it finds it; ours need nothing of it."""

_ARENAS = -8
"""M_ARENA_MAX of the GNU C library."""


LATER = {
    "results": "consultation.results.queries",
    "a PDF": "typst",
    "a second factor, a proof": "cryptography.fernet",
    "a spreadsheet read": "python_calamine",
    "a spreadsheet written": "xlsxwriter",
    "a LimeSurvey file": "lxml.etree",
    "an export": "consultation.exports.formats.frame",
}
"""What few pages ask for, and the module that a worker loads then."""

_OPTIMISATION = "2"
"""What ``-OO`` writes in the name of a compiled file."""


def main() -> None:
    """Import every room, then become granian."""
    _allocate_in_one_place()
    url = os.environ.get("DATABASE_URL", "")
    on_sqlite = not url or url.startswith("sqlite")
    with _without((_UNUSED, DRIVER) if on_sqlite else (_UNUSED,)):
        _import_every_room()
    # What is never collected is never written to, and so never copied.
    gc.collect()
    gc.freeze()
    from granian.cli import entrypoint

    entrypoint()  # type: ignore[no-untyped-call]


def _import_every_room() -> None:
    from consultation.app import ROOMS_WITH_MODELS, VIEWS

    for name in (*(f"consultation.{room}.models" for room in ROOMS_WITH_MODELS), *VIEWS):
        import_module(name)
    # What each worker would make at its first page: once, for all of them.
    from sqlalchemy.orm import configure_mappers

    from consultation.questionnaires.expressions.parse import parse

    configure_mappers()
    parse("true")


def compile_everything() -> None:
    """Import all that a worker may, which writes its compiled files: once, at the installation.

    Called by ``python -OO``; without it each start would compile again what it imports.
    """
    _import_every_room()
    for name in (DRIVER, "granian.cli", *LATER.values()):
        import_module(name)


def compiled() -> bool:
    """Tell whether ``python -OO`` finds this module compiled, as an installation leaves it."""
    return Path(cache_from_source(__file__, optimization=_OPTIMISATION)).exists()


@contextmanager
def _without(names: Collection[str]) -> Iterator[None]:
    """Let nobody find the modules of ``names``; those that need one later import it for real."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: not to be found
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


def _allocate_in_one_place() -> None:
    """Keep one arena for all threads: one runs at a time, and each would keep its own pages."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(_ARENAS, 1)


if __name__ == "__main__":
    main()
