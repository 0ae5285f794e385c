"""Files that come with an answer: is this file what its name says, and is it safe to keep? Pure.

Archives (the OpenDocument and Office formats are archives) are judged on their table of contents;
nothing is unpacked but a type of a few letters.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LONGEST_NAME = 150
LARGEST_UNPACKED = 300_000_000
LARGEST_RATIO = 200
MOST_ENTRIES = 5000
_NBSP = "\u00a0"
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Format:
    """A format that we recognise by its content."""

    media_type: str
    recognises: Callable[[bytes], bool]


class RefusedFile(Exception):
    """A file cannot be kept; ``sentence`` says why and what to do, without capital or full stop."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check(name: str, data: bytes, extensions: Sequence[str], megabytes: float) -> str:
    """Return the media type of a file that a question accepts.

    Raises:
        RefusedFile: it is empty, too heavy, of another format, or not what its name says.
    """
    extension = extension_of(name)
    if extension not in [accepted.lower() for accepted in extensions] or extension not in FORMATS:
        raise RefusedFile(f"joignez un fichier au format {_listed(extensions)}")
    if not data:
        raise RefusedFile("ce fichier est vide, choisissez-en un autre")
    if len(data) > megabytes * 1024 * 1024:
        raise RefusedFile(
            f"joignez un fichier de {megabytes:g}{_NBSP}Mo au plus".replace(".", ",", 1)
        )
    found = FORMATS[extension]
    if not found.recognises(data):
        raise RefusedFile(
            f"le contenu de ce fichier n’est pas celui d’un {extension.upper()}, "
            "enregistrez-le à nouveau dans ce format puis joignez-le"
        )
    return found.media_type


def extension_of(name: str) -> str:
    """Return the extension of a file name, lower-case and without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """Return a file name fit to be shown and given back: no folder, no invisible character."""
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    bare = " ".join(_UNPRINTABLE.sub("", bare).split()).strip(". ") or "fichier"
    stem, dot, extension = bare.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
    return bare[:LONGEST_NAME]


def _listed(extensions: Sequence[str]) -> str:
    *first, last = [extension.upper() for extension in extensions]
    return f"{', '.join(first)} ou {last}" if first else last


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(marks)


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _is_text(data: bytes) -> bool:
    return b"\0" not in data and not data.startswith((b"%PDF-", b"PK\x03\x04", b"{\\rtf"))


def _open_document(media_type: str) -> Callable[[bytes], bool]:
    def recognises(data: bytes) -> bool:
        with _archive(data) as archive:
            entry = archive.NameToInfo.get("mimetype")
            if entry is None or entry.file_size > 100:
                return False
            return archive.read(entry).strip() == media_type.encode()

    return _whole(recognises)


def _office(part: str) -> Callable[[bytes], bool]:
    def recognises(data: bytes) -> bool:
        with _archive(data) as archive:
            names = archive.NameToInfo
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise RefusedFile("ce fichier contient des macros, enregistrez-le sans macros")
            return "[Content_Types].xml" in names and part in names

    return _whole(recognises)


def _whole(recognises: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    """Say no to an archive that cannot be read, whatever makes it so."""

    def safely(data: bytes) -> bool:
        try:
            return recognises(data)
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, KeyError):
            return False
        except RuntimeError:  # an encrypted entry
            return False

    return safely


def _archive(data: bytes) -> zipfile.ZipFile:
    if not data.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile
    archive = zipfile.ZipFile(io.BytesIO(data))
    unpacked = sum(entry.file_size for entry in archive.infolist())
    bomb = unpacked > max(LARGEST_RATIO * len(data), 10_000_000) or unpacked > LARGEST_UNPACKED
    if bomb or len(archive.infolist()) > MOST_ENTRIES:
        raise RefusedFile("ce fichier est compressé à l’excès, enregistrez-le à nouveau")
    return archive


_ODF = "application/vnd.oasis.opendocument."
_OOXML = "application/vnd.openxmlformats-officedocument."
FORMATS = {
    "pdf": Format("application/pdf", _is_pdf),
    "odt": Format(f"{_ODF}text", _open_document(f"{_ODF}text")),
    "ods": Format(f"{_ODF}spreadsheet", _open_document(f"{_ODF}spreadsheet")),
    "odp": Format(f"{_ODF}presentation", _open_document(f"{_ODF}presentation")),
    "docx": Format(f"{_OOXML}wordprocessingml.document", _office("word/document.xml")),
    "xlsx": Format(f"{_OOXML}spreadsheetml.sheet", _office("xl/workbook.xml")),
    "pptx": Format(f"{_OOXML}presentationml.presentation", _office("ppt/presentation.xml")),
    "rtf": Format("application/rtf", _begins(b"{\\rtf")),
    "txt": Format("text/plain", _is_text),
    "csv": Format("text/csv", _is_text),
    "png": Format("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": Format("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": Format("image/jpeg", _begins(b"\xff\xd8\xff")),
}
"""Every format that can be attached, by its extension."""
