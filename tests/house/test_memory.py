"""What each worker of the web server carries, whoever it serves."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask

from consultation import server
from consultation.web.templates import compile_templates, keep_compiled

HEAVY = {
    "alembic", "argon2", "cryptography", "email_validator", "lxml", "numpy", "pandas",
    "pyotp", "python_calamine", "stdnum", "tqdm", "typst", "unittest", "xlsxwriter", "yaml",
}  # fmt: skip
"""Libraries of a few pages, of the commands and of the background work, each up to 60 MB."""

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


COMMAND = """
import sys
from consultation.serve import commands
from consultation.settings import load

print(*commands(load({"ENVIRONMENT": "test", "INSTANCE_PATH": sys.argv[1]}))["The web server"][1:4])
"""


def _command_of_the_server(folder: Path, **environ: str) -> str:
    command = [sys.executable, "-c", COMMAND, str(folder)]
    environ = {**os.environ, **environ}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout


@pytest.mark.one_database
def test_the_server_leaves_out_texts_that_nobody_reads_where_that_costs_no_start(tmp_path) -> None:
    elsewhere = {"PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
    assert _command_of_the_server(tmp_path, **elsewhere).startswith("-m consultation.server")

    written = {**elsewhere, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-OO", "-c", "import consultation.server"]
    subprocess.run(command, env={**os.environ, **written}, check=True)
    assert _command_of_the_server(tmp_path, **elsewhere) == "-OO -m consultation.server\n"


@pytest.mark.one_database
def test_all_that_a_worker_may_import_can_be_compiled_at_the_installation() -> None:
    for name in (server.DRIVER, *server.LATER.values()):
        assert find_spec(name) is not None, name


def test_the_first_visitor_of_a_page_does_not_wait_for_its_template(app: Flask) -> None:
    folder = app.extensions["settings"].instance_path / "essai"
    compile_with(app, folder)
    compiled = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert len(compiled) == len(app.jinja_env.list_templates(extensions=["html"]))

    compile_with(app, folder)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == compiled


def compile_with(app: Flask, folder: Path) -> None:
    """Compile the templates as a start does, and leave the application as it was."""
    kept = app.jinja_env.bytecode_cache
    keep_compiled(app, folder)
    app.jinja_env.cache.clear()
    compile_templates(app)
    app.jinja_env.bytecode_cache = kept


def test_every_background_task_that_is_registered_can_be_run(app) -> None:
    from consultation import working
    from consultation.app import WORK

    functions = {name: getattr(working, name.replace("-", "_")) for name in WORK}
    assert set(app.extensions["queue"].tasks) == set(functions)
