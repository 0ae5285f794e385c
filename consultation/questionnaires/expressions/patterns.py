"""Regular expressions whose time is bounded whatever the pattern and the text.

The usual syntax without what needs backtracking: characters, `.`, classes, `\\d \\w \\s`, groups,
`|`, `* + ? {m,n}`. A pattern describes the whole text. It becomes an automaton, so no pattern has
to be refused because it might explode.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from consultation.questionnaires.expressions.automaton import Pattern, PatternError, Piece
from consultation.questionnaires.expressions.errors import NBSP

MAX_PATTERN = 300
MAX_GROUPS = 20

_CLASS_ESCAPES = "dDwWsStnr"


_Rule = Callable[[Pattern], Piece]


class _Reader:
    """Reads a pattern from left to right into a rule that builds the automaton.

    A rule can be applied several times: that is how `{m,n}` is developed.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.offset = 0
        self.groups = 0

    def peek(self) -> str:
        return self.source[self.offset : self.offset + 1]

    def refuse(self, reason: str, offset: int | None = None) -> PatternError:
        return PatternError(reason, self.offset if offset is None else offset)

    def alternatives(self) -> _Rule:
        branches = [self.branch()]
        while self.peek() == "|":
            self.offset += 1
            branches.append(self.branch())
        return branches[0] if len(branches) == 1 else _either(branches)

    def branch(self) -> _Rule:
        rules = []
        while self.peek() not in ("", "|", ")"):
            rules.append(self.repetition())
        return _sequence(rules)

    def repetition(self) -> _Rule:
        rule = self.atom()
        bounds = self.bounds()
        if bounds is None:
            return rule
        if self.peek() == "?":  # lazy or greedy is the same thing for the whole text
            self.offset += 1
        if self.peek() and self.peek() in "*+?{":
            raise self.refuse(f"deux répétitions se suivent{NBSP}: mettez la première en groupe.")
        return _repeat(rule, *bounds)

    def bounds(self) -> tuple[int, int | None] | None:
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self.peek() or " ")
        if simple:
            self.offset += 1
            return simple
        if self.peek() != "{":
            return None
        found = re.compile(r"\{([0-9]{1,4})(,([0-9]{1,4})?)?\}").match(self.source, self.offset)
        if not found:
            raise self.refuse("écrivez une répétition comme {5}, {2,} ou {2,4}.")
        least = int(found[1])
        most = (int(found[3]) if found[3] else None) if found[2] else least
        if most is not None and most < least:
            raise self.refuse("le minimum de la répétition dépasse son maximum.")
        self.offset = found.end()
        return least, most

    def atom(self) -> _Rule:
        character = self.peek()
        if character == "(":
            return self.group()
        if character == "[":
            return _single(self.character_class())
        if character == "\\":
            return _single(self.escape())
        if character in "*+?{":
            raise self.refuse("cette répétition ne suit rien.")
        if character in "^$":
            raise self.refuse(f"{character} ne s’écrit qu’au bord du motif, et il y est inutile.")
        self.offset += 1
        return _single("." if character == "." else re.escape(character))

    def group(self) -> _Rule:
        opened = self.offset
        self.groups += 1
        if self.groups > MAX_GROUPS:
            raise self.refuse(f"ce motif a trop de groupes{NBSP}: {MAX_GROUPS} au plus.")
        self.offset += 3 if self.source.startswith("(?:", opened) else 1
        if self.peek() == "?":
            raise self.refuse("ce genre de groupe n’est pas reconnu, seuls (…) et (?:…) le sont.")
        rule = self.alternatives()
        if self.peek() != ")":
            raise self.refuse("cette parenthèse n’est pas fermée.", opened)
        self.offset += 1
        return rule

    def escape(self) -> str:
        follower = self.source[self.offset + 1 : self.offset + 2]
        if not follower:
            raise self.refuse("cette barre oblique inverse ne précède rien.")
        if follower.isalnum() and follower not in _CLASS_ESCAPES:
            raise self.refuse(f"\\{follower} n’est pas reconnu dans un motif.")
        self.offset += 2
        return "\\" + follower if follower.isascii() else follower

    def character_class(self) -> str:
        opened = self.offset
        self.offset += 2 if self.source.startswith("[^", opened) else 1
        pieces = ["[^" if self.offset - opened == 2 else "["]
        if self.peek() == "]":
            pieces.append("\\]")
            self.offset += 1
        while (character := self.peek()) != "]":
            if not character:
                raise self.refuse("ce crochet n’est pas fermé.", opened)
            pieces.append(self.class_character(character))
        self.offset += 1
        return self.checked("".join(pieces) + "]", opened)

    def class_character(self, character: str) -> str:
        if character == "\\":
            return self.escape()
        if character in "-&~|" and self.source.startswith(character * 2, self.offset):
            raise self.refuse(f"{character}{character} n’est pas reconnu entre crochets.")
        self.offset += 1
        return "\\[" if character == "[" else character

    def checked(self, characters: str, opened: int) -> str:
        try:
            re.compile(characters)
        except re.error:
            reason = "ces crochets ne décrivent pas des caractères."
            raise PatternError(reason, opened) from None
        return characters


def _single(characters: str) -> _Rule:
    test = re.compile(characters).match
    return lambda pattern: pattern.single(test)


def _sequence(rules: list[_Rule]) -> _Rule:
    def build(pattern: Pattern) -> Piece:
        piece = Piece(empty=True)
        for rule in rules:
            piece = pattern.sequence(piece, rule(pattern))
        return piece

    return build


def _either(branches: list[_Rule]) -> _Rule:
    def build(pattern: Pattern) -> Piece:
        piece = branches[0](pattern)
        for branch in branches[1:]:
            piece = pattern.either(piece, branch(pattern))
        return piece

    return build


def _repeat(rule: _Rule, least: int, most: int | None) -> _Rule:
    def build(pattern: Pattern) -> Piece:
        piece = Piece(empty=True)
        for _ in range(least):
            piece = pattern.sequence(piece, rule(pattern))
        if most is None:
            again = pattern.repeated(rule(pattern))
            return pattern.sequence(piece, Piece(True, again.first, again.last))
        for _ in range(most - least):
            more = rule(pattern)
            piece = pattern.sequence(piece, Piece(True, more.first, more.last))
        return piece

    return build


@lru_cache(maxsize=256)
def compile_pattern(source: str) -> Pattern:
    """The automaton of a pattern; `^` at its beginning and `$` at its end are accepted.

    Raises `PatternError` when the pattern cannot be read or is beyond the bounds of this module.
    """
    if len(source) > MAX_PATTERN:
        raise PatternError(f"ce motif dépasse {MAX_PATTERN} caractères.", MAX_PATTERN)
    start = 1 if source.startswith("^") else 0
    end = -1 if _ends_with_anchor(source) else len(source)
    reader = _Reader(source[:end])
    reader.offset = start
    rule = reader.alternatives()
    if reader.peek():
        raise reader.refuse("cette parenthèse fermante n’a pas d’ouvrante.")
    pattern = Pattern()
    pattern.whole = rule(pattern)
    return pattern


def _ends_with_anchor(source: str) -> bool:
    without = source[:-1]
    slashes = len(without) - len(without.rstrip("\\"))
    return source.endswith("$") and slashes % 2 == 0
