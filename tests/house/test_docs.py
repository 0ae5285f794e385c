"""A document that names a command, a setting, a page or a file is held to it."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask

from consultation.settings import ROOT, Publisher, Settings

DOCUMENTS = sorted(
    p for p in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if p.name != "LICENSE"
)
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_every_link_to_a_file_leads_to_it(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    for name in re.findall(r"`?\bmake ([a-z]+)\b(?=[`\s])", _code(document)):
        assert re.search(rf"^{name}:", MAKEFILE, re.MULTILINE), f"make {name}"


def _code(document: Path) -> str:
    text = document.read_text("utf-8")
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)) + " "


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
@pytest.mark.one_database
def test_every_command_that_is_named_exists(document: Path, app: Flask) -> None:
    for words in re.findall(r"flask --app wsgi ([a-z][a-z -]*)", _code(document)):
        command: click.Command | None = app.cli
        for word in words.split():
            if not isinstance(command, click.Group):
                break
            if word.startswith("-"):
                break
            command = command.get_command(click.Context(command), word)
            assert command is not None, f"{document.name}: flask {words}"


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    source = (ROOT / "consultation" / "settings.py").read_text("utf-8")
    read = set(re.findall(r'environ(?:\.get\(|, )"([A-Z_]+)"', source))
    read |= {f"PUBLISHER_{field.name.upper()}" for field in fields(Publisher)}
    table = OPERATIONS.split("## Settings")[1].split("## Commands")[0]
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})`", table))

    assert read - named == set()
    assert named - read == set()
    assert {f.name.upper() for f in fields(Settings)} - {"PUBLISHER"} <= read


@pytest.mark.one_database
def test_every_page_that_is_named_exists(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for document in DOCUMENTS:
        for path in re.findall(r"`(/[a-z][a-z/.-]*)`", document.read_text("utf-8")):
            assert adapter.test(path) or _is_file(path), f"{document.name} names {path}"


def _is_file(path: str) -> bool:
    return (ROOT / path.lstrip("/")).exists()


def test_every_table_of_the_house_exists() -> None:
    from consultation.db import Base

    house = (ROOT / "docs" / "house.md").read_text("utf-8").split("## Floors")[0]
    rooms = {
        name
        for row in re.findall(r"^\| (`[^|]+) \|", house, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    present = {p.stem for p in (ROOT / "consultation").iterdir() if not p.name.startswith("_")}

    assert present - rooms == set()
    assert rooms - present == set()
    assert Base.metadata.tables


def test_no_document_speaks_of_a_machine() -> None:
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        assert not re.search(r"/(?:work|tmp|root|home)/", text), document.name
