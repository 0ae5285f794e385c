"""Pictures of the pages, for the documentation and for whoever looks after a failed test."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]


def keep_picture(page: Page, name: str, whole: bool = False) -> Path:
    """Save what ``page`` shows (``whole``: its full height) as ``name``.png and return the file.

    Pictures go to build/screens; ``make screenshots``, which runs the tests marked ``picture``,
    sends them to docs/screens.
    """
    file = ROOT / os.environ.get("SCREENSHOTS", "build/screens") / f"{name}.png"
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file, full_page=whole, animations="disabled", caret="hide")
    return file
