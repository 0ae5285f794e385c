"""XML from a stranger: no entity, no network, no document type, a bounded size."""

from __future__ import annotations

from lxml import etree

from consultation.questionnaires.formats.report import UnreadableFile

LARGEST = 60_000_000
"""Bytes of XML accepted."""


def parse_xml(data: bytes, what: str) -> etree._Element:
    """Return the root element of ``data``.

    Raises:
        UnreadableFile: it is too large, not XML, or declares a document type.
    """
    if len(data) > LARGEST:
        raise UnreadableFile(f"Ce fichier dépasse 60\u00a0Mo. Exportez {what} sans les réponses.")
    if b"<!DOCTYPE" in data[:100_000] or b"<!ENTITY" in data[:1_000_000]:
        raise UnreadableFile(
            "Ce fichier déclare des entités XML, ce qui est refusé. Exportez-le à nouveau."
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(
            f"Ce fichier n’est pas un document XML lisible. Exportez {what} à nouveau."
        ) from error
