"""What each worker of the web server carries, whoever it serves."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "alembic", "cryptography", "lxml", "numpy", "pandas", "python_calamine", "tqdm", "typst",
    "yaml",
    "xlsxwriter",
}  # fmt: skip
"""Libraries of a few pages, of the commands and of the background work, each 1 to 60 MB."""

SERVER = """
import sys
from consultation.app import create_app
from consultation.settings import load

create_app(load({"ENVIRONMENT": "test", "SECRET_KEY": "a key", "INSTANCE_PATH": sys.argv[1]}))
print(*sorted(name for name in sys.modules if "." not in name))
"""


def test_a_respondent_does_not_wait_for_what_only_organisers_use(tmp_path) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path / "instance")]
    found = subprocess.run(command, capture_output=True, text=True, check=True)

    loaded = set(found.stdout.split())
    assert "consultation" in loaded and "flask" in loaded
    assert loaded & HEAVY == set()


def test_every_background_task_that_is_registered_can_be_run(app) -> None:
    from consultation import working
    from consultation.app import WORK

    functions = {name: getattr(working, name.replace("-", "_")) for name in WORK}
    assert set(app.extensions["queue"].tasks) == set(functions)
