"""Which reader opens a file: by what it contains first, by its name when that says nothing.

And which writer makes one: read when it is asked for, since each brings libraries of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.formats import neutral, plain_text
from consultation.questionnaires.formats.limesurvey import reader as limesurvey
from consultation.questionnaires.formats.report import Import, UnreadableFile
from consultation.questionnaires.formats.workbook import OLD_WORKBOOK
from consultation.questionnaires.formats.xlsform import reader as xlsform

READERS: dict[str, Callable[[bytes, str], Import]] = {
    "xlsform": xlsform.read,
    "limesurvey": limesurvey.read,
    "json": neutral.read_json,
    "yaml": neutral.read_yaml,
    "text": plain_text.read,
}


def format_of(data: bytes, name: str) -> str:
    """Return the name of the format of a file.

    Raises:
        UnreadableFile: no reader opens it.
    """
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise UnreadableFile("Ce fichier est vide. Choisissez le fichier du questionnaire.")
    if data.startswith(b"PK") or data.startswith(OLD_WORKBOOK):
        return "xlsform"
    if head.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")) or name.lower().endswith(".lss"):
        return "limesurvey"
    if head.startswith(b"{"):
        return "json"
    if name.lower().endswith((".yaml", ".yml")):
        return "yaml"
    if name.lower().endswith((".txt", ".md", ".text")):
        return "text"
    raise UnreadableFile(
        "Ce type de fichier n’est pas reconnu. Choisissez un fichier .xlsx (XLSForm), "
        ".lss (LimeSurvey), .json, .yaml ou .txt."
    )


def read_file(data: bytes, name: str) -> Import:
    """Read a file whatever its format.

    Raises:
        UnreadableFile: it cannot be read; the message says what to do.
    """
    return READERS[format_of(data, name)](data, name)


@dataclass(frozen=True, slots=True)
class Writer:
    """A format that questionnaires are written in: its function, its files, its name in French."""

    module: str
    function: str
    extension: str
    media_type: str
    label: str

    def write(self, questionnaire: Questionnaire) -> bytes:
        """Return the file.

        Raises:
            CompileError, ExpressionError: the questionnaire names something that is not there.
        """
        data: bytes = getattr(import_module(self.module), self.function)(questionnaire)
        return data


_HERE = __package__
WRITERS: dict[str, Writer] = {
    name: writer
    for name, writer in {
        "json": Writer(
            f"{_HERE}.neutral", "write_json", "json", "application/json", "JSON de la plateforme"
        ),
        "xlsform": Writer(
            f"{_HERE}.xlsform.writer",
            "write",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "XLSForm, pour ODK et KoboToolbox",
        ),
        "limesurvey": Writer(
            f"{_HERE}.limesurvey.writer", "write", "lss", "application/xml", "LimeSurvey (.lss)"
        ),
        "ddi": Writer(
            f"{_HERE}.ddi", "write", "xml", "application/xml", "DDI-Codebook 2.5, pour l’archivage"
        ),
    }.items()
    if find_spec(writer.module) is not None
}
