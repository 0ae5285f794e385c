"""A reader of PDF files, as small as our own files allow: their text, and what makes them tagged.

It follows the text operators of each page and the ToUnicode tables of its fonts, as a screen
reader or a search does.
"""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.S)
_STREAM = re.compile(rb"/Length (\d+).*?stream\n", re.S)
_SHOWN = re.compile(
    rb"/(f\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\)|<([0-9A-Fa-f]+)>(?=[ \]\d-]*T[jJ])"
    rb"|1 0 0 -1 [\d.]+ ([\d.]+) cm",
    re.S,
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(data: bytes) -> str:
    """Return the text of every page, in the order it is drawn, a line a line."""
    objects = {int(number): body for number, body in _OBJECT.findall(data)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body]
    return " ".join("".join(_page(objects, page)) for page in pages)


def marks_of(data: bytes) -> dict[str, bool]:
    """Tell which marks of an accessible document are there."""
    catalogue = next(body for _, body in _OBJECT.findall(data) if b"/Type/Catalog" in body)
    return {
        "StructTreeRoot": b"/StructTreeRoot" in catalogue,
        "MarkInfo": b"/MarkInfo<</Marked true" in catalogue,
        "Lang": b"/Lang(" in catalogue,
        "Title": b"/DisplayDocTitle true" in catalogue and b"<dc:title>" in data,
        "pdfuaid": re.search(rb"pdfuaid:part>1<|pdfuaid:part=\"1\"", data) is not None,
    }


def _page(objects: dict[int, bytes], page: bytes) -> list[str]:
    resources = objects[_reference(page, b"Resources")]
    fonts = {
        name: _unicode(objects, int(number))
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
    }
    content = _content(objects[_reference(page, b"Contents")])
    font, line, found = b"", 0.0, []
    for name, literal, digits, height in _SHOWN.findall(content):
        font = name or font
        if height and abs(float(height) - line) > 3:
            line = float(height)
            found.append("\n")
        codes = bytes.fromhex(digits.decode()) if digits else _literal(literal)
        pairs = zip(codes[::2], codes[1::2], strict=False)
        found += [fonts[font].get(high << 8 | low, "") for high, low in pairs]
    return found


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found, name
    return int(found[1])


def _content(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    data = body[found.end() : found.end() + int(found[1])]
    return zlib.decompress(data) if b"/FlateDecode" in found[0] else data


def _unicode(objects: dict[int, bytes], number: int) -> dict[int, str]:
    table = _content(objects[_reference(objects[number], b"ToUnicode")])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", table)
    return {int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs}


def _literal(text: bytes) -> bytes:
    def plain(escape: re.Match[bytes]) -> bytes:
        octal = escape[1]
        return bytes([int(octal, 8)]) if octal.isdigit() else _ESCAPES.get(octal, octal)

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, text, flags=re.S)
