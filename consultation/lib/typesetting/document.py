"""A document as a tagged PDF (PDF/UA-1), typeset from data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from consultation.lib.typesetting.characters import drawable, plain

if TYPE_CHECKING:
    import typst


def pdf(source: bytes, data: Mapping[str, Any]) -> bytes:
    """Return the document that the typst ``source`` makes of ``data``, plain JSON values.

    ``frame.typ`` comes before ``source``: it asks for ``title`` and ``language`` and gives the
    page, the headings and ``data``. No text of ``data`` is ever read as markup. ``replaced`` is
    added to it: whether some character had no drawing and is shown as U+FFFD.
    """
    import typst  # here and not above: it weighs 7 MB on whoever loads it

    try:
        return _typeset(source, data, drawable)
    except typst.TypstError as error:
        # Each character has a font, but a letter and its mark may have none together.
        if "could not be displayed" not in str(error):
            raise
        return _typeset(source, data, plain)


def _typeset(source: bytes, data: Mapping[str, Any], clean: Callable[[str], str]) -> bytes:
    import typst

    cleaned = _each_text(data, clean)
    replaced = cleaned != _each_text(data, _lines)
    frame = files(__package__).joinpath("frame.typ").read_bytes()
    made: bytes = typst.compile(
        frame + b"\n" + source,
        format="pdf",
        pdf_standards=["ua-1"],
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps({**cleaned, "replaced": replaced}, ensure_ascii=False)},
    )
    return made


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\t", " ")


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _each_text(each, change) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(each, change) for each in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    import typst

    # Our fonts alone: the same document on every machine.
    folder = str(files(__package__).joinpath("fonts"))
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
