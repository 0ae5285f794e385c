"""What was typed, without the characters that no page can give back."""

from __future__ import annotations

from typing import TypeVar

from werkzeug.datastructures import MultiDict

from consultation.lib.legible import legible

Typed = TypeVar("Typed", bound=MultiDict[str, str])


def kept(typed: Typed) -> Typed:
    """Return a form or a query without what no page could show, nor a file hold.

    Pasted from a document, such a character is nothing that the person typed: the rest is kept,
    where a refusal would ask them to find what they cannot see.
    """
    pairs = list(typed.items(multi=True))
    clean = [(legible(name), legible(value)) for name, value in pairs]
    return typed if clean == pairs else type(typed)(clean)
