"""A real Chromium in front of the real application, served on a free loopback port."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from tests import databases

Theme = Literal["light", "dark"]
OpenPage = Callable[..., Page]

HEIGHT = {390: 844, 1280: 900}
"""Width in CSS pixels to height: a telephone and an office screen."""

PATIENCE_MS = 20_000
"""How long a page may take on a machine that does much else."""

# What is expected has its own patience, five seconds unless told.
expect.set_options(timeout=PATIENCE_MS)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser per worker, started by its path."""
    path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if path is None:
        pytest.fail("The browser tests need Chromium: install it or set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(file: Path, folder: Path, **environ: str) -> Iterator[Flask]:
    """Serve the application from the SQLite ``file``; its settings hold its address."""
    with ExitStack() as stack:
        server = make_server("127.0.0.1", 0, _not_yet, threaded=True)
        stack.callback(server.server_close)
        address = f"http://127.0.0.1:{server.server_port}"
        app = databases.build(f"sqlite:///{file}", folder, **{"PUBLIC_URL": address, **environ})
        stack.callback(databases.close, app)
        server.app = app
        thread = Thread(target=server.serve_forever, args=(0.02,), name="live server")
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        yield app


@pytest.fixture(scope="session")
def shared_live_app(worker_folder: Path) -> Iterator[Flask]:
    with served(worker_folder / "live.sqlite3", worker_folder / "live") as app:
        yield app


@pytest.fixture
def app(
    request: pytest.FixtureRequest, sqlite_template: Path, worker_folder: Path, tmp_path: Path
) -> Iterator[Flask]:
    """The application on SQLite, at the address where the browser finds it."""
    file = worker_folder / "live.sqlite3"
    databases.copy_sqlite(sqlite_template, file)
    own = request.node.get_closest_marker("own_app")
    if own:
        with served(file, tmp_path, **own.kwargs) as app:
            yield app
    else:
        with databases.lent(request.getfixturevalue("shared_live_app")) as app:
            yield app


@pytest.fixture
def live_url(app: Flask) -> str:
    """The address of the application, without a slash at its end."""
    return str(app.extensions["settings"].public_url)


@pytest.fixture
def browser_page(chromium: Browser, live_url: str) -> Iterator[OpenPage]:
    """Open a page: ``browser_page(width=1280, theme="light", javascript=True)``.

    Each call is another visitor. The test fails at its end when a page wrote an error on the
    console (a refused inline script, a missing file) or raised one.
    """
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1280, theme: Theme = "light", javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_url,
            viewport={"width": width, "height": HEIGHT.get(width, 900)},
            color_scheme=theme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="fr-FR",
            timezone_id="Europe/Paris",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.extend(_complaint(message)))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _complaint(message: ConsoleMessage) -> list[str]:
    # A page that answers 4xx on purpose is reported by Chromium too; tests look at the page itself.
    # So is a request that a test cut on purpose.
    expected = ("the server responded with a status of 4", "net::ERR_FAILED")
    if message.type != "error" or any(words in message.text for words in expected):
        return []
    return [f"{message.location.get('url')}: {message.text}"]


def _not_yet(_environ: object, _start_response: object) -> list[bytes]:
    raise RuntimeError("the server was asked before the application was built")
