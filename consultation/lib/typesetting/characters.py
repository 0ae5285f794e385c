"""Which characters the fonts of the documents can draw, read from the fonts themselves."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

REPLACED = "\ufffd"
"""What stands for a character that no font of ours can draw."""

SERIES = ("AtkinsonHyperlegibleNext-Regular.ttf", "NotoSans-Regular.ttf")
"""The fonts of plain text: what both can draw together never fails to be set."""

_BREAKS = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n",
                         "\u2029": "\n", "\t": " ", "\ufeff": None})  # fmt: skip
_SPACING = "\n \u00a0\u200c\u200d\ufe0f"


def drawable(text: str) -> str:
    """Return ``text`` with :data:`REPLACED` for each character that no font can draw."""
    return _kept(text, covered())


def plain(text: str) -> str:
    """Return ``text`` with nothing but what the two fonts of plain text draw, without marks.

    For a text whose characters are all covered, but never together by one font.
    """
    composed = unicodedata.normalize("NFC", text)
    bare = "".join(c for c in composed if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    return _kept(bare, _covered_by(SERIES))


def _kept(text: str, known: frozenset[int]) -> str:
    found = text.replace("\r\n", "\n").translate(_BREAKS)
    return "".join(c if ord(c) in known or c in _SPACING else REPLACED for c in found)


@cache
def covered() -> frozenset[int]:
    """Return the code points that at least one font of the folder draws."""
    names = [font.name for font in files(__package__).joinpath("fonts").iterdir()]
    return _covered_by(tuple(sorted(name for name in names if name.endswith(".ttf"))))


@cache
def _covered_by(names: tuple[str, ...]) -> frozenset[int]:
    fonts = files(__package__).joinpath("fonts")
    found = {point for name in names for point in _points(fonts.joinpath(name))}
    return frozenset(point for point in found if unicodedata.category(chr(point)) != "Cc")


def _points(font: Any) -> Iterator[int]:
    """Yield the code points of the ``cmap`` table of a TrueType font, which OpenType describes."""
    data: bytes = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    places = {data[12 + 16 * n : 16 + 16 * n]: 12 + 16 * n for n in range(tables)}
    (start,) = struct.unpack_from(">I", data, places[b"cmap"] + 8)
    (subtables,) = struct.unpack_from(">H", data, start + 2)
    for number in range(subtables):
        (offset,) = struct.unpack_from(">I", data, start + 8 + 8 * number)
        yield from _subtable(data, start + offset)


def _subtable(data: bytes, at: int) -> Iterator[int]:
    (kind,) = struct.unpack_from(">H", data, at)
    if kind == 4:
        (doubled,) = struct.unpack_from(">H", data, at + 6)
        ends = struct.unpack_from(f">{doubled // 2}H", data, at + 14)
        starts = struct.unpack_from(f">{doubled // 2}H", data, at + 16 + doubled)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)
    elif kind == 12:
        (groups,) = struct.unpack_from(">I", data, at + 12)
        for number in range(groups):
            first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * number)
            yield from range(first, last + 1)
