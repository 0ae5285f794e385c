"""What equations may read of a question of ours, to check them as they are translated."""

from __future__ import annotations

from typing import Any

from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.kinds.table import name_of

_SIMPLE = {
    "number": "number", "short_text": "text", "long_text": "text", "date": "date",
    "consent": "boolean", "file": "file",
}  # fmt: skip


def symbol_of(question: Any) -> Symbol | None:
    """Return what expressions know of a question whose options are its own; None for a text."""
    name = name_of(question)
    if name in _SIMPLE:
        return Symbol(_SIMPLE[name])  # type: ignore[arg-type]
    options = frozenset(o.value for o in getattr(question, "options", ()))
    points = frozenset(o.value for o in getattr(question, "points", ()))
    rows = frozenset(r.value for r in getattr(question, "rows", ()))
    if name in ("matrix", "allocation"):
        return Symbol("rows", points if name == "matrix" else None, rows)
    if name in ("single", "scale", "multiple", "ranking"):
        other = any(o.other for o in getattr(question, "options", ()))
        shape = "choice" if name in ("single", "scale") else "choices"
        return Symbol(shape, options | points, other=other)  # type: ignore[arg-type]
    return None
