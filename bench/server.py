"""The production server as ``consultation.serve`` starts it, and what the system says of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from consultation.serve import commands
from consultation.settings import ROOT, load

WORKERS = 2
OURS = "wsgi:app"
_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    process: int
    port: int
    log: Path

    def cpu(self) -> float:
        """Return the seconds of CPU spent so far by the server and its workers."""
        return cpu_of(self.process)

    def megabytes(self) -> tuple[float, float]:
        """Return the memory of the heaviest worker, in MB of a million bytes.

        First what is resident, then its share: what processes have in common, divided by them.
        """
        workers = _family(self.process)[1:]
        return max(_memory(p, "Rss") for p in workers), max(_memory(p, "Pss") for p in workers)

    def errors(self) -> str:
        """Return what the server has written, which should be nothing."""
        return self.log.read_text(encoding="utf-8").strip()


@contextmanager
def served(environ: Mapping[str, str], target: str = OURS) -> Iterator[Server]:
    """Serve ``target`` with two workers until the block ends."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    # An empty variable is one that is not set: those of whoever measures must not come in.
    own = {"DATABASE_URL": "", "REDIS_URL": "", "FILES_PATH": "", "DEMO_PASSWORD": ""}
    more = {"PORT": str(port), "WORKERS": str(WORKERS), "TRUSTED_PROXIES": "1"}
    environ = {**own, **environ, **more}
    command = [*commands(load(environ))["The web server"][:-1], target]
    if target != OURS:
        command = ["granian" if word == "consultation.server" else word for word in command]
        command = [word for word in command if word != "-OO"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as written:
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environ},
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait(child, port, log)
            yield Server(child.pid, port, log)
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(30)


def _wait(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


# --- /proc ---------------------------------------------------------------------------------------


def cpu_of(process: int) -> float:
    """Return the CPU seconds of a process, its living descendants and its children that ended."""
    ended = sum(_times(process)[2:])
    return (ended + sum(sum(_times(one)[:2]) for one in _family(process))) / _TICKS


def _family(process: int) -> list[int]:
    """Return the process, then those that descend from it."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except OSError:
        return [process]
    return [process, *(one for child in children.split() for one in _family(int(child)))]


def _times(process: int) -> list[int]:
    """Return user, system, and those of the children that ended, in ticks; 0 when it is over."""
    try:
        line = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return [0, 0, 0, 0]
    return [int(text) for text in line.rpartition(")")[2].split()[11:15]]


def _memory(process: int, measure: str) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    kibibytes = next(int(line.split()[1]) for line in lines if line.startswith(f"{measure}:"))
    return kibibytes * 1024 / 1e6
