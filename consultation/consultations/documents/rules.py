"""Which files a consultation may give to read. Pure."""

from __future__ import annotations

from consultation.consultations.rules import Refused
from consultation.web.typography import NBSP

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Extension to media type."""

LARGEST_MEGABYTES = 10
LONGEST_NAME = 200
MOST_DOCUMENTS = 30


def check_file(name: str, data: bytes) -> tuple[str, str]:
    """Return the clean name and the media type; raise :class:`Refused` unless the file may stay.

    The content must be what the name says.
    """
    name = clean_name(name)
    extension = name.rpartition(".")[2].lower()
    if extension not in MEDIA_TYPES:
        known = ", ".join(MEDIA_TYPES)
        raise Refused("file", f"Choisissez un fichier de l’un de ces formats{NBSP}: {known}")
    if not data:
        raise Refused("file", "Choisissez un fichier qui n’est pas vide")
    if len(data) > LARGEST_MEGABYTES * 1_000_000:
        raise Refused("file", f"Choisissez un fichier de {LARGEST_MEGABYTES}{NBSP}Mo au plus")
    if not _is(extension, data):
        kind = extension.upper()
        raise Refused("file", f"Ce fichier n’est pas un {kind} lisible. Enregistrez-le de nouveau")
    return name, MEDIA_TYPES[extension]


def clean_name(name: str) -> str:
    """Return the last part of a path, printable and short, with its extension."""
    base = name.replace("\\", "/").rpartition("/")[2]
    base = " ".join("".join(c if c.isprintable() else " " for c in base).split())
    stem, dot, extension = base.rpartition(".")
    return f"{stem[: LONGEST_NAME - 10]}{dot}{extension[:9]}"


def _is(extension: str, data: bytes) -> bool:
    if extension == "pdf":
        return data.startswith(b"%PDF-")
    if extension == "csv":
        return b"\0" not in data and not data.startswith((b"PK\x03\x04", b"%PDF-"))
    if extension in ("odt", "ods"):
        return data.startswith(b"PK\x03\x04") and MEDIA_TYPES[extension].encode() in data[:200]
    return data.startswith(b"PK\x03\x04") and b"vbaProject.bin" not in data
