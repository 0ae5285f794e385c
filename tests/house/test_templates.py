"""What holds for every template, drawn or not by a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
ROOTS = {"base.html"}
PARTS = ("components/", "questionnaires/")
"""Folders of macros and fragments, which extend nothing."""

FORBIDDEN = {
    "an inline style": r"""<style|\sstyle\s*=""",
    "an inline script": r"""<script(?![^>]*\ssrc=)""",
    "an inline handler": r"""<[^>{]*\son[a-z]+\s*=""",
    "a file of another site": r"""(src|<link[^>]*href)\s*=\s*["'](https?:)?//""",
    "an unescaped text": r"""\|\s*safe\b|autoescape false|Markup\(""",
    "U+202F, which the fonts lack": "\u202f",
    "an asterisk for what is mandatory": r"""\*\s*</(label|legend)>""",
}


@pytest.fixture(params=PAGES, ids=lambda file: file.relative_to(TEMPLATES).as_posix())
def template(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_no_template_breaks_the_strict_policy_or_the_kit(template: Path) -> None:
    source = _without_comments(template)
    found = [fault for fault, pattern in FORBIDDEN.items() if re.search(pattern, source)]
    assert found == []


def test_every_page_extends_a_frame(template: Path) -> None:
    name = template.relative_to(TEMPLATES).as_posix()
    if name in ROOTS or name.startswith(PARTS) or template.name.startswith("_"):
        return
    parent = re.search(r"""\{%-?\s*extends\s+"([^"]+)\"""", _without_comments(template))
    if parent is None:
        source = template.read_text(encoding="utf-8")
        assert "<h1" not in source, "a page extends base.html or staff.html"
        users = [file for file in PAGES if f'"{name}"' in file.read_text(encoding="utf-8")]
        assert users, "neither a page nor a part of one"
    else:
        assert (TEMPLATES / parent[1]).exists()


def test_every_form_that_changes_something_has_a_token(template: Path) -> None:
    source = _without_comments(template)
    for form in re.findall(r"(?s)<form[^>]*method=.post.*?</form>", source):
        assert re.search(r"csrf_token|csrf\(\)|hidden_tag\(\)", form), form[:120]


@pytest.mark.one_database
def test_every_template_can_be_read(app: Flask) -> None:
    for file in PAGES:
        app.jinja_env.get_template(file.relative_to(TEMPLATES).as_posix())


@pytest.mark.one_database
def test_every_address_that_a_template_builds_exists(app: Flask) -> None:
    for file in PAGES:
        for endpoint in re.findall(r"""url_for\(\s*["']([\w.]+)""", file.read_text("utf-8")):
            assert endpoint in app.view_functions, (file.name, endpoint)


def test_every_class_is_in_the_stylesheet(template: Path) -> None:
    stylesheet = (ROOT / "static" / "consultation.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", stylesheet))
    source = re.sub(r"(?s)\{\{.*?\}\}|\{%.*?%\}", "§", _without_comments(template))
    for value in re.findall(r"""\sclass="([^"]*)\"""", source):
        words = {word for word in value.split() if "§" not in word}
        assert words <= known, words - known


def _without_comments(file: Path) -> str:
    return re.sub(r"(?s)\{#.*?#\}", "", file.read_text(encoding="utf-8"))
