"""The vector of a submission: a fixed number of bytes per version, that results count on.

Each question (statements excepted) has a presence byte — 0 not seen, 1 seen and not answered,
2 answered — followed by the bytes of its kind (see ``width`` and ``pack`` of each kind):

====================  =======================================================================
single, scale         uint16 little-endian: number of the option, from 1
reference (one)       the same
multiple, reference   one bit per option, little-endian mask (bit 0 of byte 0 = first option)
matrix                one byte per row: number of the point, from 1; 0 = row not answered
ranking               one byte per option: its rank, from 1; 0 = not ranked
number                float64 little-endian
allocation            one float64 little-endian per row
date                  uint32 little-endian: proleptic Gregorian ordinal of the first day
text, file, consent   nothing more
====================  =======================================================================

Zeroes stand for whatever was not seen or not answered.
"""

from __future__ import annotations

from collections.abc import Mapping

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.kinds.question import Answer
from consultation.questionnaires.path import Path

NOT_SEEN, NOT_ANSWERED, ANSWERED = 0, 1, 2


def vector(version: CompiledVersion, path: Path, answers: Mapping[str, Answer]) -> bytes:
    """Pack the ``answers`` of one submission (see ``path.submitted``); ``version.width`` bytes."""
    return b"".join(
        _packed(item, item.key in path.shown, answers)
        for item in version.items.values()
        if item.width
    )


def _packed(item: Item, seen: bool, answers: Mapping[str, Answer]) -> bytes:
    if not seen:
        return bytes(item.width)
    if item.key not in answers:
        return bytes([NOT_ANSWERED]) + bytes(item.width - 1)
    return bytes([ANSWERED]) + item.kind.pack(item.resolved, answers)
