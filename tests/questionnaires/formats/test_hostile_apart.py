"""Files made to hurt, read apart as the page and the command do: a sentence, a bounded cost."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from consultation.questionnaires.formats import sandbox
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.questionnaires.formats.sandbox import MEGABYTES, SECONDS, read_apart
from consultation.settings import ROOT
from tests.questionnaires.formats.limesurvey.every_type import every_type
from tests.questionnaires.formats.limesurvey.survey import Survey
from tests.questionnaires.formats.xlsform.test_reader import workbook

MEASURING = """
import json, resource, subprocess, sys, time
begin = time.monotonic()
done = subprocess.run(
    [sys.executable, "-m", "consultation.questionnaires.formats.sandbox", "--", sys.argv[1]],
    input=sys.stdin.buffer.read(), capture_output=True, timeout=60)
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"code": done.returncode, "out": done.stdout.decode(),
    "kilobytes": spent.ru_maxrss, "cpu": spent.ru_utime + spent.ru_stime}))
"""


@dataclass
class Measured:
    """What a reading gave and cost: seconds of CPU, kilobytes at most."""

    code: int
    out: str
    kilobytes: int
    cpu: float

    @property
    def refusal(self) -> str:
        return str(json.loads(self.out).get("refused", "")) if self.code == 0 else "stopped"


def measured(data: bytes, name: str) -> Measured:
    command = [sys.executable, "-c", MEASURING, name]
    done = subprocess.run(command, input=data, capture_output=True, check=True, cwd=ROOT)
    return Measured(**json.loads(done.stdout))


def patched(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Return a workbook with one of its parts changed."""
    source, stream = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            text = source.read(part)
            archive.writestr(part, change(text.decode()) if part == name else text)
    return stream.getvalue()


