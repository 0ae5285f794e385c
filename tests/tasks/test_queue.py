"""The queue: it wakes, it spaces out, it never fails the page that calls it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from flask import Flask, current_app
from hypothesis import given
from hypothesis import strategies as st

from consultation.settings import SettingsError
from consultation.tasks.queue import Queue, wake
from consultation.tasks.rules import Spacing, is_due

pytestmark = [pytest.mark.one_database, pytest.mark.own_app]


@given(st.lists(st.floats(0, 5), max_size=40))
def test_every_wake_up_is_followed_by_a_run_within_two_seconds(gaps: list[float]) -> None:
    spacing, now, runs, asked = Spacing(1.0), 0.0, [], []
    for gap in gaps:
        now += gap
        asked.append(now)
        delay = spacing.delay("mail", now)
        if delay is not None:
            runs.append(now + delay)
    assert all(any(moment <= run <= moment + 2 for run in runs) for moment in asked)
    assert all(later - sooner >= 0.999 for sooner, later in pairwise(runs))


def test_two_tasks_do_not_wait_for_each_other() -> None:
    spacing = Spacing(1.0)
    assert (spacing.delay("mail", 0.0), spacing.delay("audit", 0.0)) == (0.0, 0.0)


@given(st.integers(0, 10**9), st.integers(1, 1440))
def test_what_runs_every_so_often_runs_once_in_that_time(minute: int, every: int) -> None:
    assert sum(is_due(m, every) for m in range(minute, minute + every)) == 1


def test_work_runs_with_the_application_at_hand(app: Flask) -> None:
    queue: Queue = app.extensions["queue"]
    queue.register("look", lambda: current_app.name)
    assert queue.run("look") == "consultation"


def test_a_wake_up_waits_for_the_worker_and_is_run_by_it(app: Flask) -> None:
    queue: Queue = app.extensions["queue"]
    runs: list[int] = []
    queue.register("look", lambda: runs.append(1))
    with app.app_context():
        for _ in range(5):
            wake("look")
    waiting = queue.huey.pending()
    assert len(waiting) == 2  # one now, and one after the four others
    queue.huey.execute(queue.huey.dequeue())
    assert runs == [1]
    queue.huey.storage.close()


def test_a_queue_that_cannot_be_reached_fails_nobody(app: Flask) -> None:
    folder = app.extensions["settings"].instance_path
    (folder / "queue.sqlite3").mkdir()
    with app.app_context():
        wake("mail")


def test_a_store_erased_under_the_server_is_made_again(app: Flask) -> None:
    queue: Queue = app.extensions["queue"]
    queue.register("look", lambda: None)
    with app.app_context():
        wake("mail")
        for file in app.extensions["settings"].instance_path.glob("queue.sqlite3*"):
            file.unlink()
        wake("look")
    assert len(queue.huey.pending()) == 1
    queue.huey.storage.close()


def test_a_name_nobody_registered_is_a_mistake_of_the_caller(app: Flask) -> None:
    with app.app_context(), pytest.raises(KeyError):
        wake("coffee")


def test_what_another_secret_signed_is_not_run(app: Flask) -> None:
    queue: Queue = app.extensions["queue"]
    with app.app_context():
        wake("mail")
    stranger = Flask("stranger")
    stranger.extensions["settings"] = replace(app.extensions["settings"], secret_key="another")
    other = Queue(stranger)
    other.register("mail", lambda: None)
    with pytest.raises(ValueError, match="Signature"):
        other.huey.dequeue()
    queue.huey.storage.close()
    other.huey.storage.close()


def test_redis_without_its_package_is_one_sentence(app: Flask) -> None:
    try:
        import redis  # noqa: F401
    except ImportError:
        pass
    else:
        pytest.skip("the redis package is installed")
    stranger = Flask("stranger")
    stranger.extensions["settings"] = replace(
        app.extensions["settings"], redis_url="redis://127.0.0.1"
    )
    with pytest.raises(SettingsError, match="redis"):
        _ = Queue(stranger).huey
