"""Start everything: ``python -m consultation.serve`` prepares, serves and works until a signal.

Two children do the work, the web server and the background worker; they stop together.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from threading import Event

from consultation import server
from consultation.settings import ROOT, Settings, SettingsError, load

PATIENCE_SECONDS = 25.0
"""How long the children may take to finish what they are doing."""

START_SECONDS = 60.0


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Serve what ``environ`` says; return the exit status."""
    try:
        environ = _with_a_port(environ)
        settings = load(environ)
        _check_port(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        prepared = _prepare(environ)
    except KeyboardInterrupt:
        return 130
    if prepared.returncode:
        return prepared.returncode
    return Household(settings, environ).run(prepared.stdout)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _with_a_port(environ: Mapping[str, str]) -> dict[str, str]:
    """Choose a free port when PORT is 0."""
    chosen = dict(environ)
    if chosen.get("PORT") == "0":
        with socket.socket() as door:
            door.bind((chosen.get("HOST") or "127.0.0.1", 0))
            chosen["PORT"] = str(door.getsockname()[1])
    return chosen


def _check_port(settings: Settings) -> None:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}). "
                "Stop what uses it, or set PORT to another one."
            ) from None


def _prepare(environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "consultation.prepare"]
    return subprocess.run(  # noqa: S603 -- our own module
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=False
    )


def commands(settings: Settings) -> dict[str, list[str]]:
    """Return the command line of each child, by its name."""
    options = {
        "--interface": "wsgi",
        "--host": settings.host,
        "--port": str(settings.port),
        "--workers": str(settings.workers),
        "--blocking-threads": "4",
        "--log-level": "warning",
        "--workers-kill-timeout": "10",
    }
    pairs = [part for option in options.items() for part in option]
    python = [sys.executable, "-m"]
    lean = ["-OO"] if server.compiled() else []
    return {
        "The web server": [
            sys.executable,
            *lean,
            "-m",
            "consultation.server",
            *pairs,
            "--respawn-failed-workers",
            "wsgi:app",
        ],
        "The background worker": [*python, "consultation.tasks.worker"],
    }


class Household:
    """The children of one start."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings, self._environ = settings, environ
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = Event()

    def run(self, greeting: str) -> int:
        """Start the children and wait for a signal, or for the death of one of them."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._asked_to_stop.set())
        try:
            for name, command in commands(self._settings).items():
                # A session of their own: a Ctrl-C reaches them through us, once.
                self._children[name] = subprocess.Popen(  # noqa: S603 -- our own commands
                    command, cwd=ROOT, env=self._environ, start_new_session=True
                )
            self._greet(greeting)
            return self._wait()
        finally:
            self._stop()

    def _greet(self, greeting: str) -> None:
        if self._answers():
            print(f"{greeting}{_about(self._settings)}", flush=True)

    def _answers(self) -> bool:
        """Wait until the server accepts connections; ``False`` when it never does."""
        end = time.monotonic() + START_SECONDS
        address = (_reachable(self._settings.host), self._settings.port)
        while time.monotonic() < end and not self._asked_to_stop.wait(0.1):
            if self._dead():
                return False
            try:
                socket.create_connection(address, timeout=1).close()
            except OSError:
                continue
            return True
        return False

    def _wait(self) -> int:
        while not self._asked_to_stop.wait(0.5):
            dead = self._dead()
            if dead:
                print(f"{dead} has stopped, so everything stops.", file=sys.stderr)
                return 1
        return 0

    def _dead(self) -> str:
        return next(
            (name for name, child in self._children.items() if child.poll() is not None), ""
        )

    def _stop(self) -> None:
        for child in self._children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGINT)
        end = time.monotonic() + PATIENCE_SECONDS
        for child in self._children.values():
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104


def _about(settings: Settings) -> str:
    lines = [f"Serving {settings.public_url}"]
    if not settings.smtp_url:
        lines.append(f"Mail is written here and in {settings.instance_path / 'mail'}")
    return "\n".join([*lines, "Stop with Ctrl-C.", ""])


if __name__ == "__main__":
    sys.exit(main())
