"""The fixtures every room shares: the real databases, the application and its visitors."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from xdist.scheduler import WorkStealingScheduling

from consultation.db import db
from consultation.questionnaires.formats import sandbox
from consultation.questionnaires.queries import forget_compiled
from consultation.results.snapshots import forget_figures
from tests import databases
from tests.house.client import InspectingClient

DATABASES = ("sqlite", "postgresql")

# Two cores shared with other work make deadlines lie; a continuous run must be repeatable.
hypothesis.settings.register_profile(
    "consultation",
    max_examples=50,
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.function_scoped_fixture,
    ],
)
# A night of search: pytest --hypothesis-profile=thorough
hypothesis.settings.register_profile(
    "thorough", hypothesis.settings.get_profile("consultation"), max_examples=2000
)
hypothesis.settings.load_profile("consultation")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("both", *DATABASES),
        default="both",
        help="run the tests that need a database on this one only",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run on both databases every test that reaches one, but those that say one is enough."""
    if "database" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--database")
    names = [name for name in DATABASES if chosen in ("both", name)]
    if metafunc.definition.get_closest_marker("one_database"):
        names = names[:1]
    metafunc.parametrize("database", names, indirect=True)


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what stays until the end: tests, rooms, libraries."""
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started, once every worker is done."""
    if not hasattr(config, "workerinput"):
        factory = getattr(config, "_tmp_path_factory", None)
        if factory is not None:
            databases.stop_postgresql(factory.getbasetemp())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: object
) -> WorkStealingScheduling | None:
    """Give each worker whole folders, whose pages and modules only it reads, then even the end."""
    return WorkStealingScheduling(config, log) if config.getvalue("dist") == "load" else None


@pytest.fixture(scope="session", autouse=True)
def _patience_with_files() -> None:
    """Let a file be read apart for a minute of the clock; its CPU stays bounded by the system."""
    sandbox.SECONDS = 60


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that every worker of this run shares."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if hasattr(request.config, "workerinput") else folder


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    return databases.sqlite_template(run_folder)


@pytest.fixture(scope="session")
def postgresql_url(run_folder: Path) -> str:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    return databases.postgresql_database(run_folder, worker)


@pytest.fixture(scope="session")
def sweeper(postgresql_url: str) -> Iterator[databases.Sweeper]:
    with closing(databases.Sweeper(postgresql_url)) as sweeper:
        yield sweeper


@pytest.fixture(scope="session")
def worker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this worker: its SQLite file and its instances."""
    return tmp_path_factory.mktemp("worker")


@pytest.fixture
def database(request: pytest.FixtureRequest, worker_folder: Path) -> Iterator[str]:
    """The URL of a migrated database without a row, of which this process remembers nothing."""
    forget_compiled()
    forget_figures()
    if request.param == "sqlite":
        file = worker_folder / "consultation.sqlite3"
        databases.copy_sqlite(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
    else:
        sweeper = request.getfixturevalue("sweeper")
        yield request.getfixturevalue("postgresql_url")
        sweeper.sweep()


@pytest.fixture(scope="session")
def shared_apps() -> Iterator[dict[str, Flask]]:
    """One application per database URL: building its routes for every test would cost more."""
    apps: dict[str, Flask] = {}
    yield apps
    for app in apps.values():
        databases.close(app)


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    database: str,
    shared_apps: dict[str, Flask],
    worker_folder: Path,
) -> Iterator[Flask]:
    """The application, on each database in turn.

    Tests share it and get it back as it was: what they set in ``app.config`` or
    ``app.extensions`` (the clock) lasts until their end. A test that adds routes or needs other
    settings asks for its own: ``@pytest.mark.own_app(PUBLIC_URL="https://...")``.
    """
    own = request.node.get_closest_marker("own_app")
    if own:
        folder = request.getfixturevalue("tmp_path")
        app = databases.build(database, folder, **own.kwargs)
    else:
        app = shared_apps.get(database) or databases.build(database, worker_folder)
        shared_apps[database] = app
    app.test_client_class = InspectingClient
    with databases.lent(app):
        yield app
    if own:
        databases.close(app)


@pytest.fixture
def db_session(app: Flask) -> Iterator[Session]:
    """The session of the test itself, inside an application context.

    Requests made by a client have their own; the client commits this one before each of them.
    """
    with app.app_context():
        yield db.session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a session, whose pages are all inspected."""
    return app.test_client()
