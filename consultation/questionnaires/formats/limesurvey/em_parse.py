"""Reading an equation of LimeSurvey's Expression Manager."""

from __future__ import annotations

import re
from functools import lru_cache

from consultation.questionnaires.formats.limesurvey.em_tree import (
    DEEPEST,
    LONGEST,
    Applied,
    Em,
    Figure,
    Joined,
    Name,
    Prefixed,
    Quoted,
    Untranslatable,
)

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<name>(?:INSERTANS:|TOKEN:)?(?:
          \d+X\d+X\d+[A-Za-z0-9_]*(?:\#[01])?(?:\.[A-Za-z]+)?
        | [A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*
      ))
    | (?P<number>\d+(?:\.\d+)?|\.\d+)
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<operator>===|!==|==|!=|<=|>=|<>|&&|\|\||[-+*/<>=!(),])
    )""",
    re.VERBOSE | re.DOTALL,
)
_SPELLED = {
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
    "||": "or", "&&": "and", "===": "==", "!==": "!=", "<>": "!=",
}  # fmt: skip
_POWER = {
    "or": 1, "and": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6,
}  # fmt: skip
_WORDS = frozenset(("and", "or", "not", *(w for w in _SPELLED if w.isalpha())))
_PREFIXED = 7


@lru_cache(maxsize=4096)
def parse(source: str) -> Em:
    """Return the tree of an equation.

    Raises:
        Untranslatable: it is empty, too long, too deep, or cannot be read.
    """
    if len(source) > LONGEST:
        raise Untranslatable("elle est trop longue")
    reader = _Reader(_tokens(source))
    found = reader.expression(0, 0)
    if reader.kind == "operator" and reader.text == ",":
        raise Untranslatable("elle contient plusieurs expressions")
    if reader.kind == "operator" and reader.text == "=":
        raise Untranslatable("elle change la valeur d’une variable (=)")
    if reader.kind:
        raise Untranslatable(f"«\u00a0{reader.text[:40]}\u00a0» n’est pas à sa place")
    return found


def _tokens(source: str) -> list[tuple[str, str]]:
    found, offset, end = [], 0, len(source.rstrip())
    while offset < end:
        match = _TOKEN.match(source, offset)
        if match is None:
            sign = source[offset:].lstrip()[:1]
            raise Untranslatable(f"le signe «\u00a0{sign}\u00a0» n’est pas reconnu")
        kind, text = str(match.lastgroup), match[str(match.lastgroup)]
        if kind == "name" and text.lower() in _WORDS:
            kind, text = "operator", text.lower()
        found.append((kind, _SPELLED.get(text, text) if kind == "operator" else text))
        offset = match.end()
    return found


class _Reader:
    """Reads tokens by the strength of their operators."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.place][0] if self.place < len(self.tokens) else ""

    @property
    def text(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def is_operator(self, *texts: str) -> bool:
        return self.kind == "operator" and self.text in texts

    def take(self) -> tuple[str, str]:
        if not self.kind:
            raise Untranslatable("elle s’arrête avant la fin")
        self.place += 1
        return self.tokens[self.place - 1]

    def expression(self, power: int, depth: int) -> Em:
        if depth > DEEPEST:
            raise Untranslatable("elle est trop imbriquée")
        left, height = self.operand(depth), 0
        while self.kind == "operator" and _POWER.get(self.text, 0) > power:
            height += self.text not in ("and", "or")
            if height > DEEPEST * 4:
                raise Untranslatable("elle est trop imbriquée")
            operator = self.take()[1]
            left = Joined(operator, left, self.expression(_POWER[operator], depth + 1))
        return left

    def operand(self, depth: int) -> Em:
        kind, text = self.take()
        if kind == "number":
            return Figure(float(text) if "." in text else int(text[:30]))
        if kind == "text":
            return Quoted(re.sub(r"\\(['\"])", r"\1", text[1:-1]))
        if kind == "name":
            return self.applied(text, depth) if self.is_operator("(") else Name(text)
        if text in ("!", "not"):
            return Prefixed("!", self.expression(_PREFIXED if text == "!" else 2, depth + 1))
        if text in ("-", "+"):
            return Prefixed(text, self.expression(_PREFIXED, depth + 1))
        if text == "(":
            found = self.expression(0, depth + 1)
            self.close()
            return found
        raise Untranslatable(f"«\u00a0{text}\u00a0» n’est pas à sa place")

    def applied(self, function: str, depth: int) -> Em:
        self.take()
        arguments: list[Em] = []
        while not self.is_operator(")"):
            arguments.append(self.expression(0, depth + 1))
            if self.is_operator(","):
                self.take()
            elif not self.is_operator(")"):
                break
        self.close()
        return Applied(function, tuple(arguments))

    def close(self) -> None:
        if not self.is_operator(")"):
            if self.is_operator("="):
                raise Untranslatable("elle change la valeur d’une variable (=)")
            raise Untranslatable("une parenthèse n’est pas fermée")
        self.take()
