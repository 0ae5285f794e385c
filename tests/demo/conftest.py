"""A demonstration small enough for a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from consultation.demo.load import DemoAccounts, load

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def small(app: Flask) -> Callable[..., DemoAccounts]:
    """Load 60 respondents and 30 comments, on 22 November 2026."""
    app.extensions["clock"] = lambda: NOW

    def loading(**options: Any) -> DemoAccounts:
        wanted = {"respondents": 60, "seed": 1, "comments": 40, "progress": False, **options}
        return load(app, **wanted)

    return loading
