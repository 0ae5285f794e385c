"""What several threads of one process do at the same moment, just after its start."""

from __future__ import annotations

import subprocess
import sys

import pytest

FIRST_READERS = """
import sys, threading
import {module} as room

sys.setswitchinterval(1e-6)
barrier = threading.Barrier(8)

def come():
    barrier.wait()
    room.{reader}({document})

people = [threading.Thread(target=come) for _ in range(8)]
for person in people:
    person.start()
for person in people:
    person.join()
"""

QUESTION = {"kind": "long_text", "key": "avis", "label": {"fr": "Votre avis"}}
SECTION = {"key": "partie", "title": {"fr": "Partie"}, "questions": [QUESTION]}
QUESTIONNAIRE = {"code": "court", "title": {"fr": "Court"}, "sections": [SECTION]}
KEPT = '{"path": "/", "fields": [["nom", "Roux"]], "secrets": [], "files": []}'


@pytest.mark.parametrize(
    ("module", "reader", "document"),
    [
        ("consultation.questionnaires.format", "decode", QUESTIONNAIRE),
        ("consultation.web.kept", "_READER.decode", KEPT),
    ],
    ids=["a questionnaire", "a form that was kept"],
)
def test_eight_people_who_come_first_together_do_not_end_the_process(
    module: str, reader: str, document: object
) -> None:
    code = FIRST_READERS.format(module=module, reader=reader, document=repr(document))
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
