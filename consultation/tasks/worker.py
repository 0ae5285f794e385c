"""The process that does the background work: ``python -m consultation.tasks.worker``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from importlib import import_module

from flask import Flask

from consultation.settings import SettingsError
from consultation.tasks.queue import Queue

THREADS = 2


def work(make_app: Callable[[], Flask]) -> int:
    """Run what the queue of the application holds until a signal comes; return the exit status."""
    logging.basicConfig(format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        queue: Queue = make_app().extensions["queue"]
        consumer = queue.prepare_worker().create_consumer(
            workers=THREADS, max_delay=1.0, graceful_signal="INT", shutdown_timeout=20
        )
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    consumer.run()
    return 0


if __name__ == "__main__":
    # Named and not imported: the rooms are above this one.
    sys.exit(work(import_module("consultation.app").create_app))
