"""Where the pieces of a chart go, in hundredths of its width. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consultation.results.figures import Line, Masked, Measure

MASKED = "hid"
GAP = 0.3
"""Between two pieces, so that neighbours of close colours stay apart."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle: class of its colour, left side and width."""

    css: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Diverging:
    """A line of a scale around its middle; ``against`` and ``for_`` are shares, or masked."""

    pieces: tuple[Piece, ...]
    against: Measure
    for_: Measure


def colours(points: int) -> list[str]:
    """Return the classes of the points of a scale, from one end to the other."""
    by_size = {2: (1, 5), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
    chosen = by_size.get(points) or [1 + round(4 * i / max(points - 1, 1)) for i in range(points)]
    return [f"lk{shade}" for shade in chosen]


def diverging(line: Line) -> Diverging:
    """Lay out the first column of a line of a scale; what is masked is one hatched piece."""
    points = [row for row in line.rows if not row.no_opinion]
    half = len(points) // 2
    shares = [row.shares[0] for row in points]
    against, favour = _sum(shares[:half]), _sum(shares[len(points) - half :])
    widths = _widths(shares)
    middle = widths[half] if len(points) % 2 else 0.0
    x = 50 - (sum(widths[:half]) + middle / 2) / 2
    pieces = []
    for css, share, width in zip(colours(len(points)), shares, widths, strict=True):
        if width:
            name = MASKED if isinstance(share, Masked) else css
            pieces.append(Piece(name, x, max(width / 2 - GAP, 0)))
        x += width / 2
    return Diverging(tuple(pieces), against, favour)


def _widths(shares: Sequence[Measure]) -> list[float]:
    """Return percentages: the masked points share one piece, at the place of the first."""
    known = [100 * share if isinstance(share, float) else 0.0 for share in shares]
    masked = [i for i, share in enumerate(shares) if isinstance(share, Masked)]
    if masked:
        known[masked[0]] = max(100 - sum(known), 0.0)
    return known


def ranks(line: Line) -> tuple[Piece, ...]:
    """Stack the ranks an option was given, the first rank first; masked ones are left out."""
    x, pieces = 0.0, []
    for at, row in enumerate(line.rows):
        share = row.shares[0]
        if isinstance(share, float):
            pieces.append(Piece(shade(at), x, max(100 * share - GAP, 0)))
            x += 100 * share
    return tuple(pieces)


def shade(rank: int) -> str:
    """Return the class of a rank: the first is the darkest."""
    return f"k{max(6 - rank, 2)}"


HEAT = ("h1", "h2", "h3x", "h4x", "h5", "h6")


def heat(share: float, least: float, most: float) -> str:
    """Return the class of one of six blues, from ``least`` to ``most``."""
    span = most - least
    return HEAT[min(int(6 * (share - least) / span), 5)] if span > 0 else HEAT[2]


def _sum(shares: Sequence[Measure]) -> Measure:
    masked = next((share for share in shares if isinstance(share, Masked)), None)
    if masked is not None:
        return masked
    known = [share for share in shares if isinstance(share, float)]
    return sum(known) if known else None