def bomb(part: str, megabytes: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(part, "w", force_zip64=True) as inflated:
            for _ in range(megabytes):
                inflated.write(bytes(1 << 20))
    return stream.getvalue()


def crowded() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(4000):
            archive.writestr(f"xl/a{number}", b"")
    return stream.getvalue()


FORM = workbook(survey=[("type", "name", "label"), ("text", "q", "Q")])
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
TYPED = f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


def _many_cells() -> bytes:
    rows = [("text", f"q{n}", "x" * 900) for n in range(11_000)]
    return workbook(survey=[("type", "name", "label"), *rows])


def _aliases() -> bytes:
    lines = ((98 + n, ",".join([f"*{chr(97 + n)}"] * 9)) for n in range(9))
    made = "".join(f"{chr(code)}: &{chr(code)} [{items}]\n" for code, items in lines)
    return f"a: &a [1]\n{made}".encode()


def _typed_strings(_: str) -> str:
    return f"<?xml version='1.0'?>{TYPED}<sst><si><t>&l9;</t></si></sst>"


def _immense(sheet: str) -> str:
    return re.sub(r'dimension ref="[^"]*"', 'dimension ref="A1:XFD1048576"', sheet)


REFUSED: dict[str, Callable[[], tuple[bytes, str]]] = {
    "entities that expand": lambda: (f"{TYPED}<document>&l9;</document>".encode(), "e.lss"),
    "an outside entity": lambda: (
        b'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><document>&f;</document>', "e.lss",
    ),
    "a type elsewhere": lambda: (
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd"><document/>', "e.lss",
    ),
    "entities after a long comment": lambda: (
        f"<!--{'x' * 20_000}-->{TYPED}<document>&l9;</document>".encode(), "e.lss",
    ),
    "elements without end": lambda: (b"<document>" + b"<a>" * 200_000, "e.lss"),
    "a text of 30 MB": lambda: (b"<document>" + b"a" * 30_000_000 + b"</document>", "e.lss"),
    "nothing but zeros": lambda: (bytes(10_000), "e.xlsx"),
    "a sheet that inflates": lambda: (bomb(SHEET, 90), "e.xlsx"),
    "a property that inflates": lambda: (bomb("docProps/app.xml", 90), "e.xlsx"),
    "thousands of parts": lambda: (crowded(), "e.xlsx"),
    "entities in a workbook": lambda: (patched(FORM, STRINGS, _typed_strings), "e.xlsx"),
    "10 MB of cells": lambda: (_many_cells(), "e.xlsx"),
    "a cell at the end of the sheet": lambda: (
        patched(FORM, SHEET, lambda s: s.replace("</sheetData>", FAR)), "e.xlsx",
    ),
    "strings by billions": lambda: (
        patched(FORM, STRINGS, lambda s: re.sub(r'ount="\d+"', 'ount="4000000000"', s)), "e.xlsx",
    ),
    "a sheet cut in two": lambda: (patched(FORM, SHEET, lambda s: s[: len(s) // 2]), "e.xlsx"),
    "5,000 groups inside one another": lambda: (
        workbook(survey=[("type", "name", "label"), *[("begin group", "g", "G")] * 5000]), "e.xlsx",
    ),
    "aliases that expand": lambda: (_aliases(), "e.yaml"),
    "lists without end": lambda: (b"a: " + b"[" * 50_000, "e.yaml"),
    "objects without end": lambda: (b'{"a":' * 50_000, "e.json"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_made_to_hurt_is_refused_within_bounds(what: str) -> None:
    found = measured(*REFUSED[what]())

    assert found.kilobytes < MEGABYTES * 1024
    assert found.cpu < SECONDS
    assert found.refusal == "stopped" or re.fullmatch(r"[A-ZÀ-Ü].{20,260}\.", found.refusal)
    assert found.code in (0, -6)  # stopped by the bound of memory


def _doubled() -> bytes:
    made = Survey()
    made.question("N", "E0")
    for n in range(1, 300):
        made.question("*", f"E{n}", f"{{E{n - 1} + E{n - 1}}}", attributes={"hidden": "1"})
    return made.lss()


def _ring() -> bytes:
    made = Survey()
    for n in range(300):
        made.question("Y", f"Q{n}", relevance=f'Q{(n + 1) % 300} == "Y"')
    return made.lss()


def _chained() -> bytes:
    head = ("type", "name", "label", "calculation")
    sums = [("calculate", f"a{n}", "", f"${{a{n - 1}}} + ${{a{n - 1}}}") for n in range(1, 300)]
    return workbook(survey=[head, ("integer", "a0", "A"), *sums])


READ: dict[str, Callable[[], tuple[bytes, str]]] = {
    "a sheet that says it is immense": lambda: (patched(FORM, SHEET, _immense), "e.xlsx"),
    "a byte order mark": lambda: (b"\xef\xbb\xbf" + every_type().lss(), "e.lss"),
    "zeros inside a text": lambda: (every_type().lss().replace(b"Choisir", b"Choi\0sir"), "e.lss"),
    "a workbook named otherwise": lambda: (FORM, "e.lss"),
    "equations that double": lambda: (_doubled(), "e.lss"),
    "conditions in a ring": lambda: (_ring(), "e.lss"),
    "calculations that double": lambda: (_chained(), "e.xlsx"),
    "very long conditions": lambda: (
        workbook(survey=[("type", "name", "label", "relevant"), ("text", "a", "A"), *(
            ("text", f"q{n}", "Q", " or ".join(f"${{a}} = '{n}{m}'" for m in range(250)))
            for n in range(200)
        )]), "e.xlsx",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", READ)
def test_a_strange_file_is_read_within_bounds(what: str) -> None:
    found = measured(*READ[what]())

    assert (found.code, found.refusal) == (0, "")
    assert found.kilobytes < MEGABYTES * 1024
    assert found.cpu < SECONDS


def test_a_stylesheet_that_is_broken_is_no_failure() -> None:
    found = measured(patched(FORM, "xl/styles.xml", lambda _: "<styleSheet><"), "e.xlsx")

    assert found.code == 0
    assert found.refusal == "" or found.refusal.endswith(".")


def test_a_file_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.1)  # no reader has started by then
    attributes = " ".join(f'a{n}=""' for n in range(400_000)).encode()

    with pytest.raises(UnreadableFile, match="trop de temps ou de mémoire"):
        read_apart(b"<document " + attributes + b"/>", "e.lss")


SIX_HUNDRED: dict[str, Any] = {
    "xlsx": lambda: workbook(
        survey=[
            ("type", "name", "label", "relevant", "constraint"),
            *(
                ("integer", f"q{n}", f"Question {n}", f"${{q{n - 1}}} > 3" if n else "", ". >= 0")
                for n in range(600)
            ),
        ]
    ),
    "lss": lambda: _six_hundred(),
}


def _six_hundred() -> bytes:
    made = Survey(languages=("fr", "en", "de"))
    for n in range(300):
        made.question("L", f"L{n}", options={f"A{m}": "Option" for m in range(5)})
        made.question("F", f"F{n}", rows={"r1": "1", "r2": "2"}, options={"1": "1", "2": "2"},
                      relevance=f"L{n} == 'A1'")  # fmt: skip
    return made.lss()


@pytest.mark.parametrize("ending", SIX_HUNDRED)
def test_six_hundred_questions_take_less_than_three_seconds_apart(ending: str) -> None:
    found = measured(SIX_HUNDRED[ending](), f"e.{ending}")

    assert json.loads(found.out)["report"]["questions"] == 600
    assert found.cpu < 3
