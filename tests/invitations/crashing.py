"""A worker that dies when it is told to: ``python -m tests.invitations.crashing URL FOLDER PORT``.

Each line of the standard input is ``STEP MOMENT``: a child process plans and delivers once at
MOMENT, and is killed by SIGKILL just before its STEP-th word to the database (a statement or a
commit; 0 = never). The answer is the child's process number first, then ``done``, ``killed`` or
``failed`` on a second line. Children are forked, so that each costs milliseconds: the parent works
once itself when STEP is -1, and they inherit the statements it has built.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import sessionmaker

from consultation.db import db
from consultation.invitations.planning import post_due
from consultation.mail.delivery import deliver_due
from tests.databases import build


def work(app: Flask, port: str, step: int, moment: datetime) -> None:
    """Do what the worker does in a minute."""
    if step:
        die_before(step)
    settings = replace(app.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{port}")
    with app.app_context():
        factory = sessionmaker(db.engine)
        post_due(factory, settings, lambda: moment)
        deliver_due(factory, settings, lambda: moment)


def die_before(step: int) -> None:
    """Kill this process before its ``step``-th statement or commit."""
    left = step

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)


def child(app: Flask, port: str, step: int, moment: datetime) -> None:
    """Work, and leave this process without running what the parent planned for its own end."""
    try:
        work(app, port, step, moment)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def warm_up(app: Flask, port: str, moment: datetime) -> None:
    """Work here, and leave no connection for the children to share."""
    work(app, port, 0, moment)
    with app.app_context():
        db.engine.dispose()
    print("warm", flush=True)


def main(url: str, folder: str, port: str) -> None:
    """Obey the standard input."""
    app = build(url, Path(folder))
    for line in sys.stdin:
        step, moment = int(line.split()[0]), datetime.fromisoformat(line.split()[1])
        if step < 0:
            warm_up(app, port, moment)
            continue
        number = os.fork()
        if number == 0:
            child(app, port, step, moment)
        print(number, flush=True)
        _, status = os.waitpid(number, 0)
        ends = {0: "done", signal.SIGKILL: "killed"}
        print(ends.get(status, f"failed {status}"), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
