"""``python -m bench [PART…]``: print what pages, sending, journeys and writes cost."""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sqlite3
import time
from importlib.metadata import version

from bench.conditions_table import print_conditions
from bench.import_table import print_imports
from bench.journey_table import print_journeys
from bench.page_table import print_pages
from bench.sending_table import print_sending
from bench.weights import print_weights
from bench.writing_table import print_writes

PARTS = {
    "conditions": print_conditions,
    "imports": print_imports,
    "pages": print_pages,
    "sending": print_sending,
    "http": print_journeys,
    "memory": print_weights,
    "writes": print_writes,
}
"""The parts, in the order in which they are measured."""


def main() -> None:
    """Measure and print the parts asked for, all by default; a missed mark is no failure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"among {', '.join(PARTS)}")
    asked = parser.parse_args().parts
    if unknown := [name for name in asked if name not in PARTS]:
        parser.error(f"{unknown[0]} is no part: choose among {', '.join(PARTS)}")
    logging.disable(logging.INFO)
    start = time.monotonic()
    print(f"{_machine()}\n")
    for name, measure in PARTS.items():
        if not asked or name in asked:
            measure()
    print(f"Measured in {time.monotonic() - start:.0f} s.")


def _machine() -> str:
    names = ("Flask", "SQLAlchemy", "psycopg", "granian")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores (load {load:.1f} when it began), {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}, SQLite {sqlite3.sqlite_version}. "
        f"A fixed loop of 200,000 turns takes {_loop_ms():.0f} ms of CPU."
    )


def _loop_ms() -> float:
    """Return the CPU that a fixed loop takes, in ms: the speed of this Python on this machine."""
    taken = []
    for _ in range(7):
        start, words = time.process_time(), {}
        for number in range(200_000):
            words[number % 1000] = str(number).upper()
        taken.append(1000 * (time.process_time() - start))
    return min(taken)


if __name__ == "__main__":
    main()
