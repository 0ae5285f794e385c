"""What only a real browser can tell of a page: axe's rules, and whether it fits its width."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def assert_accessible(page: Page) -> None:
    """Fail with each violation that axe finds in ``page``, and the elements it concerns.

    The script is evaluated by the debugger, which the page's security policy does not stop, so
    the policy stays the one of production.
    """
    page.evaluate(_axe())
    report = page.evaluate(
        "standards => axe.run(document, {runOnly: {type: 'tag', values: standards},"
        " resultTypes: ['violations']})",
        STANDARDS,
    )
    violations = [_sentence(violation) for violation in report["violations"]]
    assert not violations, "\n".join([page.url, *violations])


def assert_fits(page: Page) -> None:
    """Fail when the page is wider than its window and would scroll sideways."""
    wide, window = page.evaluate(
        "[document.scrollingElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= window, f"{page.url} is {wide} px wide in a window of {window} px"


@cache
def _axe() -> str:
    assert AXE.exists(), "axe-core is not installed: run make test once, or npm ci."
    return AXE.read_text(encoding="utf-8")


def _sentence(violation: dict[str, Any]) -> str:
    places = "\n    ".join(
        f"{' '.join(map(str, node['target']))}: {node['html'][:200]}\n"
        f"      {' '.join(node['failureSummary'].split())}"
        for node in violation["nodes"]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n    {places}"
