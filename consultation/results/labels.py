"""The words of classes of numbers, in French. Pure."""

from __future__ import annotations

from consultation.questionnaires.kinds.number import write
from consultation.results.bins import Bins
from consultation.results.questions import Choice, Question
from consultation.web.typography import NBSP


def bin_rows(bins: Bins, question: Question) -> list[Choice]:
    """Return the classes as choices: a value for machines, a label for people."""
    return [
        Choice(_value(bins, at, question.whole), _label(bins, at, question))
        for at in range(len(bins))
    ]


def _label(bins: Bins, at: int, question: Question) -> str:
    low, high = bins.edges[at], bins.edges[at + 1]
    first, last = at == 0 and bins.low_open, at == len(bins) - 1
    if first:
        return f"Moins de {_write(high, question)}"
    if last and bins.high_open:
        return f"{_write(low, question)} et plus"
    if not question.whole:
        return f"De {_bare(low)} à {'' if last else 'moins de '}{_write(high, question)}"
    high = high if last and not bins.single else high - 1
    if high <= low:
        return _write(low, question)
    start = str(int(low)) if question.kind == "date" else _bare(low)
    return f"De {start} à {_write(high, question)}"


def _write(number: float, question: Question) -> str:
    if question.kind == "date":
        return str(int(number))
    return f"{_bare(number)}{NBSP}{question.unit}".strip()


def _bare(number: float) -> str:
    return write(number)


def _value(bins: Bins, at: int, whole: bool) -> str:
    """Return an interval as mathematicians write it: ``[10,20[``."""
    low, high = (f"{edge:.10g}" for edge in bins.edges[at : at + 2])
    if whole and bins.edges[at + 1] - bins.edges[at] == 1:
        return low
    start = "]-inf" if at == 0 and bins.low_open else f"[{low}"
    last = at == len(bins) - 1
    end = "+inf[" if last and bins.high_open else f"{high}]" if last else f"{high}["
    return f"{start},{end}"
