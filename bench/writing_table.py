"""The table of writes."""

from __future__ import annotations

from bench.writing import WRITERS, Rate, measure_writes


def print_writes() -> None:
    """Measure the writes on both databases and print them."""
    print(f"Writes, {WRITERS} processes at once.\n")
    print("| database | what | per second | CPU ms of the writer |\n|---|---|---|---|")
    for rate in measure_writes():
        print(_rate(rate), flush=True)
    print()


def _rate(rate: Rate) -> str:
    said = "pgbench is missing" if rate.per_second is None else f"{rate.per_second:,.0f}"
    cpu = "" if rate.cpu_ms is None else f"{rate.cpu_ms:.1f}"
    return f"| {rate.database} | {rate.what} | {said} | {cpu} |"
