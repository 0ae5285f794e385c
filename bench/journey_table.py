"""The table of journeys over HTTP, and the marks beside them."""

from __future__ import annotations

from bench.journeys import Load, measure_journeys

CPU_MS, MEGABYTES = 4.0, 100.0
"""Our marks: CPU of the server for one request, resident memory of one worker."""

OTHERS = (
    "Measured elsewhere on a machine like this: a census-grade Flask runner 26.7 ms and 132 MB, "
    "an incumbent survey tool 111 to 187 ms."
)

_HEAD = (
    "respondents at once",
    "journeys/s",
    "requests/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "CPU ms, server",
    "least disturbed",
    "CPU ms, database",
    "CPU ms, client",
    "MB a worker",
    "its share",
)


def print_journeys() -> None:
    """Measure the journeys and print them; CPU is for one request."""
    print("Journeys over HTTP: granian, 2 workers, the consultation of 39 questions.\n")
    print(f"| served | {' | '.join(_HEAD)} |\n|{'---|' * (len(_HEAD) + 1)}")
    loads = []
    for load in measure_journeys():
        print(row(load), flush=True)
        loads.append(load)
    ours = [load for load in loads if load.whole]
    print(f"\n{marks(ours)} {OTHERS}\n{_stored(ours)}\n")


def row(load: Load) -> str:
    """Return the line of one load."""
    waits = (f"{load.percentile_ms(share):.0f}" for share in (0.5, 0.95, 0.99))
    journeys = f"{load.journeys / load.seconds:.1f}" if load.whole else ""
    rates = (str(load.at_once), journeys, f"{load.requests / load.seconds:,.0f}")
    cpu = (f"{ms:.2f}" for ms in (load.cpu_ms, load.least_ms, load.database_ms, load.client_ms))
    memory = (f"{size:.0f}" for size in (load.megabytes, load.shared_megabytes))
    return f"| {' | '.join((load.what, *rates, *waits, *cpu, *memory))} |"


def marks(ours: list[Load]) -> str:
    """Say for each database whether the worst of our loads keeps each mark."""
    found = {load.what: [x for x in ours if x.what == load.what] for load in ours}
    said = " ".join(_kept(what, loads) for what, loads in found.items())
    return f"Marks: {CPU_MS:g} ms of CPU a request, {MEGABYTES:g} MB a worker. {said}"


def _kept(what: str, loads: list[Load]) -> str:
    cpu, memory = max(x.cpu_ms for x in loads), max(x.megabytes for x in loads)
    quiet = max(x.least_ms for x in loads)
    return (
        f"{what}: {cpu:.1f} ms, {_met(cpu <= CPU_MS)} ({quiet:.1f} when least disturbed, "
        f"{_met(quiet <= CPU_MS)}); {memory:.0f} MB, "
        f"{_met(memory <= MEGABYTES)} ({max(x.shared_megabytes for x in loads):.0f} when what "
        "workers share is divided by them)."
    )


def _met(met: bool) -> str:
    return "met" if met else "missed"


def _stored(ours: list[Load]) -> str:
    journeys, requests = sum(x.journeys for x in ours), sum(x.requests for x in ours)
    return (
        f"{journeys:,} journeys of {requests / journeys:.1f} requests: each ended on its receipt "
        "and is stored once; no error, and nothing in the journal of the server."
    )
