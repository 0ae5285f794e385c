"""What a web worker weighs when it has read its code, and what some pages add to it when asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from consultation.server import LATER, compiled
from consultation.settings import ROOT

WEIGHED = {**LATER, "migrations": "consultation.cli.migrating"}
"""What is asked for, and the module that is loaded then."""

_PROGRAM = """
import sys
from importlib import import_module
from pathlib import Path

def resident():
    return int(Path("/proc/self/statm").read_text("ascii").split()[1])

sys.modules["psycopg"] = None
from consultation.app import ROOMS_WITH_MODELS, VIEWS
for name in (*(f"consultation.{room}.models" for room in ROOMS_WITH_MODELS), *VIEWS):
    import_module(name)
before = resident()
if len(sys.argv) > 1:
    import_module(sys.argv[1])
print(before, resident())
"""
_PAGE = 4096


@dataclass(frozen=True, slots=True)
class Weight:
    """What was loaded, and how many MB (of a million bytes) it made resident."""

    what: str
    megabytes: float


def measure_weights() -> Iterator[Weight]:
    """Yield the code of every page, then what is added by each page that asks for more."""
    yield Weight("the code of all pages, before a request", _resident()[1])
    for what, module in WEIGHED.items():
        before, after = _resident(module)
        yield Weight(what, after - before)


def _resident(*modules: str) -> tuple[float, float]:
    said = subprocess.run(
        [sys.executable, *(["-OO"] if compiled() else []), "-c", _PROGRAM, *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return int(said[0]) * _PAGE / 1e6, int(said[1]) * _PAGE / 1e6


def print_weights() -> None:
    """Measure the weights and print them."""
    print("Memory of a worker: its code, and what a page adds when it first asks for it.\n")
    print("| what | MB |\n|---|---|")
    for weight in measure_weights():
        print(f"| {weight.what} | {weight.megabytes:.0f} |", flush=True)
    print()
