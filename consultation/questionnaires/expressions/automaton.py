"""An automaton that recognises a text in a time proportional to its length.

Glushkov's: one state per character of the pattern, and what may follow each.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

MAX_TEXT = 2000
MAX_STATES = 500
MAX_WORK = 20_000
MAX_MEMORY = 5000

_States = frozenset[int]


class PatternError(ValueError):
    """A pattern that is malformed or uses what is not supported; `offset` counts from 0."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Piece:
    """What a part of a pattern accepts: nothing at all? beginning where? ending where?"""

    empty: bool
    first: _States = frozenset()
    last: _States = frozenset()


@dataclass(slots=True)
class Pattern:
    """A compiled pattern: the test of each state, and the states that may follow it."""

    tests: list[Callable[[str], object]] = field(default_factory=list)
    follow: list[set[int]] = field(default_factory=list)
    whole: Piece = Piece(empty=True)
    memory: dict[tuple[_States, str], _States] = field(default_factory=dict)
    work: int = 0

    def accepts(self, text: str) -> bool:
        """Whether the whole text is described by the pattern; never for more than 2,000 signs."""
        if not text:
            return self.whole.empty
        if len(text) > MAX_TEXT:
            return False
        reached = self._among(self.whole.first, text[0])
        for character in text[1:]:
            if not reached:
                return False
            reached = self._step(reached, character)
        return not reached.isdisjoint(self.whole.last)

    def _among(self, states: _States | set[int], character: str) -> _States:
        return frozenset(state for state in states if self.tests[state](character))

    def _step(self, reached: _States, character: str) -> _States:
        known = self.memory.get((reached, character))
        if known is None:
            following = set[int]().union(*(self.follow[state] for state in reached))
            known = self._among(following, character)
            if len(self.memory) < MAX_MEMORY:
                self.memory[reached, character] = known
        return known

    # Building: each method adds what the new arrangement lets follow.

    def single(self, test: Callable[[str], object]) -> Piece:
        self.tests.append(test)
        self.follow.append(set())
        state = frozenset({len(self.tests) - 1})
        return Piece(False, state, state)

    def sequence(self, left: Piece, right: Piece) -> Piece:
        self.work += 1
        if self.work > MAX_WORK or len(self.tests) > MAX_STATES:
            raise PatternError("ce motif est trop long une fois ses répétitions développées.", 0)
        for state in left.last:
            self.follow[state] |= right.first
        first = left.first | right.first if left.empty else left.first
        last = left.last | right.last if right.empty else right.last
        return Piece(left.empty and right.empty, first, last)

    def either(self, left: Piece, right: Piece) -> Piece:
        return Piece(left.empty or right.empty, left.first | right.first, left.last | right.last)

    def repeated(self, piece: Piece) -> Piece:
        for state in piece.last:
            self.follow[state] |= piece.first
        return piece
