"""How a respondent can answer a question: one option, or a rank for each option."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from consultation.results.disclosure.cells import Flags, Whole

Chosen = list[tuple[int, ...]]


def patterns(allowed: Flags, weight: Whole, least: int) -> Iterator[Chosen]:
    """Yield sets of cells that one more respondent would add, the most common answers first.

    One axis: one of the ``allowed`` options. Two axes, options by ranks with « not ranked » last:
    ``least`` ranks or more, each given to one option; only the first way found is yielded.
    """
    if allowed.ndim == 1:
        for option in np.argsort(-weight, kind="stable"):
            if allowed[option]:
                yield [(int(option),)]
        return
    for depth in range(allowed.shape[1] - 1, max(least, 1) - 1, -1):
        ranked = _ranking(allowed, weight, depth)
        if ranked is not None:
            yield ranked
            return


def _ranking(allowed: Flags, weight: Whole, depth: int) -> Chosen | None:
    """Give the ranks up to ``depth`` to options; the other options are not ranked."""
    options = allowed.shape[0]
    forced = {o for o in range(options) if not allowed[o, -1]}
    taken: list[int] = []

    def place(rank: int) -> bool:
        left = forced.difference(taken)
        if rank == depth or len(left) > depth - rank:
            return rank == depth and not left
        choices = left if len(left) == depth - rank else range(options)
        for option in sorted(choices, key=lambda o: -weight[o, rank]):
            if allowed[option, rank] and option not in taken:
                taken.append(option)
                if place(rank + 1):
                    return True
                taken.pop()
        return False

    if not place(0):
        return None
    chosen: Chosen = [(option, rank) for rank, option in enumerate(taken)]
    unranked = allowed.shape[1] - 1
    return chosen + [(o, unranked) for o in range(options) if o not in taken]
