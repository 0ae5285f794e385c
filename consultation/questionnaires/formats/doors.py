"""Which reader opens a file: by what it contains first, by its name when that says nothing.

And which writer makes one: read when it is asked for, since each brings libraries of its own.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO

from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.formats.report import Import, UnreadableFile

_HERE = __package__
READERS: dict[str, tuple[str, str]] = {
    "xlsform": (f"{_HERE}.xlsform.reader", "read"),
    "limesurvey": (f"{_HERE}.limesurvey.reader", "read"),
    "json": (f"{_HERE}.neutral", "read_json"),
    "yaml": (f"{_HERE}.neutral", "read_yaml"),
    "text": (f"{_HERE}.plain_text", "read"),
}
"""The module and the function of each reader."""

MOST_PARTS = 3_000
"""Files inside a workbook, pictures included."""
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENDINGS = {
    "lss": "limesurvey", "lsg": "limesurvey", "lsq": "limesurvey", "json": "json",
    "yaml": "yaml", "yml": "yaml", "txt": "text", "md": "text", "text": "text",
}  # fmt: skip
_MARKS = re.compile(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*")


def format_of(data: bytes, name: str) -> str:
    """Return the name of the format of a file.

    Raises:
        UnreadableFile: no reader opens it.
    """
    head = _MARKS.sub(b"", data[:2000], count=1)
    ending = name.lower().rpartition(".")[2]
    if not head.strip(b"\0"):
        raise UnreadableFile("Ce fichier est vide. Choisissez le fichier du questionnaire.")
    if data.startswith(OLD_OFFICE):
        return "xlsform"
    if data.startswith(b"PK"):
        return _zipped(data)
    if head.startswith(b"<"):
        return "limesurvey"
    if head.startswith((b"{", b"[")):
        return "json"
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    raise UnreadableFile(_UNKNOWN.get(ending, _UNKNOWN[""]))


_UNKNOWN = {
    "": "Ce type de fichier n’est pas reconnu. Choisissez un fichier .xlsx (XLSForm), "
    ".lss (LimeSurvey), .json, .yaml ou .txt.",
    "csv": "Un fichier .csv ne contient qu’une feuille. Enregistrez les feuilles survey et choices "
    "du formulaire dans un classeur .xlsx.",
    "tsv": "Dans LimeSurvey, choisissez Exporter puis Structure du questionnaire (.lss).",
    "xlsx": "Ce fichier n’est pas un classeur. Choisissez un fichier .xlsx.",
    "xls": "Ce fichier n’est pas un classeur. Choisissez un fichier .xlsx.",
}
_NOT_WORKBOOKS = (
    (
        re.compile(r".*\.(lss|lsr|lst|lsi)$", re.IGNORECASE),
        "Ce fichier est une archive de LimeSurvey (.lsa). Dans LimeSurvey, choisissez Exporter "
        "puis Structure du questionnaire (.lss).",
    ),
    (
        re.compile(r"word/|ppt/"),
        "Ce fichier est un document, pas un classeur. Collez son texte dans «\u00a0À partir d’un "
        "texte\u00a0», ou choisissez un fichier .xlsx.",
    ),
    (
        re.compile(r"content\.xml$"),
        "Ce fichier est au format OpenDocument. Enregistrez-le au format .xlsx.",
    ),
)


def _zipped(data: bytes) -> str:
    """Return the format of a ZIP archive: a workbook, or a sentence about what it is."""
    try:
        names = zipfile.ZipFile(BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "xlsform"  # its reader says that it is damaged
    if len(names) > MOST_PARTS:
        raise UnreadableFile(
            "Ce fichier contient trop d’éléments. Gardez seulement les feuilles du questionnaire."
        )
    if not any(name.startswith("xl/") for name in names):
        for pattern, sentence in _NOT_WORKBOOKS:
            if any(pattern.match(name) for name in names[:1000]):
                raise UnreadableFile(sentence)
    return "xlsform"


def read_file(data: bytes, name: str) -> Import:
    """Read a file whatever its format.

    Raises:
        UnreadableFile: it cannot be read; the message says what to do.
    """
    module, function = READERS[format_of(data, name)]
    found: Import = getattr(import_module(module), function)(data, name)
    return found


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
