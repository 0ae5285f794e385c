"""The table of sending, with and without the log that proves what was received."""

from __future__ import annotations

from bench.sending import Sent, measure_sending

MORE_STATEMENTS = 1
"""What the log may add to a sending."""


def print_sending() -> None:
    """Measure sending and print what the log adds."""
    sent = measure_sending()
    print("One sending (39 questions, SQLite), and what the log of submissions adds to it.\n")
    print("| | statements | CPU ms |\n|---|---|---|")
    for line in rows(sent):
        print(line)
    print(f"\n{verdict(sent)}\n")


def rows(sent: Sent) -> list[str]:
    """Return the lines of the table."""
    without = sent.statements - sent.of_the_log
    return [
        f"| sending, with the log | {sent.statements} | {sent.cpu_ms:.2f} |",
        f"| sending, without it | {without} | {sent.cpu_ms - sent.leaf_ms:.2f} |",
        f"| the log: salt, document, hash, receipt | {sent.of_the_log} | {sent.leaf_ms:.2f} |",
        f"| later, in the worker, for each of a batch | {sent.later_statements:.2f} "
        f"| {sent.later_ms:.2f} |",
    ]


def verdict(sent: Sent) -> str:
    """Say whether sending keeps its mark."""
    met = "met" if sent.of_the_log <= MORE_STATEMENTS else "missed"
    return f"Mark: at most {MORE_STATEMENTS} more statement for the log: {sent.of_the_log}, {met}."
