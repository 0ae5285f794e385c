"""``flask questionnaires import``: one object, one sentence, or a draft."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.questionnaires.formats.neutral import write_json
from consultation.questionnaires.models import QuestionnaireVersion
from consultation.questionnaires.starters.shelf import starter
from consultation.settings import ROOT
from tests.authoring.making import drafted
from tests.responses.making import poles

REPORT = {
    "format", "languages", "sections", "questions", "kinds", "rows", "options", "conditions",
    "constraints", "problems",
}  # fmt: skip


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["questionnaires", "import", *words])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "satisfaction.json"
    path.write_bytes(write_json(starter("satisfaction")))
    return path


@pytest.mark.one_database
def test_a_dry_run_prints_exactly_one_object(app: Flask, file: Path) -> None:
    result = run(app, str(file), "--dry-run", "--report", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    report = json.loads(result.stdout)
    assert report.keys() == REPORT
    assert (report["format"], report["languages"], report["sections"]) == ("json", ["fr", "en"], 4)
    assert report["questions"] == sum(report["kinds"].values())
    assert report["conditions"].keys() == report["constraints"].keys() == {"translated", "reported"}
    assert report["problems"] == []


def test_claire_s_engineer_reads_a_file_from_any_folder_without_a_database(
    file: Path, tmp_path: Path
) -> None:
    """A process of its own: nothing but one object on its output, nothing on the other."""
    elsewhere = tmp_path / "ailleurs"
    elsewhere.mkdir()
    bare = {"PATH": os.environ["PATH"], "INSTANCE_PATH": str(tmp_path / "instance")}
    words = ["questionnaires", "import", f"../{file.name}", "--dry-run", "--report", "json"]
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *words]
    done = subprocess.run(command, cwd=elsewhere, env=bare, capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["questions"] > 5
    assert not list((tmp_path / "instance").glob("*.sqlite*"))


@pytest.mark.one_database
def test_a_text_report_says_each_problem(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "casse.json"
    data = json.loads(write_json(starter("satisfaction")))
    data["sections"][0]["questions"][1]["relevant"] = "licorne =="
    path.write_text(json.dumps(data), encoding="utf-8")
    result = run(app, str(path), "--dry-run")
    assert result.exit_code == 0
    assert "4 sections" in result.stdout
    assert "/sections/0/questions/1: À corriger" in result.stdout


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("image.png", b"\x89PNG"),
        ("vide.json", b""),
        ("faux.xlsx", b"PK\x03\x04" + b"\0" * 99),
        ("ancien.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600),
        ("absent.lss", None),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_french_sentence(
    app: Flask, tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    result = run(app, str(path), "--dry-run", "--report", "json")
    assert result.exit_code == 2
    report = json.loads(result.stdout)
    assert (report.keys(), report["format"], report["questions"]) == (REPORT, "unreadable", 0)
    assert report["problems"] == [{"where": name, "what": result.stderr.strip()}]
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Ce ")
    assert result.stderr.rstrip().endswith(".")


@pytest.mark.one_database
@pytest.mark.parametrize("place", ["/dev/zero", ".", "/dev/null"])
def test_what_is_no_file_gets_one_french_sentence(app: Flask, place: str) -> None:
    result = run(app, place, "--dry-run", "--report", "json")

    assert result.exit_code == 2
    assert result.stderr.startswith("Ce fichier ") and result.stderr.count("\n") == 1
    assert json.loads(result.stdout)["problems"][0]["what"] == result.stderr.strip()


def test_without_a_dry_run_the_consultation_gets_a_draft(
    app: Flask, db_session: Session, file: Path
) -> None:
    consultation = poles(db_session)
    result = run(app, str(file), "--consultation", "poles")
    assert result.exit_code == 0, result.output
    assert drafted(db_session, consultation) == starter("satisfaction")
    again = run(app, str(file), "--consultation", "poles")
    assert (again.exit_code, "--replace" in again.output) == (2, True)
    assert run(app, str(file), "--consultation", "poles", "--replace").exit_code == 0
    states = db_session.scalar(select(func.count()).where(QuestionnaireVersion.state == "draft"))
    assert states == 1


@pytest.mark.one_database
def test_a_draft_needs_a_consultation_that_exists(app: Flask, file: Path) -> None:
    assert run(app, str(file)).exit_code == 2
    assert run(app, str(file), "--consultation", "inconnue").exit_code == 2
