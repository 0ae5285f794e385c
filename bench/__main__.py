"""``python -m bench``: print what pages cost and how much is written, beside bare peers."""

from __future__ import annotations

import logging
import os
import platform
import sqlite3
import time
from importlib.metadata import version

from bench.pages import Cost, Page, measure_bare, measure_pages
from bench.questionnaires import REAL
from bench.writing import WRITERS, Rate, measure_writes

STATEMENTS, CPU_MS, KILOBYTES = 4, 4.0, 20.0
"""What a page may cost: SQL statements, milliseconds of CPU, kilobytes of HTML."""

SIZES = (10, REAL, 150)


def main() -> None:
    """Measure and print; a missed budget is said, and is no failure."""
    logging.disable(logging.INFO)
    start = time.monotonic()
    print(_machine())
    print(f"\nOne page. Budgets: {STATEMENTS} statements, {CPU_MS:g} ms, {KILOBYTES:g} kB.\n")
    print("| questions | page | asked | | statements | CPU ms | x bare | HTML kB | |")
    print("|---|---|---|---|---|---|---|---|---|")
    bare = measure_bare()
    print(_row("bare Flask + Jinja", "", "", "GET", bare, bare))
    missed = sum(_print_page(page) for size in SIZES for page in measure_pages(size))
    print(f"\n{_verdict(missed)}\n\nWrites, {WRITERS} processes at once.\n")
    print("| database | what | per second | CPU ms of the writer |\n|---|---|---|---|")
    for rate in measure_writes():
        print(_rate(rate), flush=True)
    print(f"\nMeasured in {time.monotonic() - start:.0f} s.")


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("Flask", "SQLAlchemy", "psycopg"))
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores (load {load:.1f} when it began), {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}, SQLite {sqlite3.sqlite_version}."
    )


def _print_page(page: Page) -> int:
    """Print the two lines of a page; return how many of them are over budget."""
    asked = str(page.asked)
    place = (str(page.questions), str(page.number), asked)
    print(_row(*place, "GET", page.get, page.bare))
    print(_row(*place, "POST", page.post, page.bare), flush=True)
    return sum(bool(_over(cost)) for cost in (page.get, page.post))


def _row(questions: str, page: str, asked: str, method: str, cost: Cost, bare: Cost) -> str:
    times = f"{cost.cpu_ms:.1f} | {cost.cpu_ms / bare.cpu_ms:.0f}"
    figures = f"{cost.statements} | {times} | {cost.size / 1000:.1f}"
    over = ", ".join(_over(cost))
    said = f"over budget: {over}" if over else ""
    return f"| {questions} | {page} | {asked} | {method} | {figures} | {said} |"


def _over(cost: Cost) -> list[str]:
    checks = {
        "statements": cost.statements > STATEMENTS,
        "CPU": cost.cpu_ms > CPU_MS,
        "HTML": cost.size > KILOBYTES * 1000,
    }
    return [name for name, missed in checks.items() if missed]


def _verdict(missed: int) -> str:
    return f"{missed} requests over budget." if missed else "Every request is within its budget."


def _rate(rate: Rate) -> str:
    said = "pgbench is missing" if rate.per_second is None else f"{rate.per_second:,.0f}"
    cpu = "" if rate.cpu_ms is None else f"{rate.cpu_ms:.1f}"
    return f"| {rate.database} | {rate.what} | {said} | {cpu} |"


if __name__ == "__main__":
    main()
