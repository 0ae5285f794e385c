"""The table of pages: what each costs, and whether it is over its budget."""

from __future__ import annotations

from bench.pages import Cost, Page, measure_bare, measure_pages
from bench.questionnaires import REAL

STATEMENTS, CPU_MS, KILOBYTES = 4, 4.0, 20.0
"""What a page may cost: SQL statements, milliseconds of CPU, kilobytes of HTML."""

SIZES = (10, REAL, 150)


def print_pages() -> None:
    """Measure the pages of the three questionnaires and print them."""
    print(f"One page. Budgets: {STATEMENTS} statements, {CPU_MS:g} ms, {KILOBYTES:g} kB.\n")
    print("| questions | page | asked | | statements | CPU ms | x bare | HTML kB | |")
    print("|---|---|---|---|---|---|---|---|---|")
    bare = measure_bare()
    print(row("bare Flask + Jinja", "", "", "GET", bare, bare))
    missed = sum(_print_page(page) for size in SIZES for page in measure_pages(size))
    print(f"\n{verdict(missed)}\n")


def _print_page(page: Page) -> int:
    """Print the two lines of a page; return how many of them are over budget."""
    asked = str(page.asked)
    place = (str(page.questions), str(page.number), asked)
    print(row(*place, "GET", page.get, page.bare))
    print(row(*place, "POST", page.post, page.bare), flush=True)
    return sum(bool(over(cost)) for cost in (page.get, page.post))


def row(questions: str, page: str, asked: str, method: str, cost: Cost, bare: Cost) -> str:
    times = f"{cost.cpu_ms:.1f} | {cost.cpu_ms / bare.cpu_ms:.0f}"
    figures = f"{cost.statements} | {times} | {cost.size / 1000:.1f}"
    missed = ", ".join(over(cost))
    said = f"over budget: {missed}" if missed else ""
    return f"| {questions} | {page} | {asked} | {method} | {figures} | {said} |"


def over(cost: Cost) -> list[str]:
    checks = {
        "statements": cost.statements > STATEMENTS,
        "CPU": cost.cpu_ms > CPU_MS,
        "HTML": cost.size > KILOBYTES * 1000,
    }
    return [name for name, missed in checks.items() if missed]


def verdict(missed: int) -> str:
    return f"{missed} requests over budget." if missed else "Every request is within its budget."
