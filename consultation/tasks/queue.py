"""The queue of background work. It knows no room: rooms are registered by the factory.

What must not be lost is a row in a table first. The queue only says « look now »; a regular sweep
finds what a crash or a full queue left behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from typing import Any

from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.serializer import SignedSerializer

from consultation.settings import Settings, SettingsError
from consultation.tasks.rules import Spacing, is_due

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Task:
    """Some work, run within an application context when woken and ``every`` so many minutes."""

    name: str
    work: Work
    every: int


class Queue:
    """The tasks of an application, and the way to wake its worker."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.tasks: dict[str, Task] = {}
        self._spacing, self._lock = Spacing(1.0), Lock()

    def register(self, name: str, work: Work, *, every: int = 1) -> None:
        """Add ``work``: it must be safe to run twice, or twice at once."""
        self.tasks[name] = Task(name, work, every)

    def wake(self, name: str) -> None:
        """Ask the worker to run ``name`` now. Never fails: the sweep comes within a minute."""
        if name not in self.tasks:
            raise KeyError(name)
        with self._lock:
            delay = self._spacing.delay(name, time.monotonic())
        if delay is None:
            return
        try:
            self._ask(name, delay)
        except Exception:
            self._app.logger.exception("the queue did not take %s; the sweep will run it", name)

    def _ask(self, name: str, delay: float) -> None:
        try:
            self._enqueue(name, delay)
        except Exception:
            # The store may have been emptied under us: open it again, once.
            self._forget_store()
            self._enqueue(name, delay)

    def _enqueue(self, name: str, delay: float) -> None:
        if delay:
            self.run_later.schedule(args=(name,), delay=delay)
        else:
            self.run_later(name)
        self.huey.storage.close()

    def _forget_store(self) -> None:
        for opened in ("huey", "run_later"):
            self.__dict__.pop(opened, None)

    def run(self, name: str) -> object:
        """Run ``name`` here and now."""
        with self._app.app_context():
            return self.tasks[name].work()

    @cached_property
    def huey(self) -> Huey:
        """The store of the queue, opened on first use."""
        return _open(self._app.extensions["settings"])

    @cached_property
    def run_later(self) -> Any:
        return self.huey.task(name="run")(self.run)

    def prepare_worker(self) -> Huey:
        """Return the store with every task on its schedule, for the process that runs them."""
        for task in self.tasks.values():
            sweep = self.huey.periodic_task(_schedule(task.every), name=f"sweep-{task.name}")
            sweep(_running(self, task.name))
            self.run_later(task.name)  # what an earlier worker left
        return self.huey


def init_app(app: Flask) -> Queue:
    """Give ``app`` its queue."""
    queue = Queue(app)
    app.extensions["queue"] = queue
    return queue


def wake(name: str) -> None:
    """Ask the worker to run ``name`` now; call it after the commit."""
    queue: Queue = current_app.extensions["queue"]
    queue.wake(name)


def _running(queue: Queue, name: str) -> Work:
    return lambda: queue.run(name)


def _schedule(every: int) -> Callable[[datetime], bool]:
    return lambda moment: is_due(int(moment.replace(tzinfo=UTC).timestamp()) // 60, every)


def _open(settings: Settings) -> Huey:
    # Signed: what the store holds is unpickled, and others may reach a store on the network.
    serializer = SignedSerializer(secret=settings.secret_key)
    if settings.redis_url:
        try:
            return RedisHuey(
                "consultation", url=settings.redis_url, results=False, serializer=serializer
            )
        except (ImportError, ConfigurationError):
            raise SettingsError(
                "Install the redis package, or unset REDIS_URL to keep the queue in a file."
            ) from None
    file = settings.instance_path / "queue.sqlite3"
    return SqliteHuey("consultation", filename=str(file), results=False, serializer=serializer)
