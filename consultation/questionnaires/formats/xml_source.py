"""XML from a stranger: no entity, no network, no document type, a bounded size."""

from __future__ import annotations

import re

from lxml import etree

from consultation.questionnaires.formats.report import UnreadableFile

LARGEST = 20_000_000
"""Bytes of XML accepted; reading takes about eight times that in memory."""

_PROLOG = re.compile(rb"^[^<]*(?:<(?:\?.*?\?|!--.*?--)>\s*)*<!DOCTYPE", re.DOTALL)
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def parse_xml(data: bytes, what: str) -> etree._Element:
    """Return the root element of ``data``.

    Control characters that XML forbids are dropped, and a file that claims to be in UTF-8 and is
    not is read as Windows writes: some tools export both.

    Raises:
        UnreadableFile: it is too large, not XML, or declares a document type.
    """
    if len(data) > LARGEST:
        raise UnreadableFile(f"Ce fichier dépasse 20\u00a0Mo. Exportez {what} sans les réponses.")
    if _PROLOG.match(data[:10_000]):
        raise _typed()
    root = _parsed(data)
    if root is None and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        root = _parsed(_repaired(data))
    if root is None:
        raise UnreadableFile(
            f"Ce fichier n’est pas un document XML lisible. Exportez {what} à nouveau."
        )
    if root.getroottree().docinfo.doctype:  # type: ignore[attr-defined]
        raise _typed()
    return root


def _typed() -> UnreadableFile:
    return UnreadableFile(
        "Ce fichier déclare un type de document ou des entités XML, ce qui est refusé. "
        "Exportez-le à nouveau."
    )


def _parsed(data: bytes) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _repaired(data: bytes) -> bytes:
    bare = _FORBIDDEN.sub(b"", data)
    try:
        bare.decode()
    except UnicodeDecodeError:
        text = re.sub(r"^\s*<\?xml.*?\?>", "", bare.decode("cp1252", "replace"))
        return text.encode()
    return bare
