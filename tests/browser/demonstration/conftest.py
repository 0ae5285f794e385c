"""The demonstration in front of the browser: loaded once per worker, copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from consultation.demo.load import load
from tests import databases
from tests.browser.conftest import served

NOW = datetime(2026, 3, 3, 10, 30, tzinfo=ZoneInfo("Europe/Paris"))
"""A Tuesday morning, always the same, so that pictures do not change every day."""


@pytest.fixture(scope="session")
def demonstration(sqlite_template: Path, worker_folder: Path) -> Path:
    """Return an SQLite file that holds the demonstration, small."""
    file = worker_folder / "demonstration.sqlite3"
    databases.copy_sqlite(sqlite_template, file)
    app = databases.build(f"sqlite:///{file}", worker_folder / "demonstration")
    with app.app_context():
        load(app, respondents=400, seed=2022, now=NOW, progress=False)
    databases.close(app)
    return file


@pytest.fixture
def app(demonstration: Path, tmp_path: Path, worker_folder: Path) -> Iterator[Flask]:
    """The application on a copy of the demonstration, at ``NOW``."""
    file = tmp_path / "live.sqlite3"
    databases.copy_sqlite(demonstration, file)
    files = worker_folder / "demonstration" / "instance" / "files"
    with served(file, tmp_path, ENVIRONMENT="demonstration", FILES_PATH=str(files)) as app:
        app.extensions["clock"] = lambda: NOW
        yield app
